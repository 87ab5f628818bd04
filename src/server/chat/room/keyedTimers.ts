/** A timer for each thing that waits. */
import type { Cancel, Time } from '../../../connection/ports';

export interface KeyedTimers<Key> {
  /** Calls back in `delayMs`, unless the key is called for already. */
  start(key: Key, delayMs: number, callback: () => void): void;
  stop(key: Key): void;
  /** Leaves no timer. */
  clear(): void;
}

export function createKeyedTimers<Key>(time: Time): KeyedTimers<Key> {
  const timers = new Map<Key, Cancel>();
  return {
    start(key, delayMs, callback) {
      if (timers.has(key)) return;
      const cancel = time.after(delayMs, () => {
        timers.delete(key);
        callback();
      });
      timers.set(key, cancel);
    },
    stop(key) {
      timers.get(key)?.();
      timers.delete(key);
    },
    clear() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
