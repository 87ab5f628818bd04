/**
 * A deadline for an answer that comes over a line. A timer that fires late has slept with the
 * machine (or its tab), and the answer may be waiting behind it: then it is allowed a little more.
 */
import type { Cancel, Time } from './ports';

/** A timer this late, in ms, means that the machine slept. */
export const lateMs = 2_000;

/** What an answer is allowed after the machine woke, in ms. */
export const wakeTimeoutMs = 3_000;

/** Calls `onDue` when `timeoutMs` are over, later if the machine slept through it. */
export function armDeadline(time: Time, timeoutMs: number, onDue: () => void): Cancel {
  const dueAt = time.now() + timeoutMs;
  let cancel = time.after(timeoutMs, () => {
    if (time.now() - dueAt <= lateMs) return onDue();
    // Allowed once: where every timer is late, as in a hidden tab, it would never be due.
    cancel = time.after(Math.min(wakeTimeoutMs, timeoutMs), onDue);
  });
  return () => cancel();
}
