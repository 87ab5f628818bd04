/** Benchmark `serverSaturated`: how much each server delivers when it is never left idle. */
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

const window = 64;

it('measures deliveries at saturation', async () => {
  const servers = await prepareServers();
  const cells = await measureLoads({
    binary: await buildLoadGenerator(),
    servers,
    mode: 'window',
    settings: { window },
    subscribers: subscribersOr([100, 1_000, 5_000]),
    runs: loadRuns,
  });
  await publish({
    name: 'serverSaturated',
    title: 'Server at saturation',
    method: `The publisher always has ${window} messages without an ack. ${loadMethod}`,
    runs: loadRuns,
    compared: servers.versions,
    columns: loadColumns,
    rows: loadRows(cells),
    comparisons: [
      ...loadComparisons(
        cells,
        (subscribers) => ({
          what: figureNames.deliveries(loads.window, subscribers),
          unit: '',
          better: 'more',
        }),
        ({ deliveriesPerSecond }) => deliveriesPerSecond,
      ),
      ...loadComparisons(
        cells,
        (subscribers) => ({
          what: figureNames.cpu(loads.window, subscribers),
          unit: 's per 1M',
          better: 'less',
        }),
        ({ cpuSPerMillion }) => cpuSPerMillion,
      ),
    ],
    figures: { window, cells },
  });
});
