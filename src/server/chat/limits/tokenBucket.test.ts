import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './tokenBucket';

const rate = { perSecond: 10, burst: 5 };

describe('a token bucket', () => {
  it('gives a burst for nothing, then makes each wait for its turn', () => {
    const bucket = new TokenBucket(rate, 0);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => bucket.take(1, 0))).toEqual([0, 0, 0, 0, 0, 100, 200]);
  });

  it('fills again with time, up to the burst', () => {
    const bucket = new TokenBucket(rate, 0);
    bucket.take(5, 0);
    expect(bucket.take(1, 100)).toBe(0);
    expect(bucket.take(5, 60_000)).toBe(0);
    expect(bucket.take(1, 60_000)).toBe(100);
  });

  it('gives what is there to who takes no debt, and holds no try against them', () => {
    const bucket = new TokenBucket(rate, 0);
    expect([3, 3, 2, 1].map((cost) => bucket.tryTake(cost, 0))).toEqual([true, false, true, false]);
    expect(bucket.tryTake(1, 100)).toBe(true);
  });

  it('lets no debt grow beyond what may be', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(bucket.take(1_000, 0, 2_000)).toBe(2_000);
    expect(bucket.take(1_000, 1_000, 2_000)).toBe(2_000);
    expect(bucket.take(0, 3_000, 2_000)).toBe(0);
  });

  it('is full when nobody owes it anything', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(bucket.isFull(0)).toBe(true);
    bucket.take(1, 0);
    expect(bucket.isFull(99)).toBe(false);
    expect(bucket.isFull(100)).toBe(true);
  });

  it('with no limit never makes anybody wait', () => {
    const bucket = new TokenBucket({ perSecond: Infinity, burst: Infinity }, 0);
    expect(bucket.take(1e9, 0)).toBe(0);
    expect(bucket.isFull(0)).toBe(true);
  });

  it('neither gives nor takes when the clock is set back', () => {
    const bucket = new TokenBucket(rate, 10_000);
    bucket.take(5, 10_000);
    expect(bucket.take(1, 5_000)).toBe(100);
    expect(bucket.take(0, 5_100)).toBe(0);
  });

  it('lets through, to who waits as told, the burst and the rate, whatever is asked for when', () => {
    const ask = fc.record({ cost: fc.integer({ min: 1, max: 20 }), pauseMs: fc.nat(2_000) });
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 60 }), (asks) => {
        const bucket = new TokenBucket(rate, 0);
        let nowMs = 0;
        let taken = 0;
        for (const { cost, pauseMs } of asks) {
          nowMs += pauseMs;
          taken += cost;
          nowMs += bucket.take(cost, nowMs);
          expect(taken).toBeLessThanOrEqual(rate.burst + (rate.perSecond * nowMs) / 1_000 + 1e-6);
        }
      }),
    );
  });
});
