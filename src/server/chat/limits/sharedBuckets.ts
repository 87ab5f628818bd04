/**
 * Buckets that several gateways share. Each gateway takes from a bucket of its own, at once, and tells every
 * now and then how much was taken: then it learns what is left of the whole, and goes on from there. While
 * nobody can be told it limits as a server that is alone would, and tells later.
 *
 * Until they have told each other, N gateways may each spend what one of them might. Let W be the time from
 * one telling to the next: `everyMs`, and the way there and back. All together are then ahead of the whole by
 * (N - 1) * (burst + perSecond * W) + N * burst / 16 at most, and by what was asked for at once beyond that.
 * What they were ahead is owed, and until it is paid each connection is as slow as in any debt: in the long
 * run all together spend what one might. No more than 30 s have to be paid for, so that whoever shares an
 * address with many is not slow for minutes; that forgives a part where four and more spend all they can.
 */
import type { Cancel, Time } from '../../../connection/ports';
import {
  createKeyedBuckets,
  type KeyedBuckets,
  mostSharedDebtMs,
  sweepEveryMs,
} from './allowances';
import { type Rate, TokenBucket } from './tokenBucket';

/** What the bucket of `key` had to give here, since it was told last. */
export interface Spent {
  readonly key: string;
  readonly cost: number;
}

/** Whose buckets they are, and for what: credits of users and of addresses, new connections of addresses. */
export type SpendingKind = 'user' | 'address' | 'handshakes';

/** Where gateways tell each other what they spend, of buckets of one rate. */
export interface Spending {
  /**
   * Takes what was spent from the whole of each, into debt if need be. Resolves with what is left of them, in
   * that order: below 0 what is owed. May reject, and is told the same again then; what had arrived
   * nevertheless counts twice.
   */
  spend(spent: readonly Spent[]): Promise<readonly number[]>;
}

export interface SharedBucketsOptions {
  /** What all gateways together may spend. */
  rate: Rate;
  time: Time;
  spending: Spending;
  /** How often is told what was spent, in ms. */
  everyMs?: number;
  /** Told when nobody can be told any more; not again before that has worked. */
  onError(error: unknown): void;
}

/** How long all may have to pay for what gateways spent before they knew of each other, in ms. */
export const mostOwedMs = 30_000;

/** Who has spent less than this part of a burst is not told of: most people, most of the time. */
const leastToldPart = 1 / 16;

/** So many keys are told at once, and the others with the next. */
const mostTold = 1_000;

interface SharedBucket {
  /** What is left here. */
  here: TokenBucket;
  /** What was taken here and not told. */
  untold: number;
  isBeingTold: boolean;
}

export function createSharedBuckets(options: SharedBucketsOptions): KeyedBuckets {
  const { rate, time, spending, everyMs = 500, onError } = options;
  // Nothing is ever owed: nobody need be told.
  if (rate.perSecond === Number.POSITIVE_INFINITY) return createKeyedBuckets(rate, time);
  const leastTold = rate.burst * leastToldPart;
  const mostUntold = rate.burst + (mostOwedMs / 1_000) * rate.perSecond;
  const buckets = new Map<string, SharedBucket>();
  const toTell = new Map<string, SharedBucket>();
  let cancelTell: Cancel | undefined;
  let cancelSweep: Cancel | undefined;
  let isTelling = false;
  let isAway = false;
  /** What was asked before the end is not heeded after it. */
  let generation = 0;

  function bucketOf(key: string): SharedBucket {
    const known = buckets.get(key);
    if (known) return known;
    const here = new TokenBucket(rate, time.now());
    const bucket = { here, untold: 0, isBeingTold: false };
    buckets.set(key, bucket);
    cancelSweep ??= time.after(sweepEveryMs, sweep);
    return bucket;
  }

  /** Whoever is back at a full bucket is forgotten, with the little that was not told. */
  function sweep() {
    cancelSweep = undefined;
    for (const [key, { here, isBeingTold }] of buckets) {
      if (!isBeingTold && !toTell.has(key) && here.isFull(time.now())) buckets.delete(key);
    }
    if (buckets.size > 0) cancelSweep = time.after(sweepEveryMs, sweep);
  }

  function note(key: string, bucket: SharedBucket, cost: number) {
    bucket.untold = Math.min(bucket.untold + cost, mostUntold);
    if (bucket.untold < leastTold) return;
    toTell.set(key, bucket);
    tellSoon();
  }

  function tellSoon() {
    if (!isTelling && toTell.size > 0) cancelTell ??= time.after(everyMs, () => void tell());
  }

  async function tell(): Promise<void> {
    cancelTell = undefined;
    isTelling = true;
    const asked = generation;
    const told = [...toTell].slice(0, mostTold).map(([key, bucket]) => {
      const spent = { key, bucket, cost: bucket.untold };
      toTell.delete(key);
      bucket.untold = 0;
      bucket.isBeingTold = true;
      return spent;
    });
    try {
      const left = await spending.spend(told.map(({ key, cost }) => ({ key, cost })));
      if (asked !== generation) return;
      isAway = false;
      for (const [index, { bucket }] of told.entries()) {
        const whole = left[index];
        if (whole === undefined) throw new Error('nothing was said of what is left of a bucket');
        bucket.isBeingTold = false;
        bucket.here = new TokenBucket(rate, time.now(), whole - bucket.untold);
      }
    } catch (error) {
      if (asked !== generation) return;
      for (const { key, bucket, cost } of told) {
        if (!bucket.isBeingTold) continue;
        bucket.isBeingTold = false;
        note(key, bucket, cost);
      }
      if (!isAway) onError(error);
      isAway = true;
    }
    isTelling = false;
    tellSoon();
  }

  return {
    take(key, cost) {
      const bucket = bucketOf(key);
      note(key, bucket, cost);
      // What all gateways owe may be more, and stays; what is taken here brings nobody any further in debt.
      const owedMs = bucket.here.take(0, time.now());
      const debtMs = bucket.here.take(cost, time.now(), Math.max(owedMs, mostSharedDebtMs));
      return Math.min(debtMs, mostSharedDebtMs);
    },
    tryTake(key, cost) {
      const bucket = bucketOf(key);
      if (!bucket.here.tryTake(cost, time.now())) return false;
      note(key, bucket, cost);
      return true;
    },
    get size() {
      return buckets.size;
    },
    clear() {
      generation += 1;
      isTelling = false;
      cancelTell?.();
      cancelSweep?.();
      cancelTell = undefined;
      cancelSweep = undefined;
      toTell.clear();
      buckets.clear();
    },
  };
}
