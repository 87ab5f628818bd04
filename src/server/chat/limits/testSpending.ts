/** The whole of buckets that gateways share, as whoever keeps it has it, in memory: for tests. */
import { mostOwedMs, type Spent } from './sharedBuckets';
import type { Rate } from './tokenBucket';

export function createWhole(rate: Rate, now: () => number) {
  const buckets = new Map<string, { left: number; at: number }>();
  const told: Spent[] = [];

  /** Takes what was spent, and says what is left. */
  function take({ key, cost }: Spent): number {
    const { left, at } = buckets.get(key) ?? { left: rate.burst, at: now() };
    const filled = Math.min(rate.burst, left + ((now() - at) / 1_000) * rate.perSecond);
    const leftNow = Math.max(filled - cost, (-mostOwedMs / 1_000) * rate.perSecond);
    buckets.set(key, { left: leftNow, at: now() });
    return leftNow;
  }

  return {
    /** All that gateways have told. */
    told,
    spend(spent: readonly Spent[]): number[] {
      told.push(...spent);
      return spent.map(take);
    },
  };
}
