import { describe, expect, it } from 'vitest';
import { partOf, returnWindowMs } from './returnWindow';

describe('the window in which clients come back', () => {
  it.each([
    [0, 3_000],
    [10, 3_000],
    [5_000, 10_500],
    [1_000_000, 60_500],
  ])('for %i of them ends after %i ms', (clients, maxMs) => {
    expect(returnWindowMs(clients)).toEqual([500, maxMs]);
  });

  it('is divided among them without a gap', () => {
    const window = [500, 3_000] as const;
    expect([0, 1, 2, 3].map((index) => partOf(window, index, 4))).toEqual([
      [500, 1_125],
      [1_125, 1_750],
      [1_750, 2_375],
      [2_375, 3_000],
    ]);
    expect(partOf(window, 0, 1)).toEqual([500, 3_000]);
  });
});
