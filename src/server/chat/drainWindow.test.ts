import { describe, expect, it } from 'vitest';
import { returnWindow, sliceOf } from './drainWindow';

describe('the window in which everybody comes back', () => {
  it.each([
    [0, 500, 3_000],
    [1, 500, 3_000],
    [1_250, 500, 3_000],
    [2_000, 500, 4_500],
    [20_000, 500, 40_500],
    [1_000_000, 500, 60_000],
  ])('is for %i connections from %i to %i ms', (connections, min, max) => {
    expect(returnWindow(connections)).toEqual([min, max]);
  });
});

describe('the slices of a window', () => {
  it.each([1, 2, 7, 300, 40_000])('of %i cover it without a gap, in turn', (count) => {
    const window = returnWindow(count);
    const slices = Array.from({ length: count }, (_, index) => sliceOf(window, index, count));
    expect(slices[0]?.[0]).toBe(window[0]);
    expect(slices.at(-1)?.[1]).toBe(window[1]);
    const gaps = slices.filter(([min], index) => index > 0 && min !== slices[index - 1]?.[1]);
    expect(gaps).toEqual([]);
    expect(slices.flat().every(Number.isSafeInteger)).toBe(true);
  });

  it('bring back about 500 connections a second, however the clients choose', () => {
    const window = returnWindow(10_000);
    const returns = Array.from({ length: 10_000 }, (_, index) => sliceOf(window, index, 10_000)[1]);
    const inOneSecond = returns.filter((at) => at > 5_000 && at <= 6_000);
    expect(inOneSecond).toHaveLength(500);
  });
});
