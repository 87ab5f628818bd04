import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffCeilingMs, backoffDelayMs, defaultBackoff } from './backoff';

describe('the wait before the next try', () => {
  it('has ceilings that double up to the cap', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6].map((attempt) =>
      backoffCeilingMs(defaultBackoff, attempt),
    );
    expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000]);
  });

  it('is drawn from the whole range under the ceiling, at the cap too', () => {
    expect(backoffDelayMs(defaultBackoff, 20, () => 0)).toBe(0);
    expect(backoffDelayMs(defaultBackoff, 20, () => 0.5)).toBe(7_500);
    expect(backoffDelayMs(defaultBackoff, 20, () => 0.999999)).toBe(14_999);
  });

  it('never reaches the ceiling, however long the outage', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, draw) => {
          const delayMs = backoffDelayMs(defaultBackoff, attempt, () => draw);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThan(defaultBackoff.capMs);
        },
      ),
    );
  });
});
