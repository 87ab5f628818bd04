/**
 * A clock that can be made to jump, as that of a machine that slept: what was due meanwhile is called late,
 * in the order in which it was due, and what is due later is as much sooner.
 */
import type { Cancel, Time } from '../connection/ports';

export interface SkippingTime extends Time {
  /** So many ms have passed at once. */
  skip(ms: number): void;
  /** How far it is ahead by now, in ms. */
  skippedMs(): number;
}

interface Timer {
  readonly dueAt: number;
  readonly fire: () => void;
  cancel: Cancel;
}

export function createSkippingTime(time: Time): SkippingTime {
  let skippedMs = 0;
  const timers = new Set<Timer>();
  const now = () => time.now() + skippedMs;

  function arm(timer: Timer) {
    timer.cancel = time.after(Math.max(0, timer.dueAt - now()), timer.fire);
  }

  return {
    now,
    after(delayMs, callback) {
      const timer: Timer = {
        dueAt: now() + delayMs,
        fire() {
          timers.delete(timer);
          callback();
        },
        cancel: () => {},
      };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    skip(ms) {
      skippedMs += ms;
      for (const timer of [...timers].sort((a, b) => a.dueAt - b.dueAt)) {
        timer.cancel();
        arm(timer);
      }
    },
    skippedMs: () => skippedMs,
  };
}
