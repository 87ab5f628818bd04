/** Benchmark `hidden`: a page behind another tab, whose timers the browser lets fire once a minute. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFaultProxy } from '../e2e/support/faultProxy';
import { startTabBrowser } from '../e2e/support/tabBrowser';
import { type ConfigName, isConfigName, isOurs } from './configs';
import { broadcastFrom } from './support/broadcasting';
import { alone, beside } from './support/comparisons';
import { type PageServer, servePage } from './support/page';
import { progress, publish } from './support/report';
import type { Comparison } from './support/results';
import { startBenchServer } from './support/servers';
import { spread } from './support/tables';
import { atTab } from './support/tabPage';
import { figureNames, references } from './targets';

/** How long nothing happens to the hidden page, before the line is cut in two ways. */
const calmS = Number(process.env.BENCH_SECONDS ?? 200);
const runs = Number(process.env.BENCH_RUNS ?? 1);
const healMs = 30_000;
/** Ours has to notice within interval and timeout, 25 s and 10 s unless the server says otherwise. */
const boundS = 35;
const blackHoleMs = 45_000;
const connectMs = 30_000;
/** A timer of one second that was this late shows that the page is throttled as meant. */
const throttledMs = 30_000;

const clients = process.env.BENCH_CLIENTS?.split(',').filter(isConfigName) ?? [
  'heartline',
  'react-use-websocket:doc',
  'react-use-websocket:tuned',
  'partysocket:doc',
  'socket.io:doc',
  'centrifuge:doc',
];
const rooms = ['quiet', 'busy'] as const;

interface Result {
  client: ConfigName;
  room: (typeof rooms)[number];
  timerGapS: number;
  needlessCloses: number;
  healedAfterResetS: number;
  noticedS: number;
  healedAfterHoleS: number;
}

/** Of one of the rooms. */
function comparisonsOf(room: Result['room'], results: readonly Result[]): Comparison[] {
  const column = (key: 'needlessCloses' | 'noticedS') => (of: ConfigName) =>
    results.filter((each) => each.client === of && each.room === room).map((each) => each[key]);
  const byPeer = (figuresOf: (client: ConfigName) => number[]) =>
    Object.fromEntries(
      clients.filter((each) => !isOurs(each)).map((peer) => [peer, figuresOf(peer)]),
    );
  const [closes, noticed] = [column('needlessCloses'), column('noticedS')];
  const needless = { what: figureNames.needlessCloses(room), unit: '', better: 'less' } as const;
  // More than one of ours can be asked for: the table has room for the first.
  return clients
    .filter(isOurs)
    .slice(0, 1)
    .flatMap((ours) => [
      ...alone(needless, closes(ours)),
      ...beside(needless, closes(ours), byPeer(closes)),
      ...beside(
        { what: figureNames.noticedHidden(room), unit: 's', better: 'less' },
        noticed(ours),
        { [references.bound]: noticed(ours).map(() => boundS), ...byPeer(noticed) },
      ),
    ]);
}

let pages: PageServer;
beforeAll(async () => {
  pages = await servePage();
});
afterAll(() => pages?.close());

it('measures what becomes of a line whose page is hidden', async () => {
  const results: Result[] = [];
  let version: string | undefined;
  for (let run = 1; run <= runs; run += 1) {
    progress(`hidden: run ${run} of ${runs}`);
    const measured = await runHidden();
    version = measured.version;
    results.push(...measured.results);
  }
  const rows = rooms.flatMap((room) => clients.map((client) => ({ room, client })));
  await publish({
    name: 'hidden',
    title: 'A hidden page',
    method:
      `Pages behind another tab; after 10 s hidden (5 min, if the browser were not told) their timers fire ` +
      `once a minute. For ${calmS} s nothing happens, in a busy room but for 10 broadcasts a second: each ` +
      `close is needless. Then the line is reset once; then it is a black hole for ${blackHoleMs / 1_000} s. ` +
      'healed: from the reset, or from the end of the black hole, until the client says that it is ' +
      `connected; never: not within ${healMs / 1_000} s. timer gap: of a timer of one second on the page.`,
    runs,
    browser: version,
    columns: [
      'room',
      'client',
      'timer gap s',
      'needless closes',
      'healed after reset s',
      'noticed black hole s',
      'healed after black hole s',
    ],
    rows: rows.map(({ room, client }) => {
      const own = results.filter((each) => each.room === room && each.client === client);
      const column = (key: Exclude<keyof Result, 'client' | 'room'>, digits: number) =>
        spread(
          own.map((each) => each[key]),
          digits,
        );
      return [
        room,
        client,
        column('timerGapS', 0),
        column('needlessCloses', 0),
        column('healedAfterResetS', 2),
        column('noticedS', 2),
        column('healedAfterHoleS', 2),
      ];
    }),
    comparisons: rooms.flatMap((room) => comparisonsOf(room, results)),
    figures: { calmS, results },
  });
  const needless = results.filter(
    ({ client, needlessCloses }) => isOurs(client) && needlessCloses > 0,
  );
  expect(needless).toEqual([]);
});

async function runHidden(): Promise<{ version: string; results: Result[] }> {
  const browser = await startTabBrowser();
  const broadcasting: NodeJS.Timeout[] = [];
  const started = [];
  for (const room of rooms) {
    for (const client of clients) {
      const server = await startBenchServer(client, pages.origin);
      const proxy = await createFaultProxy(server.port, Math.random);
      const url = pages.urlOf(client, `ws://localhost:${proxy.port}${server.path}`);
      const page = atTab(await browser.open(url, 'same window'));
      if ((await page.until(true, Date.now(), connectMs)) === undefined) {
        throw new Error(`${client} does not connect`);
      }
      if (room === 'busy') broadcasting.push(broadcastFrom(server, Date.now()));
      started.push({ room, client, server, proxy, page });
    }
  }
  await browser.open('about:blank', 'same window');
  const hiddenAt = Date.now();
  await delay(calmS * 1_000);

  const results = await Promise.all(
    started.map(async ({ room, client, server, proxy, page }) => {
      const calm = await page.notes();
      const resetAt = Date.now();
      proxy.resetAll();
      const lostAt = await page.until(false, resetAt, healMs);
      const healedAt = lostAt === undefined ? undefined : await page.until(true, lostAt, healMs);
      await delay(Math.max(0, resetAt + healMs - Date.now()));

      const holeAt = Date.now();
      proxy.fail({ kind: 'black hole' });
      await delay(blackHoleMs);
      proxy.fail({ kind: 'none' });
      const endAt = Date.now();
      const noticed = await page.until(false, holeAt, blackHoleMs);
      // Who has not noticed counts as connected, and has healed nothing.
      const backAt = noticed === undefined ? undefined : await page.until(true, endAt, healMs);

      const visibility = await page.visibility();
      if (visibility !== 'hidden') throw new Error(`the page of ${client} is ${visibility}`);
      await proxy.close();
      await server.close();
      const since = (at: number | undefined, from: number) =>
        at === undefined ? Number.POSITIVE_INFINITY : (at - from) / 1_000;
      return {
        room,
        client,
        timerGapS: longestGapMs([hiddenAt, ...calm.ticksAt.filter((at) => at > hiddenAt)]) / 1_000,
        needlessCloses: calm.changes.filter(({ at, isUp }) => at >= hiddenAt && !isUp).length,
        healedAfterResetS: since(healedAt, resetAt),
        noticedS: since(noticed, holeAt),
        healedAfterHoleS: since(backAt, endAt),
      };
    }),
  );
  for (const timer of broadcasting) clearInterval(timer);
  const awake = results.filter(({ timerGapS }) => timerGapS * 1_000 < throttledMs);
  if (awake.length > 0) throw new Error(`not throttled: ${JSON.stringify(awake)}`);
  return { version: browser.version, results };
}

function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
}
