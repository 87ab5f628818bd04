/** Benchmark `timeline`: how smoothly a full room is drawn while messages pour in. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { startBrowser } from '../e2e/support/browser';
import { alone, beside } from './support/comparisons';
import { type MessageFeed, startFeed } from './support/messageFeed';
import { buildAndServe, serveFolder } from './support/page';
import {
  installPaintWatch,
  lastRow,
  type Painted,
  startWatching,
  stopWatching,
} from './support/paintWatch';
import { progress, publish, withVersion } from './support/report';
import type { Comparison } from './support/results';
import { spread } from './support/tables';
import { newWholePage } from './support/wholePage';
import {
  figureNames,
  isAskedOf,
  mostWithoutVirtualList,
  timelinePeers,
  timelineRates,
  timelineSizes,
} from './targets';

const runs = Number(process.env.BENCH_RUNS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const rates = numbersOr(process.env.BENCH_RATES, timelineRates);
const sizes = numbersOr(process.env.BENCH_SIZES, timelineSizes);
const lists = process.env.BENCH_LISTS?.split(',') ?? ['heartline', ...timelinePeers];

/** How long a list may go on painting after the last message, in ms. */
const catchUpLimitMs = 30_000;

/** How long messages come before it counts, in s: what is compiled and loaded once is there by then. */
const warmUpSeconds = 2;

interface Run extends Painted {
  /** Messages whose row never came. */
  lost: number;
  heapMib: number;
  heapGrowthMib: number;
}

interface Cell {
  list: string;
  size: number;
  rate: number;
  runs: Run[];
}

it('measures a room under load', async () => {
  const peers = await buildAndServe(new URL('lists', import.meta.url));
  onTestFinished(peers.close);
  const ours = await serveFolder(fileURLToPath(new URL('../../dist', import.meta.url)));
  onTestFinished(ours.close);
  const cells: Cell[] = [];
  let version = '';
  for (const size of sizes) {
    for (const rate of rates) {
      const row = lists
        .filter((list) => isAskedOf(list, size, rate))
        .map((list): Cell => ({ list, size, rate, runs: [] }));
      for (let run = 1; run <= runs; run += 1) {
        for (const cell of row) {
          const feed = await startFeed(size, 'all');
          const { browser } = await startBrowser();
          version = browser.version();
          const page = await newWholePage(browser, { width: 1_000, height: 800 });
          const url =
            cell.list === 'heartline'
              ? `${ours.origin}/?${new URLSearchParams({ lang: 'en', name: 'Reader', server: feed.url })}`
              : `${peers.origin}/?${new URLSearchParams({ list: cell.list, server: feed.url })}`;
          const measured = await measure(page, url, feed, rate);
          await browser.close();
          await feed.close();
          cell.runs.push(measured);
          progress(
            `${size} messages, ${rate}/s, run ${run} of ${runs}: ${cell.list}: frame p95 ${at(measured.frames, 0.95).toFixed(1)} ms, lost ${measured.lost}`,
          );
        }
      }
      cells.push(...row);
    }
  }
  await publish({
    name: 'timeline',
    title: 'A room under load',
    method:
      `The room is read whole first, then come ${warmUpSeconds} s to warm up and ${seconds} s of new messages (5 to 300 characters, English and Chinese) ` +
      'over a real WebSocket, 16 ms of them in one message, while somebody types four keys a second. ' +
      'Ours is the whole built page; of the others only the list is drawn, with one row component for all and ' +
      'a store that is set once a frame. Sent from the same machine, drawn without a GPU, 1000 x 800. latency: ' +
      'from the arrival of a message to after the frame that has its row; for ever, where more than a twentieth never had one. keys: event to next paint. Heap after a ' +
      'forced collection. Lists without windowing are asked for at most ' +
      `${mostWithoutVirtualList.size} messages and ${mostWithoutVirtualList.rate} a second.`,
    runs,
    browser: version,
    compared: await Promise.all(
      ['react', 'virtua', 'react-virtuoso', '@chatscope/chat-ui-kit-react'].map(withVersion),
    ),
    columns: [
      'messages',
      'per s',
      'list',
      'frame p50 ms',
      'p95',
      'p99',
      'long tasks',
      'latency p50 ms',
      'p95',
      'keys p98 ms',
      'lost',
      'heap MiB',
      'growth MiB',
    ],
    rows: cells.map(({ list, size, rate, runs: measured }) => {
      const each = (value: (run: Run) => number, digits = 1) => spread(measured.map(value), digits);
      return [
        String(size),
        String(rate),
        list,
        each(({ frames }) => at(frames, 0.5)),
        each(({ frames }) => at(frames, 0.95)),
        each(({ frames }) => at(frames, 0.99)),
        each(({ longTasks }) => longTasks.length, 0),
        each(({ latencies }) => at(latencies, 0.5), 0),
        each(({ latencies }) => at(latencies, 0.95), 0),
        each(({ keys }) => at(keys, 0.98), 0),
        each(({ lost }) => lost, 0),
        each(({ heapMib }) => heapMib),
        each(({ heapGrowthMib }) => heapGrowthMib),
      ];
    }),
    comparisons: cells
      .filter(({ list }) => list === 'heartline')
      .flatMap((cell) => comparisonsOf(cell, cells)),
    figures: cells.map(({ runs: measured, ...cell }) => ({
      ...cell,
      runs: measured.map(({ frames, latencies, keys, ...run }) => ({
        ...run,
        frames: [0.5, 0.95, 0.99, 1].map((part) => at(frames, part)),
        latencies: [0.5, 0.95, 0.99, 1].map((part) => at(latencies, part)),
        keys: [0.5, 0.98, 1].map((part) => at(keys, part)),
      })),
    })),
  });
  // What is asked of ours above all: whatever the pace, nothing is left out.
  const ourRuns = cells.filter(({ list }) => list === 'heartline').flatMap((cell) => cell.runs);
  expect(ourRuns.map(({ lost }) => lost)).toEqual(ourRuns.map(() => 0));
});

/** Of ours in a room of some size at some rate, beside the lists that were drawn there. */
function comparisonsOf(ours: Cell, all: readonly Cell[]): Comparison[] {
  const { size, rate } = ours;
  const peers = all.filter(
    (cell) => cell.size === size && cell.rate === rate && cell.list !== ours.list,
  );
  const each = (value: (run: Run) => number) => ours.runs.map(value);
  const toPeers = (value: (run: Run) => number) =>
    Object.fromEntries(peers.map(({ list, runs: measured }) => [list, measured.map(value)]));
  const ms = { unit: 'ms', better: 'less' } as const;
  const frame = { what: figureNames.frame(size, rate), ...ms };
  const latency = { what: figureNames.latency(size, rate), ...ms };
  const key = { what: figureNames.key(size, rate), ...ms };
  const unpainted = { what: figureNames.unpainted(size, rate), unit: '', better: 'less' } as const;
  const heap = { what: figureNames.heap(size, rate), unit: 'bytes', better: 'less' } as const;
  // The clock of frames has steps of 0.1 ms: of two that are alike one may seem longer by that.
  const frameMs = ({ frames }: Run) => Math.round(at(frames, 0.95));
  // What was never painted took for ever.
  const latencyMs = ({ latencies, lost }: Run) =>
    latencies.length === 0 || lost > 0.05 * rate * seconds
      ? Number.POSITIVE_INFINITY
      : at(latencies, 0.95);
  const keyMs = ({ keys }: Run) => at(keys, 0.98);
  const heapBytes = ({ heapGrowthMib }: Run) => (heapGrowthMib * 2 ** 20) / (rate * seconds);
  return [
    ...alone(frame, each(frameMs)),
    ...beside(frame, each(frameMs), toPeers(frameMs)),
    ...beside(latency, each(latencyMs), toPeers(latencyMs)),
    ...alone(key, each(keyMs)),
    ...beside(key, each(keyMs), toPeers(keyMs)),
    ...alone(
      unpainted,
      each(({ lost }) => lost),
    ),
    // Of what may shrink as well there is no ratio.
    ...alone(heap, each(heapBytes)),
  ];
}

async function measure(page: Page, url: string, feed: MessageFeed, rate: number): Promise<Run> {
  await installPaintWatch(page);
  await page.goto(url);
  const until = (seq: number, timeout: number) =>
    expect.poll(() => lastRow(page), { timeout, interval: 100 }).toBeGreaterThanOrEqual(seq);
  await until(feed.head, 180_000);
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.focus();
  await feed.flow(rate, warmUpSeconds);
  await until(feed.head, catchUpLimitMs).catch(() => {});
  const heapBefore = await heapMib(page);
  const before = feed.head;
  await startWatching(page);
  const flowing = feed.flow(rate, seconds);
  const typing = type(page, seconds);
  await flowing;
  const painted = await stopWatching(page);
  await typing;
  await until(feed.head, catchUpLimitMs).catch(() => {});
  const heap = await heapMib(page);
  return {
    ...painted,
    lost: feed.head - Math.max(before, await lastRow(page)),
    heapMib: heap,
    heapGrowthMib: heap - heapBefore,
  };
}

/** Four keys a second. */
async function type(page: Page, forSeconds: number): Promise<void> {
  for (let key = 0; key < 4 * forSeconds - 2; key += 1) {
    await page.keyboard.type('abcd efgh'.charAt(key % 9), { delay: 20 });
    await page.waitForTimeout(230);
  }
}

async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 2 ** 20;
}

/** The value that `part` of all are at most. */
function at(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

function numbersOr(named: string | undefined, otherwise: readonly number[]): readonly number[] {
  return named?.split(',').map(Number) ?? otherwise;
}
