import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { passTime } from '../../testing/passTime';
import { LogUnavailableError } from '../log/log';
import { createPatience } from './askPatiently';
import { RedisSlowError } from './redisErrors';

/** Asks one that fails `times`, each after a second. */
function asking(times: number, failure: Error) {
  const time = createManualTime();
  const seen = { asked: 0, outcome: 'none yet' as unknown };
  const patiently = createPatience(time);
  patiently(async () => {
    seen.asked += 1;
    await new Promise<void>((resolve) => time.after(1_000, resolve));
    if (seen.asked <= times) throw failure;
    return 'an answer';
  }).then(
    (answer) => Object.assign(seen, { outcome: answer }),
    (error: unknown) => Object.assign(seen, { outcome: error }),
  );
  return { time, seen };
}

const slow = new RedisSlowError('Redis did not answer in 1000 ms');

describe('a start on a slow Redis', () => {
  it('has its answer once there is one', async () => {
    const { time, seen } = asking(3, slow);
    await passTime(time, 4_749);
    expect(seen).toEqual({ asked: 4, outcome: 'none yet' });
    await passTime(time, 1);
    expect(seen).toEqual({ asked: 4, outcome: 'an answer' });
    expect(time.armed).toBe(0);
  });

  it('is given up after 10 s', async () => {
    const { time, seen } = asking(Number.POSITIVE_INFINITY, slow);
    await passTime(time, 9_999);
    expect(seen.outcome).toBe('none yet');
    await passTime(time, 2_000);
    expect(seen.outcome).toBe(slow);
    expect(time.armed).toBe(0);
  });

  it('is over at once where waiting would not help', async () => {
    const refused = new LogUnavailableError('Redis: NOPERM this user has no permissions');
    const { time, seen } = asking(1, refused);
    await passTime(time, 1_000);
    expect(seen).toEqual({ asked: 1, outcome: refused });
  });
});
