import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../../testing/settle';
import { LogUnavailableError } from '../log/log';
import { createGatewayLease } from './gatewayLease';
import { redisKeys } from './keys';
import { KnownLeases } from './knownLeases';
import type { RedisLine } from './redisLine';

const leaseMs = 30_000;
const renewMs = 10_000;
const keys = redisKeys('t:');

/** A Redis that only keeps leases, by a clock of its own, and may be away. */
function createLeaseStore(now: () => number) {
  const ends = new Map<string, number>();
  const asked: string[] = [];
  let failure: Error | undefined;
  const redis: RedisLine = {
    send: () => Promise.reject(new Error('only the script is run')),
    async sendAll(commands) {
      return commands.map(({ args }) => {
        const [, , , , id = '', lasts, how] = args;
        asked.push(`${how} ${id}`);
        if (failure) return { status: 'rejected', reason: failure };
        const isMine = id !== '' && (how === 'new' || (ends.get(id) ?? 0) > now());
        if (isMine) ends.set(id, now() + Number(lasts));
        const all = [...ends.keys()];
        const isAlive = (lease: string) => (ends.get(lease) ?? 0) > now();
        const value = [isMine ? 1 : 0, all.filter(isAlive), all.filter((lease) => !isAlive(lease))];
        return { status: 'fulfilled', value };
      });
    },
  };
  return {
    redis,
    ends,
    takeAsked: () => asked.splice(0),
    goAway(away = true) {
      failure = away ? new LogUnavailableError('away') : undefined;
    },
    failWith(error: Error | undefined) {
      failure = error;
    },
  };
}

function opened(random = 0) {
  const time = createManualTime();
  const store = createLeaseStore(time.now);
  const known = new KnownLeases();
  const events: string[] = [];
  const lease = createGatewayLease({
    ...{ gateway: 'a', keys, time, random: () => random, redis: store.redis, known },
    ...{ leaseMs, renewMs },
    began: (former) => events.push(former ? `began after ${former}` : 'began'),
    renewed: () => events.push('renewed'),
    gone: (leases) => events.push(...leases.map((each) => `${each} is gone`)),
    dead: (leases) => events.push(...leases.map((each) => `${each} is dead`)),
    onError: (error) => events.push(String(error)),
  });
  return {
    ...{ time, store, known, lease },
    takeEvents: () => events.splice(0),
    /** Time passes, step by step: whatever falls due is answered before it goes on. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        time.advance(Math.min(500, ms - passed));
        await settle();
      }
    },
  };
}

async function taken(random = 0) {
  const world = opened(random);
  world.lease.takeAnother();
  await settle();
  world.takeEvents();
  world.store.takeAsked();
  return world;
}

describe('a gateway’s lease', () => {
  it('is taken when that is asked for, and renewed from then on', async () => {
    const { lease, store, takeEvents, pass } = opened();
    expect(lease.current).toBeUndefined();
    lease.takeAnother();
    await settle();
    expect([lease.current, takeEvents()]).toEqual(['a.1', ['began']]);
    await pass(renewMs);
    await pass(renewMs);
    expect(store.takeAsked()).toEqual(['new a.1', 'renew a.1', 'renew a.1']);
    expect([lease.current, takeEvents()]).toEqual(['a.1', ['renewed', 'renewed']]);
  });

  it('is renewed a little sooner by chance, and never later', async () => {
    const { store, pass } = await taken(0.999);
    await pass(0.8 * renewMs + 500);
    expect(store.takeAsked()).toEqual(['renew a.1']);
  });

  it('ends for its gateway before it may end for others, and nothing is written then', async () => {
    const { lease, store, time, pass, takeEvents } = await taken();
    store.goAway();
    await pass(leaseMs - 1);
    expect(lease.current).toBe('a.1');
    time.advance(1);
    expect(lease.current).toBeUndefined();
    expect(takeEvents()).toEqual([]);
  });

  it('that could not be renewed is tried again soon, and goes on if it lived on', async () => {
    const { lease, store, pass, takeEvents } = await taken();
    store.goAway();
    await pass(renewMs);
    store.goAway(false);
    await pass(1_000);
    expect(store.takeAsked()).toEqual(['renew a.1', 'renew a.1']);
    expect([lease.current, takeEvents()]).toEqual(['a.1', ['renewed']]);
  });

  it('is another one after a time that was too long, as in a process that stood still', async () => {
    const { lease, time, takeEvents } = await taken();
    time.sleep(leaseMs);
    expect(lease.current).toBeUndefined();
    time.advance(0);
    await settle();
    expect(lease.current).toBe('a.2');
    expect(takeEvents()).toEqual(['a.1 is dead', 'began after a.1', 'a.1 is dead']);
  });

  it('is another one where Redis has lost it', async () => {
    const { lease, store, pass, takeEvents } = await taken();
    store.ends.clear();
    await pass(renewMs);
    expect([lease.current, takeEvents()]).toEqual(['a.2', ['began after a.1']]);
  });

  it('is another one each time that is asked for, also while one is asked for', async () => {
    const { lease, takeEvents } = await taken();
    lease.takeAnother();
    expect(lease.current).toBeUndefined();
    lease.takeAnother();
    await settle();
    await settle();
    expect([lease.current, takeEvents()]).toEqual(['a.3', ['began after a.1']]);
  });

  it('that could not be taken is tried again under another name', async () => {
    const { lease, store, pass, takeEvents } = opened();
    store.goAway();
    lease.takeAnother();
    await settle();
    await pass(2_000);
    store.goAway(false);
    await pass(1_000);
    expect(store.takeAsked()).toEqual(['new a.1', 'new a.2', 'new a.3', 'new a.4']);
    expect([lease.current, takeEvents()]).toEqual(['a.4', ['began']]);
  });

  it('is no more renewed after the end, and leaves no timer', async () => {
    const { lease, time } = await taken();
    expect(lease.stop()).toBe('a.1');
    expect([lease.current, time.armed]).toEqual([undefined, 0]);
    lease.takeAnother();
    await settle();
    expect([lease.current, time.armed]).toEqual([undefined, 0]);
  });
});

describe('another gateway that dies', () => {
  it('is gone within its lease and one renewal', async () => {
    const { known, store, time, pass, takeEvents } = await taken();
    // Renewed a last time just after it was read here.
    await pass(renewMs);
    await pass(500);
    known.heard('b.1');
    store.ends.set('b.1', time.now() + leaseMs);
    const diedAtMs = time.now();
    takeEvents();
    while (!takeEvents().includes('b.1 is gone')) await pass(500);
    const goneAfterMs = time.now() - diedAtMs;
    expect(goneAfterMs).toBeGreaterThanOrEqual(leaseMs);
    expect(goneAfterMs).toBeLessThanOrEqual(leaseMs + renewMs);
  });

  it('that cannot be renewed for a reason that does not pass is told, once for each', async () => {
    const { store, pass, takeEvents } = await taken();
    store.goAway();
    await pass(5_000);
    store.failWith(new Error('the key holds something else'));
    await pass(20_000);
    const told = takeEvents().filter((event) => event.startsWith('Error'));
    expect(told).toEqual(['Error: the key holds something else']);
  });

  it('is told to be dead with every renewal, until its lease is taken away', async () => {
    const { store, time, pass, takeEvents } = await taken();
    store.ends.set('b.1', time.now());
    await pass(2 * renewMs);
    expect(takeEvents()).toEqual(['renewed', 'b.1 is dead', 'renewed', 'b.1 is dead']);
    store.ends.delete('b.1');
    await pass(renewMs);
    expect(takeEvents()).toEqual(['renewed']);
  });

  it('is known not to live as soon as the leases are read', async () => {
    const { lease, known, store, time } = await taken();
    store.ends.set('b.1', time.now() + 1);
    await lease.read();
    expect(known.isAlive('b.1')).toBe(true);
    time.advance(1);
    await lease.read();
    expect([known.isAlive('a.1'), known.isAlive('b.1')]).toEqual([true, false]);
  });
});
