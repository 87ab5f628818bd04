/** Benchmark `serverOneByOne`: how soon a message is acked where each waits for the ack before it. */
import { it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import { diskSyncMs } from './support/diskSync';
import {
  loadColumns,
  loadMethod,
  loadRows,
  loadRuns,
  measureLoads,
  subscribersOr,
} from './support/loadCells';
import { prepareServers } from './support/measuredServers';
import { publish, spread } from './support/report';

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
    figures: { syncMs, cells },
  });
});
