/** Benchmark `giveUp`: how a client tries through a long outage, and how soon it is back after it. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, it } from 'vitest';
import { createFaultProxy } from '../e2e/support/faultProxy';
import { startTabBrowser, type TabBrowser } from '../e2e/support/tabBrowser';
import { type ConfigName, isOurs } from './configs';
import { beside } from './support/comparisons';
import { type PageServer, servePage } from './support/page';
import { progress, publish } from './support/report';
import type { Comparison } from './support/results';
import { startBenchServer } from './support/servers';
import { spread } from './support/tables';
import { atTab } from './support/tabPage';
import { figureNames } from './targets';

const outageS = Number(process.env.BENCH_SECONDS ?? 600);
const runs = Number(process.env.BENCH_RUNS ?? 1);
/** Who is not back by then, after the end, does not come back. */
const limitMs = 60_000;
const connectMs = 30_000;

interface Subject {
  client: ConfigName;
  /** Hidden until the outage is over. */
  isHidden: boolean;
}

const subjects: Subject[] = [
  { client: 'heartline', isHidden: false },
  { client: 'heartline', isHidden: true },
  { client: 'react-use-websocket:readme', isHidden: false },
  { client: 'react-use-websocket:default', isHidden: false },
  { client: 'partysocket:doc', isHidden: false },
  { client: 'socket.io:doc', isHidden: false },
  { client: 'centrifuge:doc', isHidden: false },
];

interface Result {
  tries: number;
  /** Connections that the port was asked for: tries, and whatever else the client looks with. */
  connections: number;
  largestGapS: number;
  /** From the outage's end, which for a hidden page is when it is shown. */
  backS: number;
}

let pages: PageServer;
beforeAll(async () => {
  pages = await servePage();
});
afterAll(() => pages?.close());

it('measures tries in an outage and the return after it', async () => {
  const results: { subject: Subject; result: Result }[] = [];
  let browser: TabBrowser | undefined;
  for (let run = 1; run <= runs; run += 1) {
    browser = await startTabBrowser();
    progress(`giveUp: run ${run} of ${runs}, ${outageS} s`);
    results.push(...(await runOutage(browser)));
  }
  await publish({
    name: 'giveUp',
    title: 'A long outage',
    method:
      `For ${outageS} s the port takes connections and resets them. Pages in windows of their own, side by ` +
      'side, each with its own server and proxy; a hidden one stands behind another tab and is shown when ' +
      'the outage ends. tries: WebSockets made; connections: what the port was asked for in all; back: ' +
      'from the end of the outage until the client says that it is connected; never: not within ' +
      `${limitMs / 1_000} s.`,
    runs,
    browser: browser?.version,
    columns: ['client', 'page', 'tries', 'connections', 'largest gap s', 'back s'],
    rows: subjects.map((subject) => {
      const own = results.filter((each) => each.subject === subject).map(({ result }) => result);
      return [
        subject.client,
        visibilityOf(subject),
        spread(own.map(({ tries }) => tries)),
        spread(own.map(({ connections }) => connections)),
        spread(
          own.map(({ largestGapS }) => largestGapS),
          1,
        ),
        spread(
          own.map(({ backS }) => backS),
          2,
        ),
      ];
    }),
    comparisons: comparisonsOf(results),
    figures: { outageS, results },
  });
});

const visibilityOf = ({ isHidden }: Subject) => (isHidden ? 'hidden' : 'visible');

/** How soon ours is back, visible or hidden, beside the peers, which are visible. */
function comparisonsOf(results: readonly { subject: Subject; result: Result }[]): Comparison[] {
  const backOf = (of: Subject) =>
    results.filter(({ subject }) => subject === of).map(({ result }) => result.backS);
  const peers = subjects.filter(({ client }) => !isOurs(client));
  return subjects
    .filter(({ client }) => isOurs(client))
    .flatMap((ours) =>
      beside(
        { what: figureNames.backAfterOutage(visibilityOf(ours)), unit: 's', better: 'less' },
        backOf(ours),
        Object.fromEntries(peers.map((peer) => [peer.client, backOf(peer)])),
      ),
    );
}

async function runOutage(browser: TabBrowser): Promise<{ subject: Subject; result: Result }[]> {
  const started = [];
  for (const subject of subjects) {
    const server = await startBenchServer(subject.client, pages.origin);
    const proxy = await createFaultProxy(server.port, Math.random);
    const url = pages.urlOf(subject.client, `ws://localhost:${proxy.port}${server.path}`);
    const page = atTab(await browser.open(url, 'new window'));
    if ((await page.until(true, Date.now(), connectMs)) === undefined) {
      throw new Error(`${subject.client} does not connect`);
    }
    const front = subject.isHidden ? await browser.open('about:blank', 'same window') : undefined;
    const visibility = await page.visibility();
    if (visibility !== (subject.isHidden ? 'hidden' : 'visible')) {
      throw new Error(`the page of ${subject.client} is ${visibility}`);
    }
    started.push({ subject, server, proxy, page, front });
  }

  const startedAt = Date.now();
  const before = started.map(({ proxy }) => proxy.connections);
  for (const { proxy } of started) proxy.fail({ kind: 'reset' });
  await delay(outageS * 1_000);
  return Promise.all(
    started.map(async ({ subject, server, proxy, page, front }, index) => {
      const connections = proxy.connections - (before[index] ?? 0);
      const { socketsAt } = await page.notes();
      proxy.fail({ kind: 'none' });
      const endAt = Date.now();
      await front?.close();
      const backAt = await page.until(true, endAt, limitMs);
      const triesAt = socketsAt.filter((at) => at >= startedAt);
      const gaps = triesAt.map((at, each) => at - (triesAt[each - 1] ?? startedAt));
      await page.tab.close();
      await proxy.close();
      await server.close();
      const result = {
        tries: triesAt.length,
        connections,
        largestGapS: Math.max(0, ...gaps) / 1_000,
        backS: backAt === undefined ? Number.POSITIVE_INFINITY : (backAt - endAt) / 1_000,
      };
      return { subject, result };
    }),
  );
}
