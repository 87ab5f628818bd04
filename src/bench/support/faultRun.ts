/** One client through one fault: page, proxy and server, from the first message until all is quiet. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Fault } from '../../e2e/support/fault';
import { createFaultProxy, type FaultProxy } from '../../e2e/support/faultProxy';
import { createSeededRandom } from '../../testing/seededRandom';
import type { ConfigName } from '../configs';
import type { PageNotes } from '../page/notebook';
import { broadcastFrom, everyMs } from './broadcasting';
import { type Figures, figuresOf, isComplete, isFlowing } from './figures';
import { openPage } from './openPage';
import type { PageServer } from './page';
import { startBenchServer } from './servers';

export interface Trouble {
  readonly name: string;
  /** What happens at 5 s, once. */
  readonly once?: (proxy: FaultProxy) => void;
  /** What lasts from 5 s to 12 s. */
  readonly fault?: Fault;
  /** The page is reloaded at 9 s. */
  readonly reloads?: boolean;
}

const messageCount = 200;
const faultAfterMs = 5_000;
const reloadAfterMs = 9_000;
const endAfterMs = 12_000;
const sendingMs = messageCount * everyMs;
/** Once all is there: time for a second copy to come. */
const graceMs = 3_000;
/** Nothing has come for so long: what is missing will not come. */
const quietMs = 15_000;
/** When the watch ends for good, after the end of sending. */
const watchMs = 70_000;

export interface FaultRunOptions {
  browser: Browser;
  pages: PageServer;
  config: ConfigName;
  trouble: Trouble;
  seed: number;
}

export async function runFault(options: FaultRunOptions): Promise<Figures> {
  const { browser, pages, config, trouble, seed } = options;
  const server = await startBenchServer(config, pages.origin);
  const proxy = await createFaultProxy(server.port, createSeededRandom(seed));
  const context = await browser.newContext();
  let broadcasting: NodeJS.Timeout | undefined;
  try {
    const page = await context.newPage();
    await openPage(page, pages.urlOf(config, `ws://localhost:${proxy.port}${server.path}`));

    const startedAt = Date.now();
    const untilAfter = (ms: number) => delay(Math.max(0, startedAt + ms - Date.now()));
    await page.evaluate((count) => window.bench.write(0, count), messageCount);
    broadcasting = broadcastFrom(server, startedAt);

    await untilAfter(faultAfterMs);
    const faultAt = Date.now();
    let endAt = faultAt;
    const pastLives: PageNotes[] = [];
    trouble.once?.(proxy);
    if (trouble.fault) {
      proxy.fail(trouble.fault);
      if (trouble.reloads) {
        await untilAfter(reloadAfterMs);
        pastLives.push(await reload(page));
      }
      await untilAfter(endAfterMs);
      endAt = Date.now();
      proxy.fail({ kind: 'none' });
    }

    await untilAfter(sendingMs);
    const countedTo = (pastLives[0]?.written.at(-1)?.n ?? messageCount - 1) + 1;
    const saidAfterEndFrom = Math.ceil((endAt - startedAt) / everyMs);
    const broadcasts = Array.from({ length: messageCount }, (_, k) => `b ${k}`);
    return await settle(startedAt + sendingMs + watchMs, async () => {
      const lives = [...pastLives, await page.evaluate(() => window.bench.notes())];
      const { arrivals } = server;
      return figuresOf({
        lives,
        countedTo,
        arrivals,
        broadcasts,
        saidAfterEndFrom,
        faultAt,
        endAt,
      });
    });
  } finally {
    clearInterval(broadcasting);
    await context.close();
    await proxy.close();
    await server.close();
  }
}

/** Reloads in the middle of writing, and lets the new page write on. Returns the old one's notes. */
async function reload(page: Page): Promise<PageNotes> {
  const notes = await page.evaluate(() => window.bench.stop());
  await page.reload();
  const next = (notes.written.at(-1)?.n ?? 0) + 1;
  await page.evaluate(([from, to]) => window.bench.write(from, to), [next, messageCount] as const);
  return notes;
}

/** Measures until nothing more is to be expected. */
async function settle(endAt: number, measure: () => Promise<Figures>): Promise<Figures> {
  let figures = await measure();
  let changedAt = Date.now();
  while (Date.now() < endAt) {
    const enoughMs = isComplete(figures) ? graceMs : quietMs;
    if (isFlowing(figures) && Date.now() - changedAt >= enoughMs) break;
    await delay(500);
    const next = await measure();
    if (JSON.stringify(next) !== JSON.stringify(figures)) changedAt = Date.now();
    figures = next;
  }
  return figures;
}
