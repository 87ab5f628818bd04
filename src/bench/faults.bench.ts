/** Benchmark `faults`: what is lost, doubled and missed while the network fails, and for how long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../e2e/support/browser';
import type { FaultProxy } from '../e2e/support/faultProxy';
import { type ConfigName, isConfigName, isOurs } from './configs';

import { alone, beside, type Figure } from './support/comparisons';
import { runFault, type Trouble } from './support/faultRun';
import { type Figures, harmCount, harmOf } from './support/figures';
import { type PageServer, servePage } from './support/page';
import { progress, publish } from './support/report';
import type { Comparison } from './support/results';
import { spread } from './support/tables';
import { figureNames } from './targets';

const unauthorized = { code: 4401, reason: 'unauthorized' };
const closeUnauthorized = (proxy: FaultProxy) =>
  proxy.closeAll(unauthorized.code, unauthorized.reason);

const troubles: Trouble[] = [
  { name: 'reset once', once: (proxy) => proxy.resetAll() },
  { name: 'refuse', fault: { kind: 'refuse' } },
  { name: 'black hole', fault: { kind: 'black hole' } },
  { name: 'stall', fault: { kind: 'stall' } },
  { name: 'silent up', fault: { kind: 'silent up' } },
  { name: 'silent down', fault: { kind: 'silent down' } },
  { name: 'delay 3 s', fault: { kind: 'delay', delayMs: 3_000 } },
  { name: 'corrupt', fault: { kind: 'corrupt' } },
  { name: 'close 1008 once', once: (proxy) => proxy.closeAll(1008, 'policy') },
  { name: 'close 4401 once', once: closeUnauthorized },
  {
    name: 'close 4401 in a loop',
    once: closeUnauthorized,
    fault: { kind: 'close', ...unauthorized },
  },
  { name: 'reload', fault: { kind: 'refuse' }, reloads: true },
];

const clients = chosenClients() ?? [
  'heartline',
  'react-use-websocket:doc',
  'react-use-websocket:tuned',
  'partysocket:doc',
  'socket.io:doc',
  'socket.io:tuned',
  'centrifuge:doc',
  'centrifuge:tuned',
];

const runs = Number(process.env.BENCH_RUNS ?? 3);
const chosenRows = process.env.BENCH_ROWS?.split(',');
const rows = troubles.filter(({ name }) => chosenRows?.includes(name) ?? true);

function chosenClients(): ConfigName[] | undefined {
  return process.env.BENCH_CLIENTS?.split(',').filter(isConfigName);
}

interface Result {
  fault: string;
  client: ConfigName;
  run: number;
  figures: Figures;
}

/** All harm of a run together, and how long a line that was silent stays so. */
function comparisonsOf(results: readonly Result[]): Comparison[] {
  const harm: Figure = { what: figureNames.harmInFaults, unit: '', better: 'less' };
  // More than one of ours can be asked for: the table has room for the first.
  const ours = clients.filter(isOurs).slice(0, 1);
  const peers = clients.filter((client) => !isOurs(client));
  const harmOfRuns = (client: ConfigName) =>
    Array.from({ length: runs }, (_, index) =>
      results
        .filter((each) => each.client === client && each.run === index + 1)
        .reduce((sum, { figures }) => sum + harmCount(figures), 0),
    );
  const flowing = (client: ConfigName) =>
    results
      .filter((each) => each.client === client && each.fault === 'black hole')
      .map(({ figures: { sendsS, hearsS } }) => Math.max(sendsS, hearsS));
  const byPeer = (figuresOf: (client: ConfigName) => number[]) =>
    Object.fromEntries(peers.map((client) => [client, figuresOf(client)]));
  return ours.flatMap((client) => [
    ...alone(harm, harmOfRuns(client)),
    ...beside(harm, harmOfRuns(client), byPeer(harmOfRuns)),
    ...beside(
      { what: figureNames.flowing, unit: 's', better: 'less' },
      flowing(client),
      byPeer(flowing),
    ),
  ]);
}

describe('a network that fails under a page that writes and reads', () => {
  const results: Result[] = [];
  let pages: PageServer;
  let browserVersion: string | undefined;

  beforeAll(async () => {
    pages = await servePage();
  });
  afterAll(() => pages?.close());

  const cells = rows.flatMap((trouble) =>
    Array.from({ length: runs }, (_, index) => ({ trouble, fault: trouble.name, run: index + 1 })),
  );
  it.each(cells)('$fault, run $run', async ({ trouble, fault, run }) => {
    const { browser } = await startBrowser();
    browserVersion = browser.version();
    // All at once, each with a server and a proxy of its own: a row takes as long as its slowest.
    const finished = await Promise.all(
      clients.map(async (client) => {
        const figures = await runFault({ browser, pages, config: client, trouble, seed: run });
        return { fault, client, run, figures };
      }),
    );
    results.push(...finished);
    const ours = finished.filter(({ client }) => isOurs(client));
    const said = ours.map(({ figures }) => harmOf(figures).join(', ') || 'no harm');
    progress(`faults: ${fault}, run ${run} of ${runs} done; ours: ${said.join('; ')}`);
  });

  it('has done no harm in ours', async () => {
    const table = rows.flatMap(({ name }) =>
      clients.map((client) => {
        const figures = results
          .filter((result) => result.fault === name && result.client === client)
          .map((result) => result.figures);
        const column = (key: keyof Figures, digits = 0) =>
          spread(
            figures.map((each) => each[key]),
            digits,
          );
        return [
          name,
          client,
          column('lost'),
          column('doubled'),
          column('reordered'),
          column('missed'),
          column('doubledBroadcasts'),
          column('noticedS', 2),
          column('sendsS', 2),
          column('hearsS', 2),
          column('told'),
          column('sockets'),
        ];
      }),
    );
    await publish({
      name: 'faults',
      title: 'A network that fails',
      method:
        'A page in headless Chromium writes a numbered message every 100 ms for 20 s, and is told a ' +
        'broadcast every 100 ms; the proxy between page and server fails from 5 s to 12 s (once: at 5 s). ' +
        'Watched until all is there or nothing has come for 15 s, at most 70 s. Clients run side by side, ' +
        'each with its own server and proxy. lost to reordered: of the 200 messages (reload: of those ' +
        'written before it), at the server; missed, doubled broadcasts: of 200, on the page; noticed: from ' +
        'the beginning of the fault until the client says that it is not connected; sends again: from the end ' +
        'of the fault until a message written after it is at the server; hears again: until a broadcast ' +
        'said after it is on the page; told: messages that the client ' +
        'says it could not deliver; sockets: WebSockets made since the beginning of the fault.',
      runs,
      browser: browserVersion,
      columns: [
        'fault',
        'client',
        'lost',
        'doubled',
        'reordered',
        'missed',
        'doubled broadcasts',
        'noticed s',
        'sends again s',
        'hears again s',
        'told',
        'sockets',
      ],
      rows: table,
      comparisons: comparisonsOf(results),
      figures: results,
    });
    const harm = results
      .filter(({ client, figures }) => isOurs(client) && harmOf(figures).length > 0)
      .map(({ fault, run, figures }) => `${fault}, run ${run}: ${harmOf(figures).join(', ')}`);
    expect(harm).toEqual([]);
  });
});
