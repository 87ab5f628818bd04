/**
 * Keeps a line to Redis open: when it is in trouble, others are tried until one is open, and only then is it
 * let go of. Part of it may still work until then.
 */
import type { Cancel, Random, Time } from '../../connection/ports';
import type { LineListener, ListeningLine, OpenListeningLine } from './listeningLine';

export interface LineKeeperOptions {
  open: OpenListeningLine;
  time: Time;
  random: Random;
  heard(channel: string, text: string): void;
  /** There is a line, and it is another one. */
  opened(line: ListeningLine): void;
  /** It is in trouble: told once for each line. */
  troubled(reason: string): void;
}

export interface LineKeeper {
  /** Opens the first one; rejects if that fails, and then nothing more is tried. */
  start(): Promise<void>;
  /** Ends it, and tries nothing more. */
  stop(): void;
}

/** How long is waited before the first try, and at most, in ms: from nothing up to that, by chance. */
const backoff = { firstMs: 50, maxMs: 1_000 };

export function createLineKeeper(options: LineKeeperOptions): LineKeeper {
  const { open, time, random, heard, opened, troubled } = options;
  let line: ListeningLine | undefined;
  let cancelTry: Cancel | undefined;
  const stopped = new AbortController();

  async function openNext(): Promise<void> {
    const listener: LineListener = {
      heard,
      troubled(reason) {
        if (stopped.signal.aborted || line !== next) return;
        troubled(reason);
        retry(0);
      },
    };
    const next = await open(listener, stopped.signal);
    if (stopped.signal.aborted) return next.close();
    line?.close();
    line = next;
    opened(next);
  }

  function retry(tries: number) {
    if (stopped.signal.aborted) return;
    const mostMs = Math.min(backoff.maxMs, backoff.firstMs * 2 ** tries);
    cancelTry = time.after(random() * mostMs, () => {
      openNext().catch(() => retry(tries + 1));
    });
  }

  return {
    start: openNext,
    stop() {
      stopped.abort();
      cancelTry?.();
      line?.close();
    },
  };
}
