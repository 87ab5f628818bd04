import type { ManualTime } from './manualTime';
import { settle } from './settle';

/**
 * Lets time pass, with everything that happens in it: each timer has its moment, and what follows from it, too.
 * `turns`: so many does it take until all is done that a timer has begun.
 */
export async function passTime(time: ManualTime, ms: number, turns = 1): Promise<void> {
  const until = time.now() + ms;
  const settleAll = async () => {
    for (let turn = 0; turn < turns; turn += 1) await settle();
  };
  await settleAll();
  for (let due = time.nextDueAt; due !== undefined && due <= until; due = time.nextDueAt) {
    time.advance(Math.max(0, due - time.now()));
    await settleAll();
  }
  time.advance(until - time.now());
}
