/** Benchmark `serverOneByOne`: how soon a message is acked where each waits for the ack before it. */
import { it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import { beside } from './support/comparisons';
import { diskSyncMs } from './support/diskSync';
import {
  type LoadCell,
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
import type { Comparison } from './support/results';
import { spread } from './support/tables';
import { figureNames, loads, references } from './targets';

it('measures one message at a time', async () => {
  const servers = await prepareServers();
  const syncMs: number[] = [];
  const cells = await measureLoads({
    binary: await buildLoadGenerator(),
    servers,
    mode: 'window',
    settings: { window: 1 },
    subscribers: subscribersOr([100]),
    runs: loadRuns,
    beforeRun: async () => void syncMs.push(await diskSyncMs()),
  });
  await publish({
    name: 'serverOneByOne',
    title: 'Server, one message at a time',
    method:
      `The publisher waits for each ack before the next message. The disk with our log takes ` +
      `${spread(syncMs, 2)} ms to append 4 KiB and fdatasync (p50, measured before each run). ${loadMethod}`,
    runs: loadRuns,
    compared: servers.versions,
    columns: loadColumns,
    rows: loadRows(cells),
    comparisons: [
      ...durableComparisons(cells, syncMs),
      ...loadComparisons(cells, ackFigure, ({ ackMs }) => ackMs?.p50),
    ],
    figures: { syncMs, cells },
  });
});

const ackFigure = (subscribers: number) =>
  ({ what: figureNames.ack(loads.single, subscribers), unit: 'ms', better: 'less' }) as const;

/** Beside what `ws` would take, did it sync each message to disk before its ack. */
function durableComparisons(cells: readonly LoadCell[], syncMs: readonly number[]): Comparison[] {
  return loadComparisons(cells, ackFigure, ({ ackMs }) => ackMs?.p50)
    .filter(({ peer }) => peer?.name === 'ws')
    .flatMap(({ what, unit, better, ours, peer }) => {
      const durable = peer?.figures.map((ms, run) => ms + (syncMs[run] ?? Number.NaN)) ?? [];
      return beside({ what, unit, better }, ours, { [references.durableWs]: durable });
    });
}
