/**
 * A start on a Redis that is slow just now, as when it was started at the same time and reads what it keeps: it is
 * asked again for a while, where later, with people on their lines, nobody waits.
 */
import type { Time } from '../../connection/ports';
import { RedisSlowError } from './redisErrors';

/** For how long, and how long after an answer that did not come, in ms. */
const patienceMs = 10_000;
const pauseMs = 250;

/** What `ask` tells, which may be done several times over. Rejects as it does, if it does so for other reasons too. */
export function createPatience(
  time: Time,
): <Answer>(ask: () => Promise<Answer>) => Promise<Answer> {
  const until = time.now() + patienceMs;
  return async (ask) => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof RedisSlowError) || time.now() >= until) throw error;
      }
      await new Promise<void>((resolve) => time.after(pauseMs, resolve));
    }
  };
}
