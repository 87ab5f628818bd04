/** Benchmark `notice`: how long an idle page takes to notice that its line has gone silent. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { startBrowser } from '../e2e/support/browser';
import { createFaultProxy } from '../e2e/support/faultProxy';
import { type ConfigName, isConfigName, isOurs } from './configs';
import { beside } from './support/comparisons';
import { openPage } from './support/openPage';
import { type PageServer, servePage } from './support/page';
import { progress, publish } from './support/report';
import { startBenchServer } from './support/servers';
import { spread } from './support/tables';
import { figureNames, references } from './targets';

/** What every client is told: ask after so long, and wait so long for the answer. */
const intervalMs = 5_000;
const timeoutMs = 2_000;
const boundMs = intervalMs + timeoutMs;
/** Who has not noticed by then does not. */
const limitMs = 90_000;

const runs = Number(process.env.BENCH_RUNS ?? 10);
const clients = process.env.BENCH_CLIENTS?.split(',').filter(isConfigName) ?? [
  'heartline:fast',
  'react-use-websocket:fast',
  'partysocket:doc',
  'socket.io:fast',
  'centrifuge:fast',
];

let pages: PageServer;
beforeAll(async () => {
  pages = await servePage();
});
afterAll(() => pages?.close());

it('measures how long a dead line passes for a living one', async () => {
  const { browser } = await startBrowser();
  const results = await Promise.all(
    clients.map(async (client) => {
      const noticedMs: number[] = [];
      for (let run = 1; run <= runs; run += 1) {
        // At another point of the interval each time.
        const idleMs = intervalMs * (1 + run / runs);
        const noticed = await noticeMs(browser, client, idleMs);
        noticedMs.push(noticed);
        progress(`notice: ${client}, run ${run} of ${runs}: ${noticed} ms`);
        if (noticed === Number.POSITIVE_INFINITY) break;
      }
      return { client, noticedMs };
    }),
  );
  await publish({
    name: 'notice',
    title: 'Noticing a black hole',
    method:
      `An idle page in headless Chromium; from a moment that differs from run to run, bytes vanish both ` +
      `ways and nobody is told. Every client asks after ${intervalMs / 1_000} s and waits ${timeoutMs / 1_000} s ` +
      `for the answer, where it can be told so; the bound is the sum. noticed: until the client says that ` +
      `it is not connected; never: not within ${limitMs / 1_000} s, and tried once.`,
    runs,
    browser: browser.version(),
    columns: ['client', 'noticed s', 'longest to the bound'],
    rows: results.map(({ client, noticedMs }) => [
      client,
      spread(
        noticedMs.map((ms) => ms / 1_000),
        2,
      ),
      spread([Math.max(...noticedMs) / boundMs], 2),
    ]),
    comparisons: comparisonsOf(results),
    figures: { boundMs, results },
  });
});

/** Ours beside the bound, and beside those of the peers. */
function comparisonsOf(results: readonly { client: ConfigName; noticedMs: number[] }[]) {
  const ours = results.find(({ client }) => client === 'heartline:fast')?.noticedMs ?? [];
  const peers = results.filter(({ client }) => !isOurs(client));
  return beside({ what: figureNames.noticed, unit: 'ms', better: 'less' }, ours, {
    [references.bound]: ours.map(() => boundMs),
    ...Object.fromEntries(peers.map(({ client, noticedMs }) => [client, noticedMs])),
  });
}

async function noticeMs(browser: Browser, client: ConfigName, idleMs: number): Promise<number> {
  const server = await startBenchServer(client, pages.origin);
  const proxy = await createFaultProxy(server.port, Math.random);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await openPage(page, pages.urlOf(client, `ws://localhost:${proxy.port}${server.path}`));
    await delay(idleMs);
    const failedAt = Date.now();
    proxy.fail({ kind: 'black hole' });
    const downAt = await page
      .waitForFunction(
        (since) => window.bench.notes().changes.find(({ at, isUp }) => at >= since && !isUp)?.at,
        failedAt,
        { timeout: limitMs },
      )
      .then((found) => found.jsonValue())
      .catch(() => undefined);
    return downAt === undefined ? Number.POSITIVE_INFINITY : downAt - failedAt;
  } finally {
    await context.close();
    await proxy.close();
    await server.close();
  }
}
