/**
 * Benchmark `opening`: how long a room takes to be there when it is opened, however much was said in it, and
 * whether what is read stays where it is when older messages come in above.
 */
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startBrowser } from '../e2e/support/browser';
import { fillRoom } from '../e2e/support/fillRoom';
import { type ServerProcess, startServer } from '../e2e/support/serverProcess';
import { alone, beside } from './support/comparisons';
import { progress, publish } from './support/report';
import { spread } from './support/tables';
import { figureNames } from './targets';

const runs = Number(process.env.BENCH_RUNS ?? 9);
const sizes = [100, 100_000];
const prepends = 20;

/** Texts of one line and of several. */
const bodyOf = (place: number) =>
  place % 7 === 0 ? `number ${place}\n${'and on it goes '.repeat(place % 40)}` : `number ${place}`;

const roomOf = (size: number) => `room-${size}`;

const urlOf = (server: ServerProcess, size: number) =>
  `${server.url}?${new URLSearchParams({ lang: 'en', name: 'Ann', room: roomOf(size) })}`;

it('opens rooms', async () => {
  const server = await startServer();
  for (const size of sizes) await fillRoom(server, { room: roomOf(size), count: size, bodyOf });
  const { browser } = await startBrowser();
  const openings = new Map<number, number[]>(sizes.map((size) => [size, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const size of sizes) {
      const openingMs = await open(browser, urlOf(server, size), size);
      openings.get(size)?.push(openingMs);
      progress(`${size} messages, run ${run} of ${runs}: ${openingMs.toFixed(0)} ms`);
    }
  }
  const moves = await readUp(browser, urlOf(server, Math.max(...sizes)));
  await browser.close();
  const figures = sizes.map((size) => ({ size, openingsMs: openings.get(size) ?? [] }));
  const [least] = figures;
  await publish({
    name: 'opening',
    title: 'A room is opened',
    method:
      'A new browser context each time: from the navigation to after the frame that has the latest message, ' +
      `against the server on disk. Then the large room is read upwards, page by page, ${prepends} times: how far ` +
      'a row that is read moves by itself, in CSS px, from one frame to the next.',
    runs,
    browser: browser.version(),
    compared: [],
    columns: ['messages', 'painted after ms', 'to the smallest', 'moved px'],
    rows: figures.map(({ size, openingsMs }) => [
      String(size),
      spread(openingsMs),
      spread(
        openingsMs.map((ms, run) => ms / (least?.openingsMs[run] ?? Number.NaN)),
        2,
      ),
      size === Math.max(...sizes) ? spread(moves, 1) : '',
    ]),
    comparisons: [
      ...figures
        .filter((each) => each !== least)
        .flatMap(({ size, openingsMs }) =>
          beside(
            { what: figureNames.opened(size), unit: 'ms', better: 'less' },
            openingsMs,
            least ? { [figureNames.roomOf(least.size)]: least.openingsMs } : {},
          ),
        ),
      ...alone({ what: figureNames.moved, unit: 'px', better: 'less' }, moves),
    ],
    figures: { openings: figures, moves },
  });
  expect(moves).toHaveLength(prepends);
});

/** Until the latest of `size` messages is painted, in ms from the navigation. */
async function open(browser: Browser, url: string, size: number): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1_000, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript((seq) => {
    addEventListener('DOMContentLoaded', () => {
      const watch = new MutationObserver(() => {
        if (!document.querySelector(`[data-seq="${seq}"]`)) return;
        watch.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            document.documentElement.dataset.paintedMs = String(performance.now());
          };
          port2.postMessage(undefined);
        });
      });
      const everything = { childList: true, subtree: true, attributeFilter: ['data-seq'] };
      watch.observe(document.documentElement, everything);
    });
  }, size);
  await page.goto(url);
  const painted = await page.waitForSelector('html[data-painted-ms]', { state: 'attached' });
  const ms = Number(await painted.getAttribute('data-painted-ms'));
  await context.close();
  return ms;
}

/** How far rows that are read move when older ones come in: the most of each time, in CSS px. */
async function readUp(browser: Browser, url: string): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1_000, height: 800 } });
  await page.goto(url);
  await page.locator(`[data-seq="${Math.max(...sizes)}"]`).waitFor();
  await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(atEndPx);
  const moves: number[] = [];
  for (let time = 1; time <= prepends; time += 1) {
    moves.push(await goUp(page));
    progress(`older messages, time ${time} of ${prepends}: moved ${moves.at(-1)} px`);
  }
  return moves;
}

/** What counts as the end, in CSS px. */
const atEndPx = 1.5;

const fromEnd = (page: Page) =>
  page
    .getByRole('log')
    .evaluate(
      ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
    );

/** How long nothing may have happened before a page counts as not coming, in frames. */
const patienceFrames = 1_800;

/** So many frames are looked at in all, once older messages are there. */
const leastFrames = 120;

/**
 * Goes near the upper end, by the scrollbar as it were, and watches a row that can be read there until the older
 * messages are above it: how far it stood from its place at most.
 */
function goUp(page: Page): Promise<number> {
  return page.getByRole('log').evaluate(
    (list, { patienceFrames, leastFrames }) =>
      new Promise<number>((resolve, reject) => {
        const rows = () => [...list.querySelectorAll('[data-seq]')];
        list.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
        list.scrollTop = 300;
        let anchor: Element | undefined;
        let startTop = 0;
        let most = 0;
        let frames = 0;
        const look = () => {
          frames += 1;
          const edge = list.getBoundingClientRect().top;
          if (!anchor && frames > 3) {
            anchor = rows().find((row) => row.getBoundingClientRect().top >= edge + 20);
            startTop = anchor?.getBoundingClientRect().top ?? 0;
          }
          if (anchor)
            most = Math.max(most, Math.abs(anchor.getBoundingClientRect().top - startTop));
          const hasGrownAbove = anchor && list.scrollTop > 2_000;
          if (hasGrownAbove && frames > leastFrames) return resolve(most);
          if (frames > patienceFrames) return reject(new Error('no older messages came'));
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    { patienceFrames, leastFrames },
  );
}
