import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createTokenRefresh } from './tokenRefresh';

const day = 24 * 3_600_000;

function setUp(random = 0.5) {
  const time = createManualTime();
  const ask = vi.fn();
  return { time, ask, refresh: createTokenRefresh({ time, random: () => random, ask }) };
}

describe('a token', () => {
  it('is renewed when four fifths of its life are over, or a little before or after', () => {
    for (const [random, share] of [
      [0, 0.7],
      [0.5, 0.8],
      [0.999, 0.8998],
    ] as const) {
      const { time, ask, refresh } = setUp(random);
      refresh.granted(100_000);
      time.advance(100_000 * share - 1);
      expect(ask).not.toHaveBeenCalled();
      time.advance(1);
      expect(ask).toHaveBeenCalledOnce();
    }
  });

  it('is asked for once, however long the answer takes', () => {
    const { time, ask, refresh } = setUp();
    refresh.granted(10_000);
    time.advance(100_000);
    expect(ask).toHaveBeenCalledOnce();
    refresh.granted(10_000);
    time.advance(8_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is not asked for on a line that is lost, and leaves no timer', () => {
    const { time, ask, refresh } = setUp();
    refresh.granted(10_000);
    refresh.stop();
    time.advance(100_000);
    expect(ask).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it('that lives for a year is not renewed at once: no timer is armed for longer than it can be', () => {
    const { time, ask, refresh } = setUp();
    const delays: number[] = [];
    const after = vi.spyOn(time, 'after');
    refresh.granted(365 * day);
    time.advance(291 * day);
    expect(ask).not.toHaveBeenCalled();
    time.advance(day);
    expect(ask).toHaveBeenCalledOnce();
    for (const [delayMs] of after.mock.calls) delays.push(delayMs);
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  });

  it('of a server that does not say when it ends is not renewed', () => {
    const { time, refresh } = setUp();
    refresh.granted(undefined);
    expect(time.armed).toBe(0);
  });
});
