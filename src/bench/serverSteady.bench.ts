/** Benchmark `serverSteady`: what an ordinary load costs each server. */
import { it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import {
  loadColumns,
  loadComparisons,
  loadMethod,
  loadRows,
  loadRuns,
  measureLoads,
  subscribersOr,
} from './support/loadCells';
import { prepareServers } from './support/measuredServers';
import { publish } from './support/report';
import { figureNames, loads } from './targets';

const messagesPerSecond = 50;

it('measures the cost of a steady flow', async () => {
  const servers = await prepareServers();
  const cells = await measureLoads({
    binary: await buildLoadGenerator(),
    servers,
    mode: 'rate',
    settings: { rate: messagesPerSecond },
    subscribers: subscribersOr([1_000]),
    runs: loadRuns,
  });
  await publish({
    name: 'serverSteady',
    title: 'Server under a steady flow',
    method: `${messagesPerSecond} messages a second. ${loadMethod}`,
    runs: loadRuns,
    compared: servers.versions,
    columns: loadColumns,
    rows: loadRows(cells),
    comparisons: [
      ...loadComparisons(
        cells,
        (subscribers) => ({
          what: figureNames.cpu(loads.rate, subscribers),
          unit: 's per 1M',
          better: 'less',
        }),
        ({ cpuSPerMillion }) => cpuSPerMillion,
      ),
      ...loadComparisons(
        cells,
        (subscribers) => ({
          what: figureNames.deliveryP99(loads.rate, subscribers),
          unit: 'ms',
          better: 'less',
        }),
        ({ deliveryMs }) => deliveryMs?.p99,
      ),
    ],
    figures: { messagesPerSecond, cells },
  });
});
