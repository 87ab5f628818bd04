/**
 * Does something with what was added, at once when it was quiet, and otherwise when the rest is over: with all
 * that came until then, each once.
 */
import type { Cancel, Time } from '../../../connection/ports';

export interface PacedSet<Item> {
  add(item: Item): void;
  /** Forgets all, and leaves no timer. */
  clear(): void;
}

export function createPacedSet<Item>(
  time: Time,
  restMs: number,
  work: (item: Item) => void,
): PacedSet<Item> {
  let waiting = new Set<Item>();
  let cancelRest: Cancel | undefined;

  function run() {
    const items = waiting;
    waiting = new Set();
    cancelRest = time.after(restMs, () => {
      cancelRest = undefined;
      if (waiting.size > 0) run();
    });
    for (const item of items) work(item);
  }

  return {
    add(item) {
      waiting.add(item);
      if (!cancelRest) run();
    },
    clear() {
      cancelRest?.();
      cancelRest = undefined;
      waiting.clear();
    },
  };
}
