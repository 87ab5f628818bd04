/**
 * Watches, from inside any page, how smoothly it paints what its WebSocket brings: frames, long tasks, how
 * long a key takes to be seen, and how long after a message's arrival its row is painted. The function is
 * handed to the browser as text, so it may use nothing from around it.
 */
import type { Page } from 'playwright-core';
import * as v from 'valibot';

const numbers = v.array(v.number());
const painted = v.object({
  frames: numbers,
  latencies: numbers,
  keys: numbers,
  longTasks: numbers,
});
/** All in ms. */
export type Painted = v.InferOutput<typeof painted>;

declare global {
  interface Window {
    paintWatch?: { start(): void; stop(): Painted };
  }
}

export async function installPaintWatch(page: Page): Promise<void> {
  await page.addInitScript(watchPainting);
}

export async function startWatching(page: Page): Promise<void> {
  await page.evaluate(() => window.paintWatch?.start());
}

export async function stopWatching(page: Page): Promise<Painted> {
  return v.parse(painted, await page.evaluate(() => window.paintWatch?.stop()));
}

/** The sequence number of the last row that is in the page; 0 if none is. */
export function lastRow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      0,
      ...[...document.querySelectorAll('[data-seq]')].map((row) =>
        Number(row.getAttribute('data-seq')),
      ),
    ),
  );
}

function watchPainting() {
  let isWatching = false;
  let notes: Painted = { frames: [], latencies: [], keys: [], longTasks: [] };
  /** One message at a time is followed. */
  let followed: { seq: number; at: number } | undefined;

  function noteArrival(data: unknown) {
    if (!isWatching || followed || typeof data !== 'string') return;
    const [, seq] = /"seq":(\d+)(?!.*"seq":)/s.exec(data.slice(-2_000)) ?? [];
    if (seq) followed = { seq: Number(seq), at: performance.now() };
  }

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => noteArrival(data));
    }
  };

  function lookForFollowed() {
    if (!followed) return;
    const rows = document.querySelectorAll('[data-seq]');
    const last = Number(rows.item(rows.length - 1)?.getAttribute('data-seq'));
    if (!(last >= followed.seq)) return;
    const { at } = followed;
    followed = undefined;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => notes.latencies.push(performance.now() - at);
      port2.postMessage(undefined);
    });
  }

  addEventListener('DOMContentLoaded', () => {
    const everything = { childList: true, subtree: true, attributeFilter: ['data-seq'] };
    new MutationObserver(lookForFollowed).observe(document.documentElement, everything);
  });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (isWatching) notes.longTasks.push(duration);
  }).observe({ type: 'longtask' });
  const eventTiming: PerformanceObserverInit & { durationThreshold: number } = {
    type: 'event',
    durationThreshold: 16,
  };
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (isWatching && /^key|^input$/.test(name)) notes.keys.push(duration);
    }
  }).observe(eventTiming);

  window.paintWatch = {
    start() {
      notes = { frames: [], latencies: [], keys: [], longTasks: [] };
      isWatching = true;
      let before = performance.now();
      const onFrame = (now: number) => {
        if (!isWatching) return;
        notes.frames.push(now - before);
        before = now;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame((now) => {
        before = now;
        requestAnimationFrame(onFrame);
      });
    },
    stop() {
      isWatching = false;
      return notes;
    },
  };
}
