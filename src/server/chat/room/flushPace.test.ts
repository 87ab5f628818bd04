import { describe, expect, it } from 'vitest';
import { createFlushPace } from './flushPace';

describe('the next flush', () => {
  it('comes at once when there was none for a while', () => {
    const pace = createFlushPace();
    expect(pace.delayMs(0)).toBe(0);
    pace.flushed(100, 1);
    expect(pace.delayMs(116)).toBe(0);
    expect(pace.delayMs(60_000)).toBe(0);
  });

  it('waits for a frame of the screen after one that cost nothing', () => {
    const pace = createFlushPace();
    pace.flushed(100, 0);
    expect(pace.delayMs(100)).toBe(16);
    expect(pace.delayMs(110)).toBe(6);
  });

  it.each([
    [2, 16],
    [4, 24],
    [8, 48],
    [10, 60],
    [500, 60],
  ])(
    'waits after one of %i ms for %i ms, as writing to everybody is what costs',
    (costMs, restMs) => {
      const pace = createFlushPace();
      pace.flushed(100, costMs);
      expect(pace.delayMs(100)).toBe(restMs);
    },
  );
});
