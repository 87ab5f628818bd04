import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffCeilingMs, backoffDelayMs, defaultBackoff } from './backoff';

describe('the wait before the next try', () => {
  const ceilings = (attempts: number[], isHidden?: boolean) =>
    attempts.map((attempt) => backoffCeilingMs(defaultBackoff, attempt, isHidden));

  it('has ceilings that grow up to the cap', () => {
    expect(ceilings([0, 1, 2, 3, 4, 5])).toEqual([500, 575, 661, 760, 875, 1_006]);
    expect(ceilings([16, 17, 100])).toEqual([4_679, 5_000, 5_000]);
  });

  it('may be longer while nobody looks', () => {
    expect(ceilings([0, 17, 29, 30, 100], true)).toEqual([500, 5_381, 28_788, 30_000, 30_000]);
  });

  it('is drawn from the whole range under the ceiling, at the cap too', () => {
    expect(backoffDelayMs(defaultBackoff, 20, () => 0)).toBe(0);
    expect(backoffDelayMs(defaultBackoff, 20, () => 0.5)).toBe(2_500);
    expect(backoffDelayMs(defaultBackoff, 20, () => 0.999999)).toBe(4_999);
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
