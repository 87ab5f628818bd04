/** Rates are so low that no machine is slow enough to matter, or waited for until what they give is there. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedRedis, sharedRedisCluster, startRedis } from '../../e2e/support/redis';
import { closeCodes } from '../../protocol/closeCodes';
import { createManualTime } from '../../testing/manualTime';
import { defaultAllowances } from '../chat/limits/allowances';
import { sharedAllowancesThrough } from '../chat/limits/sharedAllowances';
import { createSharedBuckets } from '../chat/limits/sharedBuckets';
import { createSharedConnections } from '../chat/limits/sharedConnections';
import { createMemoryPeople } from '../chat/people/memoryPeople';
import { nameKeys } from '../chat/people/nameKeys';
import { createUsers } from '../chat/people/users';
import { createTestChat, type TestChat } from '../chat/testChat';
import { redisAllowances } from './redisAllowances';
import { connectTo, ownKeys, sharedConnection } from './testRedis';

/** Nothing comes back while a test runs. */
const slow = { perSecond: 0.001, burst: 160 };
const fast = { perSecond: 1_000, burst: 100 };

/** Long enough for any test. */
const leaseMs = 600_000;

describe('what gateways spend, in Redis', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  /** Gateways that share buckets, on a clock that stands still unless a test moves it. */
  function createGateways(count: number, rate = slow) {
    const keys = ownKeys();
    const time = createManualTime();
    const errors: unknown[] = [];
    const { spendingOf } = redisAllowances({ gateway: 'here', line: connection(), keys });
    const spending = spendingOf('user', rate);
    const onError = (error: unknown) => errors.push(error);
    const buckets = Array.from({ length: count }, () =>
      createSharedBuckets({ rate, time, spending, onError }),
    );
    return { keys, time, errors, spending, spendingOf, buckets };
  }

  it('is what is left for all of them', async () => {
    const { spending, spendingOf } = createGateways(0);
    expect(await spending.spend([{ key: 'ann', cost: 100 }])).toEqual([expect.closeTo(60, 0)]);
    const both = [
      { key: 'bob', cost: 0.5 },
      { key: 'ann', cost: 40 },
    ];
    const left = [expect.closeTo(159.5, 0), expect.closeTo(20, 0)];
    expect(await spending.spend(both)).toEqual(left);
    const handshakes = spendingOf('handshakes', slow);
    expect(await handshakes.spend([{ key: '2001:db8::/64', cost: 1 }])).toEqual([
      expect.closeTo(159, 0),
    ]);
    const byAddress = spendingOf('address', slow);
    expect(await byAddress.spend([{ key: '2001:db8::/64', cost: 10 }])).toEqual([
      expect.closeTo(150, 0),
    ]);
  });

  it('is owed for half a minute at most', async () => {
    const rate = { perSecond: 1, burst: 1 };
    const { spending } = createGateways(0, rate);
    expect(await spending.spend([{ key: 'ann', cost: 10_000 }])).toEqual([-30]);
  });

  it('comes back by the time of Redis, and a bucket that is full is gone', async () => {
    const { keys, spending } = createGateways(0, fast);
    const [left] = await spending.spend([{ key: 'ann', cost: 200 }]);
    expect(left).toBe(-100);
    const key = keys.spending('user', 'ann');
    await expect.poll(() => connection().send(key, 'EXISTS', key)).toBe(0);
    expect(await spending.spend([{ key: 'ann', cost: 0 }])).toEqual([100]);
  });

  it('by two gateways at once is ahead by what one might spend, once, and no more after', async () => {
    const { keys, buckets, time, errors } = createGateways(2);
    // Each gives all that one would give, as nobody was told.
    for (const each of buckets) {
      for (let n = 0; n < 160; n += 1) expect(each.tryTake('ann', 1)).toBe(true);
      expect(each.tryTake('ann', 1)).toBe(false);
    }
    const key = keys.spending('user', 'ann');
    const isOwed = async () => String(await connection().send(key, 'GET', key)).startsWith('-');
    time.advance(500);
    await expect.poll(isOwed).toBe(true);
    // Whoever was told first knows of the other with the next telling. What is owed here alone is paid by then.
    for (const each of buckets) each.take('ann', 20);
    time.advance(500);
    time.advance(2_000);
    const owesMs = () => buckets.map((each) => each.take('ann', 0));
    await expect.poll(owesMs).toEqual([1_000, 1_000]);
    expect(errors).toEqual([]);
    for (const each of buckets) each.clear();
  });

  it('goes on at each gateway alone while Redis is away, and is told of when it is back', async () => {
    const own = await startRedis();
    const line = await connectTo(own, { commandTimeoutMs: 300 });
    const keys = ownKeys();
    const time = createManualTime();
    const errors: unknown[] = [];
    const spending = redisAllowances({ gateway: 'here', line, keys }).spendingOf('user', slow);
    const onError = (error: unknown) => errors.push(error);
    const buckets = createSharedBuckets({ rate: slow, time, spending, onError });
    onTestFinished(() => buckets.clear());
    await own.kill();
    expect(buckets.tryTake('ann', 160)).toBe(true);
    expect(buckets.tryTake('ann', 1)).toBe(false);
    time.advance(500);
    await expect.poll(() => errors.length).toBe(1);
    await own.start();
    const key = keys.spending('user', 'ann');
    const isTold = async () => {
      time.advance(500);
      return (await own.command('GET', key)) !== null;
    };
    await expect.poll(isTold, { timeout: 10_000 }).toBe(true);
    expect(await own.command('GET', key)).toMatch(/^[0-9.]+ \d/);
    expect(errors).toHaveLength(1);
  });
});

describe('the connections of users, in Redis', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  function createTallies() {
    const keys = ownKeys();
    const [here, there] = ['here', 'there'].map(
      (gateway) => redisAllowances({ gateway, line: connection(), keys }).tally,
    );
    return { keys, here, there };
  }

  it('are counted over all gateways, each by what it said last', async () => {
    const { keys, here, there } = createTallies();
    expect(await here?.tell('ann', 2, leaseMs)).toBe(2);
    expect(await there?.tell('ann', 3, leaseMs)).toBe(5);
    expect(await here?.tell('ann', 4, leaseMs)).toBe(7);
    expect(await here?.tell('bob', 2, leaseMs)).toBe(2);
    expect(await here?.tell('ann', 0, leaseMs)).toBe(3);
    expect(await there?.tell('ann', 0, leaseMs)).toBe(0);
    const key = keys.userConnections('ann');
    expect(await connection().send(key, 'EXISTS', key)).toBe(0);
  });

  it('do not count once their gateway’s lease has ended, and are gone with the last', async () => {
    const { keys, here, there } = createTallies();
    await here?.tell('ann', 40, 50);
    await expect.poll(() => there?.tell('ann', 2, leaseMs)).toBe(2);
    await there?.tell('ann', 2, 50);
    const key = keys.userConnections('ann');
    await expect.poll(() => connection().send(key, 'EXISTS', key)).toBe(0);
  });

  it('are as many as a user may have, whoever asks at the same moment', async () => {
    const time = createManualTime();
    const { here, there } = createTallies();
    const gateways = [here, there].flatMap((tally) => {
      const users = createUsers();
      const options = { users, most: 10, time, leaseMs, onError: expect.fail };
      return tally ? [{ users, connections: createSharedConnections({ tally, ...options }) }] : [];
    });
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, n) => gateways[n % 2]).map((gateway) => {
        gateway?.users.add('ann', { close() {}, fallSilent() {} });
        return gateway?.connections.opened('ann');
      }),
    );
    const mayStay = opened.filter(Boolean).length;
    // The first at each gateway is not told of.
    expect(mayStay).toBeLessThanOrEqual(11);
    expect(mayStay).toBeGreaterThanOrEqual(10);
    for (const { connections } of gateways) connections.clear();
  });
});

describe('a user at two gateways on one Redis', () => {
  const connection = sharedConnection(sharedRedis());

  it('is sent away with one connection too many', async () => {
    const keys = ownKeys();
    const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
    const [here, there] = ['here', 'there'].map((gateway) =>
      createTestChat(undefined, {
        people,
        allowances: { ...defaultAllowances, connectionsPerUser: 3 },
        sharedAllowances: sharedAllowancesThrough(
          redisAllowances({ gateway, line: connection(), keys }),
        ),
      }),
    );
    async function come(chat: TestChat | undefined, token?: string) {
      const client = chat?.connect() ?? expect.fail('there is no gateway');
      client.send({ t: 'auth', name: 'Ann', resume: [], ...(token !== undefined && { token }) });
      const outcome = () => client.closedWith ?? client.all('ready').length;
      await expect.poll(outcome).toBeGreaterThan(0);
      return client;
    }
    const { token } = (await come(here)).last('ready');
    const clients = [];
    for (const chat of [here, here, there, there]) clients.push(await come(chat, token));
    const codes = clients.map(({ closedWith }) => closedWith);
    const { code } = closeCodes.tooManyConnections;
    expect(codes).toEqual([undefined, undefined, undefined, code]);
    // Its gateway ends as it should: nobody waits for a lease.
    await here?.server.drain([0, 0]);
    for (const client of clients) client.end();
    for (let n = 0; n < 3; n += 1) expect((await come(there, token)).closedWith).toBeUndefined();
    for (const chat of [here, there]) await chat?.server.drain([0, 0]);
    expect([...(here?.errors ?? []), ...(there?.errors ?? [])]).toEqual([]);
  });
});

describe('what gateways spend, in a Redis Cluster', () => {
  const nodes = sharedRedisCluster();
  const connection = sharedConnection(() => nodes()[0] ?? expect.fail('there is no node'));

  it('is told of many at once, wherever they are', async () => {
    const ports = redisAllowances({ gateway: 'here', line: connection(), keys: ownKeys() });
    const spending = ports.spendingOf('user', slow);
    const spent = Array.from({ length: 50 }, (_, n) => ({ key: `user${n}`, cost: n }));
    const left = await spending.spend(spent);
    expect(left).toEqual(spent.map(({ cost }) => expect.closeTo(160 - cost, 0)));
    expect(await spending.spend(spent)).toEqual(
      spent.map(({ cost }) => expect.closeTo(160 - 2 * cost, 0)),
    );
  });
});
