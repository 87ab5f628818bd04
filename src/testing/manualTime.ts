/**
 * Time that stands still until a test moves it. Timers fire in the order in which they are due, each
 * with the clock at its own moment, so nothing in a test waits and nothing is left to chance.
 */
import type { Cancel, Time } from '../connection/ports';

export interface ManualTime extends Time {
  /** Moves the clock on by `ms`, firing what falls due on the way. */
  advance(ms: number): void;
  /** Moves the clock without firing: what was due fires late, as after a sleep, at `advance`. */
  sleep(ms: number): void;
  /** How many timers are armed. 0 means that nothing was left behind. */
  readonly armed: number;
  /** When the next timer is due; undefined if none is armed. */
  readonly nextDueAt: number | undefined;
}

export function createManualTime(startMs = 1_000_000): ManualTime {
  let now = startMs;
  let serial = 0;
  const timers = new Map<number, { dueAt: number; callback: () => void }>();

  function nextDue(until: number) {
    let next: { key: number; dueAt: number; callback: () => void } | undefined;
    for (const [key, timer] of timers) {
      if (timer.dueAt <= until && (!next || timer.dueAt < next.dueAt)) next = { key, ...timer };
    }
    return next;
  }

  return {
    now: () => now,
    after(delayMs, callback): Cancel {
      serial += 1;
      const key = serial;
      // Clocks and timers of browsers and Node count whole ms.
      timers.set(key, { dueAt: now + Math.max(0, Math.ceil(delayMs)), callback });
      return () => timers.delete(key);
    },
    advance(ms) {
      const until = now + ms;
      for (let due = nextDue(until); due; due = nextDue(until)) {
        timers.delete(due.key);
        now = Math.max(now, due.dueAt);
        due.callback();
      }
      now = until;
    },
    sleep(ms) {
      now += ms;
    },
    get armed() {
      return timers.size;
    },
    get nextDueAt() {
      return nextDue(Infinity)?.dueAt;
    },
  };
}
