/** Several gateways that share buckets, on one clock, telling each other through a port with a delay. */
import { describe, expect, it } from 'vitest';
import { createManualTime, type ManualTime } from '../../../testing/manualTime';
import type { KeyedBuckets } from './allowances';
import { createSharedBuckets, type Spending } from './sharedBuckets';
import { createWhole } from './testSpending';
import type { Rate } from './tokenBucket';

/** 160 at once, then 10 a second: told from 10 on. */
const rate: Rate = { perSecond: 10, burst: 160 };
const everyMs = 500;
const delayMs = 20;

/** Tells through a port that takes a while there, and back; and that can be away, which takes it as long. */
function createSlowWhole(time: ManualTime, ofRate: Rate) {
  const whole = createWhole(ofRate, time.now);
  let isAway = false;
  const later = () => new Promise<void>((resolve) => void time.after(delayMs, resolve));
  const spending: Spending = {
    async spend(spent) {
      await later();
      if (isAway) throw new Error('away');
      const left = whole.spend(spent);
      await later();
      return left;
    },
  };
  return {
    spending,
    told: whole.told,
    setAway(isNowAway: boolean) {
      isAway = isNowAway;
    },
  };
}

function createWorld(gateways: number, ofRate = rate) {
  const time = createManualTime();
  const whole = createSlowWhole(time, ofRate);
  const errors: unknown[] = [];
  const { spending } = whole;
  const onError = (error: unknown) => errors.push(error);
  const buckets = Array.from({ length: gateways }, () =>
    createSharedBuckets({ rate: ofRate, time, spending, everyMs, onError }),
  );
  return {
    ...whole,
    time,
    errors,
    buckets,
    /** Lets time pass, step by step, and what is answered at each step be heeded. */
    async pass(ms: number, stepMs = 10) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        time.advance(stepMs);
        for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
      }
    },
  };
}

const [ann, bob] = ['ann', 'bob'];

/** Takes one credit again and again, as soon as it may, and says how many it took until now. */
function spendsAllItCan(buckets: KeyedBuckets, time: ManualTime, key = ann) {
  let taken = 0;
  let nextAt = time.now();
  return () => {
    while (time.now() >= nextAt) {
      taken += 1;
      nextAt = time.now() + buckets.take(key, 1);
      if (nextAt === time.now()) continue;
      break;
    }
    return taken;
  };
}

describe('buckets that gateways share', () => {
  it('give at once what one bucket would, before anybody was told', () => {
    const { buckets } = createWorld(1);
    expect(buckets[0]?.take(ann, 160)).toBe(0);
    expect(buckets[0]?.take(ann, 5)).toBe(500);
    expect(buckets[0]?.tryTake(ann, 1)).toBe(false);
    expect(buckets[0]?.tryTake(bob, 1)).toBe(true);
  });

  it('are what is left of the whole, once it was told', async () => {
    const { buckets, pass } = createWorld(2);
    const [here, there] = buckets;
    there?.take(ann, 100);
    here?.take(ann, 40);
    expect(here?.tryTake(ann, 120)).toBe(true);
    await pass(everyMs + 2 * delayMs);
    // 260 of 160 are gone, which takes ten seconds to be paid.
    await pass(10_000);
    expect(here?.tryTake(ann, 1)).toBe(false);
    await pass(100);
    expect(here?.tryTake(ann, 1)).toBe(true);
    expect(here?.tryTake(ann, 1)).toBe(false);
  });

  it('are slow for who owes: by a second with each frame, until all is paid', async () => {
    const { buckets, pass } = createWorld(2);
    const [here, there] = buckets;
    there?.take(ann, 160);
    here?.take(ann, 160);
    await pass(everyMs + 2 * delayMs);
    for (let second = 0; second < 15; second += 1) {
      expect(here?.take(ann, 0.1)).toBe(1_000);
      await pass(1_000);
    }
    expect(here?.take(ann, 0)).toBe(1_000);
    await pass(1_000);
    expect(here?.take(ann, 0)).toBeCloseTo(0);
  });

  it('count what is taken while it is told, and tell that with the next', async () => {
    const { buckets, pass, told } = createWorld(1);
    const [here] = buckets;
    here?.take(ann, 100);
    await pass(everyMs + delayMs);
    here?.take(ann, 50);
    await pass(delayMs);
    expect(here?.tryTake(ann, 20)).toBe(false);
    await pass(everyMs + 2 * delayMs);
    expect(told).toEqual([
      { key: ann, cost: 100 },
      { key: ann, cost: 50 },
    ]);
  });

  it('tell nothing of who spends little, and forget them', async () => {
    const { buckets, pass, told, time } = createWorld(1);
    const [here] = buckets;
    here?.take(ann, 9);
    expect(here?.size).toBe(1);
    await pass(10_000, 1_000);
    expect(told).toEqual([]);
    expect(here?.size).toBe(0);
    expect(time.armed).toBe(0);
  });

  it('tell of who spends little for long', async () => {
    const { buckets, pass, told } = createWorld(1);
    for (let n = 0; n < 10; n += 1) {
      buckets[0]?.take(ann, 1);
      await pass(50);
    }
    await pass(everyMs + 2 * delayMs);
    expect(told).toEqual([{ key: ann, cost: 10 }]);
  });

  it('tell of very many, a thousand at a time', async () => {
    const { buckets, pass, told } = createWorld(1);
    for (let n = 0; n < 1_500; n += 1) buckets[0]?.take(`user ${n}`, 20);
    await pass(everyMs + 2 * delayMs);
    expect(told).toHaveLength(1_000);
    await pass(everyMs + 2 * delayMs);
    expect(new Set(told.map(({ key }) => key)).size).toBe(1_500);
  });

  it('leave no timer, and heed nothing more, once cleared', async () => {
    const { buckets, time, pass } = createWorld(1);
    buckets[0]?.take(ann, 160);
    await pass(everyMs);
    buckets[0]?.clear();
    expect(buckets[0]?.size).toBe(0);
    await pass(2 * delayMs);
    expect(time.armed).toBe(0);
    expect(buckets[0]?.take(ann, 160)).toBe(0);
  });

  it('limit nothing where nothing is limited', () => {
    const { buckets, time } = createWorld(1, { perSecond: Infinity, burst: Infinity });
    expect(buckets[0]?.take(ann, 1e9)).toBe(0);
    expect(time.armed).toBe(0);
  });
});

describe('gateways that all spend what they can', () => {
  it.each([1, 2, 3])('%i of them overspend by no more than was stated', async (gateways) => {
    const { buckets, time, pass } = createWorld(gateways);
    const startedAt = time.now();
    const spenders = buckets.map((each) => spendsAllItCan(each, time));
    const windowMs = everyMs + 2 * delayMs;
    const perWindow = (windowMs / 1_000) * rate.perSecond;
    const untold = (gateways * rate.burst) / 16;
    // Each may be in the middle of one that it did not have.
    const most = (gateways - 1) * (rate.burst + perWindow) + (gateways > 1 ? untold : 0) + gateways;
    let furthest = 0;
    for (let step = 0; step < 12_000; step += 1) {
      const taken = spenders.reduce((sum, spend) => sum + spend(), 0);
      const allowed = rate.burst + ((time.now() - startedAt) / 1_000) * rate.perSecond;
      furthest = Math.max(furthest, taken - allowed);
      expect(taken - allowed).toBeLessThanOrEqual(most);
      await pass(10);
    }
    // The test would say nothing if they did not try.
    if (gateways > 1) expect(furthest).toBeGreaterThan((gateways - 1) * rate.burst);
  });

  it('pay for it: two of them have in two minutes what one would have had', async () => {
    const { buckets, time, pass } = createWorld(2, { perSecond: 10, burst: 80 });
    const spenders = buckets.map((each) => spendsAllItCan(each, time));
    let taken = 0;
    for (let step = 0; step < 12_000; step += 1) {
      taken = spenders.reduce((sum, spend) => sum + spend(), 0);
      await pass(10);
    }
    const allowed = 80 + 120 * 10;
    expect(taken).toBeGreaterThan(allowed * 0.95);
    expect(taken).toBeLessThan(allowed * 1.05);
  });
});

describe('buckets whose gateway cannot tell the others', () => {
  it('limit here, say so once, and tell all of it later', async () => {
    const { buckets, pass, setAway, errors, told, time } = createWorld(2);
    const [here, there] = buckets;
    setAway(true);
    here?.take(ann, 160);
    expect(here?.take(ann, 5)).toBe(500);
    await pass(3_000);
    expect(errors).toHaveLength(1);
    expect(here?.tryTake(ann, 20)).toBe(true);
    expect(here?.tryTake(ann, 20)).toBe(false);
    setAway(false);
    await pass(everyMs + 4 * delayMs);
    expect(told).toEqual([{ key: ann, cost: 185 }]);
    there?.take(ann, 10);
    await pass(everyMs + 2 * delayMs);
    expect(there?.tryTake(ann, 5)).toBe(false);
    setAway(true);
    here?.take(ann, 20);
    await pass(1_000);
    expect(errors).toHaveLength(2);
    for (const each of buckets) each.clear();
    expect(time.armed).toBeLessThanOrEqual(1);
  });

  it('owe for no more than a burst and half a minute, however long that lasts', async () => {
    const { buckets, pass, setAway, told } = createWorld(1);
    setAway(true);
    for (let n = 0; n < 100; n += 1) buckets[0]?.take(ann, 100);
    await pass(everyMs + 2 * delayMs);
    setAway(false);
    await pass(everyMs + 2 * delayMs);
    expect(told).toEqual([{ key: ann, cost: 460 }]);
  });
});
