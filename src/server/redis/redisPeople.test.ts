import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedRedis, sharedRedisCluster, startRedis } from '../../e2e/support/redis';
import { closeCodes } from '../../protocol/closeCodes';
import { createManualTime, type ManualTime } from '../../testing/manualTime';
import { describePeopleContract } from '../chat/people/peopleContract';
import { createTestChat, type TestChat } from '../chat/testChat';
import { LogUnavailableError } from '../log/log';
import type { RedisKeys } from './keys';
import { createRedisPeople, openRedisPeople, type RedisPeopleOptions } from './redisPeople';
import { connectTo, newId, ownKeys, sharedConnection } from './testRedis';

const day = 86_400_000;
const ann = { id: 'u1', name: 'Ann' };

describe('on one Redis', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  describePeopleContract('people in Redis', (options) =>
    createRedisPeople({ line: connection(), keys: ownKeys(), ...options }),
  );

  /** Gateways with the same people. */
  function createWorld(options: Partial<RedisPeopleOptions> = {}) {
    const time = createManualTime();
    const keys = ownKeys();
    return {
      time,
      keys,
      open: () => createRedisPeople({ line: connection(), keys, time, ...options }),
    };
  }

  describe('people in Redis', () => {
    it('are the same at all gateways', async () => {
      const { time, open } = createWorld();
      const [here, there] = [open(), open()];
      expect(await here.names.claim(ann, time.now() + day)).toBe(true);
      expect(await there.names.claim({ id: 'u2', name: 'ann' }, time.now() + day)).toBe(false);
      expect(await there.names.claim(ann, time.now() + day)).toBe(true);
      await there.revocations.revoke('u2', time.now() + day);
      expect(await here.revocations.isRevoked('u2')).toBe(true);
      await here.marks.move(ann, 'lobby', 'e1', 7);
      await here.close();
      expect(await there.marks.seqOf('u1', 'lobby', 'e1')).toBe(7);
      expect(await there.marks.inRoom('lobby', 'e1', 50)).toEqual([{ user: ann, seq: 7 }]);
    });

    it('who sign out at one gateway are let in at no other by what they had', async () => {
      const { open } = createWorld();
      const [here, there] = [open(), open()].map((people) =>
        createTestChat(undefined, { people, newId }),
      );
      async function come(chat: TestChat | undefined, token?: string) {
        const client = chat?.connect() ?? expect.fail('there is no gateway');
        client.send({ t: 'auth', name: 'Ann', resume: [], ...(token !== undefined && { token }) });
        const outcome = () => client.closedWith ?? client.all('ready').length;
        await expect.poll(outcome).toBeGreaterThan(0);
        return client;
      }
      const atHome = await come(here);
      const { token, user } = atHome.last('ready');
      const away = await come(there, token);
      expect(away.last('ready').user).toEqual(user);
      // Her name is hers at every gateway.
      expect((await come(there)).last('ready').user.tag).toBeDefined();
      atHome.send({ t: 'signout' });
      await expect.poll(() => atHome.closedWith).toBe(closeCodes.signedOut.code);
      expect((await come(there, token)).closedWith).toBe(closeCodes.badToken.code);
      away.send({ t: 'refresh' });
      await expect.poll(() => away.closedWith).toBe(closeCodes.badToken.code);
      // And is free for who comes next.
      expect((await come(there)).last('ready').user).toEqual({
        id: expect.any(String),
        name: 'Ann',
      });
    });

    it('of whom many come with one name at the same moment: one gets it', async () => {
      const { time, open } = createWorld();
      const gateways = [open(), open()];
      for (let round = 0; round < 30; round += 1) {
        const claims = Array.from({ length: 10 }, async (_, n) => {
          const guest = { id: `u${n}`, name: n % 3 === 0 ? `Ann ${round}` : `ann ${round}` };
          const isTheirs = await gateways[n % 2]?.names.claim(guest, time.now() + day);
          return isTheirs ? [guest.id] : [];
        });
        const owners = (await Promise.all(claims)).flat();
        expect(owners).toHaveLength(1);
        for (const { names } of gateways) {
          const claim = (id: string) => names.claim({ id, name: `Ann ${round}` }, time.now() + day);
          expect(await claim(owners[0] ?? '')).toBe(true);
          expect(await claim('u99')).toBe(false);
        }
      }
    });

    it('leave nothing of a name that they did not get: it is free for others', async () => {
      const { time, open } = createWorld();
      const { names } = open();
      // "lan" with a small L looks like "Ian" with a capital i, and reads like "Lan".
      expect(await names.claim({ id: 'u1', name: 'Ian' }, time.now() + day)).toBe(true);
      expect(await names.claim({ id: 'u2', name: 'lan' }, time.now() + day)).toBe(false);
      expect(await names.claim({ id: 'u3', name: 'Lan' }, time.now() + day)).toBe(true);
    });

    it('that a crash left half a name get it whole when they come again', async () => {
      const { time, keys, open } = createWorld();
      const until = time.now() + day;
      await connection().send('x', 'SET', keys.name('word ann'), `${until} u1`);
      const { names } = open();
      expect(await names.claim({ id: 'u2', name: 'ann' }, until)).toBe(false);
      expect(await names.claim(ann, until)).toBe(true);
      await names.release('u1');
      expect(await names.claim({ id: 'u2', name: 'ann' }, until)).toBe(true);
    });

    it('who come back often write seldom', async () => {
      const { time, keys, open } = createWorld();
      const { names } = open();
      const key = keys.name('word ann');
      const stored = () => connection().send(key, 'GET', key);
      await names.claim(ann, time.now() + 80 * day);
      const before = await stored();
      for (let visit = 0; visit < 9; visit += 1) {
        time.advance(day);
        expect(await names.claim(ann, time.now() + 80 * day)).toBe(true);
      }
      expect(await stored()).toBe(before);
      time.advance(2 * day);
      await names.claim(ann, time.now() + 80 * day);
      expect(await stored()).not.toBe(before);
    });

    it('stay signed out for as long as any gateway’s tokens hold', async () => {
      const { time, keys } = createWorld();
      const options = { line: connection(), keys, time };
      const { revocations } = await openRedisPeople(day, options);
      await openRedisPeople(365 * day, options);
      await openRedisPeople(2 * day, options);
      await revocations.revoke('u1', time.now() + day);
      time.advance(364 * day);
      expect(await revocations.isRevoked('u1')).toBe(true);
      time.advance(2 * day);
      expect(await revocations.isRevoked('u1')).toBe(false);
    });

    it('leave Redis by themselves once they have ended', async () => {
      const { time, keys, open } = createWorld();
      const { names, revocations } = open();
      await names.claim(ann, time.now() + day);
      await revocations.revoke('u1', time.now() + day);
      const left = (key: string) => connection().send(key, 'PTTL', key);
      for (const key of [keys.name('word ann'), keys.name('look Ann'), keys.userNames('u1')]) {
        expect(await left(key)).toBeGreaterThan(day);
        expect(await left(key)).toBeLessThanOrEqual((day * 9) / 8);
      }
      expect(await left(keys.userRevoked('u1'))).toBeGreaterThan(day - 60_000);
      expect(await left(keys.userRevoked('u1'))).toBeLessThanOrEqual(day);
    });

    it('are counted without those that have ended, which are forgotten', async () => {
      const { time, keys, open } = createWorld({ maxNames: 40 });
      const { names } = open();
      for (let guest = 0; guest < 200; guest += 1) {
        const name = `guest ${guest}`;
        expect(await names.claim({ id: `g${guest}`, name }, time.now() + 160)).toBe(true);
        time.advance(10);
      }
      expect(await connection().send('x', 'ZCARD', keys.names())).toBeLessThan(40);
    });

    it('are refused when it is no name and no sign-out that stands in Redis', async () => {
      const { time, keys, open } = createWorld();
      const { names, revocations } = open();
      await connection().send('x', 'SET', keys.name('word ann'), 'nonsense');
      await connection().send('x', 'SET', keys.userRevoked('u1'), 'nonsense');
      await expect(names.claim(ann, time.now() + day)).rejects.toThrow('a name in Redis');
      await expect(revocations.isRevoked('u1')).rejects.toThrow('nonsense');
    });
  });

  describe('how far people have read, in Redis', () => {
    /** How often a script was run or a hash was written: without that nothing is. */
    const writes = async () => {
      const info = String(await connection().send('x', 'INFO', 'commandstats'));
      return Number(/cmdstat_hset:calls=(\d+)/.exec(info)?.[1] ?? 0);
    };

    it.each(['nonsense', '7 e1 {"nom":"Ann"}'])(
      'is nothing where %s stands in Redis, until the next mark takes its place',
      async (text) => {
        const { time, keys, open } = createWorld();
        const { marks, close } = open();
        const bob = { id: 'u2', name: 'Bob' };
        await marks.move(bob, 'lobby', 'e1', 3);
        await connection().send('x', 'HSET', keys.roomMarks('lobby'), 'u1', text);
        await connection().send(
          'x',
          'ZADD',
          keys.roomMarksMoved('lobby'),
          String(time.now()),
          'u1',
        );
        expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(0);
        expect(await marks.inRoom('lobby', 'e1', 50)).toEqual([{ user: bob, seq: 3 }]);
        expect(await marks.move(ann, 'lobby', 'e1', 8)).toBe(true);
        await close();
        expect(await open().marks.seqOf('u1', 'lobby', 'e1')).toBe(8);
      },
    );

    it('is written within a second, many marks at once, each once', async () => {
      const { time, open } = createWorld();
      const { marks } = open();
      await marks.move(ann, 'lobby', 'e1', 1);
      time.advance(1_000);
      await marks.inRoom('lobby', 'e1', 1);
      const before = await writes();
      for (let seq = 2; seq <= 100; seq += 1) await marks.move(ann, 'lobby', 'e1', seq);
      expect(await writes()).toBe(before);
      time.advance(1_000);
      expect(await marks.inRoom('lobby', 'e1', 50)).toEqual([{ user: ann, seq: 100 }]);
      expect(await writes()).toBe(before + 1);
      expect(time.armed).toBe(0);
    });

    it('is written at once when too much waits, and none of it is lost', async () => {
      const { open, time } = createWorld();
      const [here, there] = [open(), open()];
      const moves = Array.from({ length: 1_500 }, (_, n) =>
        here.marks.move({ ...ann, id: `u${n}` }, n % 2 ? 'lobby' : 'garden', 'e1', 1),
      );
      await Promise.all(moves);
      await here.close();
      expect(time.armed).toBe(0);
      expect(await there.marks.inRoom('lobby', 'e1', 1_000)).toHaveLength(750);
      expect(await there.marks.inRoom('garden', 'e1', 1_000)).toHaveLength(750);
    });

    it('goes by the furthest, whichever gateway writes first', async () => {
      const { open } = createWorld();
      const [here, there] = [open(), open()];
      expect(await here.marks.move(ann, 'lobby', 'e1', 7)).toBe(true);
      expect(await there.marks.move(ann, 'lobby', 'e1', 5)).toBe(true);
      await here.close();
      await there.close();
      for (const { marks } of [here, there]) {
        expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(7);
        expect(await marks.move(ann, 'lobby', 'e1', 7)).toBe(false);
      }
    });

    it('is kept within its bound over all rooms, the latest of each', async () => {
      const { open, time, keys } = createWorld({ maxMarks: 20 });
      const { marks } = open();
      // Everybody reads the lobby first, and then a room of their own, but for one who reads on in the lobby.
      for (let n = 0; n < 15; n += 1) await marks.move({ ...ann, id: `u${n}` }, 'lobby', 'e1', 1);
      time.advance(1_000);
      for (let n = 0; n < 15; n += 1) {
        await marks.move({ ...ann, id: `u${n}` }, `room${n}`, 'e1', 1);
        await marks.move({ ...ann, id: 'u0' }, 'lobby', 'e1', n + 2);
        time.advance(1_000);
      }
      const inLobby = await marks.inRoom('lobby', 'e1', 50);
      expect(inLobby.map(({ user }) => user.id)).toEqual(['u0', 'u14', 'u13', 'u12', 'u11']);
      for (let n = 0; n < 15; n += 1) expect(await marks.seqOf(`u${n}`, `room${n}`, 'e1')).toBe(1);
      expect(await connection().send('x', 'HGET', keys.markCounts(), '')).toBe('20');
      expect(await connection().send('x', 'ZCARD', keys.markedRooms())).toBe(16);
    });
  });
});

describe('on a cluster', () => {
  const nodes = sharedRedisCluster();
  const connection = sharedConnection(() => nodes()[0] ?? expect.fail('there is no node'));

  describePeopleContract('people in a Redis Cluster', (options) =>
    createRedisPeople({ line: connection(), keys: ownKeys(), ...options }),
  );
});

describe('people in a Redis that is away', () => {
  async function createWorld(): Promise<{
    time: ManualTime;
    keys: RedisKeys;
    redis: Awaited<ReturnType<typeof startRedis>>;
    people: ReturnType<typeof createRedisPeople>;
  }> {
    const redis = await startRedis();
    const line = await connectTo(redis, { commandTimeoutMs: 300 });
    const [time, keys] = [createManualTime(), ownKeys()];
    const people = createRedisPeople({ line, keys, time });
    onTestFinished(() => people.close());
    return { time, keys, redis, people };
  }

  it.each(['kill', 'pause'] as const)('are asked for later, after a %s', async (fault) => {
    const { time, redis, people } = await createWorld();
    const { names, revocations, marks } = people;
    await marks.move(ann, 'lobby', 'e1', 3);
    await redis[fault]();
    const results = await Promise.allSettled([
      names.claim(ann, time.now() + day),
      names.release('u1'),
      revocations.revoke('u1', time.now() + day),
      revocations.isRevoked('u1'),
      marks.move(ann, 'garden', 'e1', 1),
      marks.inRoom('lobby', 'e1', 1),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ reason: expect.any(LogUnavailableError) });
    }
    // What was read here is known here, and written later.
    expect(await marks.move(ann, 'lobby', 'e1', 4)).toBe(true);
    time.advance(1_000);
    expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(4);
    await (fault === 'kill' ? redis.start() : redis.resume());
    await expect.poll(() => revocations.isRevoked('u9').catch(() => 'away')).toBe(false);
    expect(await marks.inRoom('lobby', 'e1', 1)).toEqual([{ user: ann, seq: 4 }]);
    expect(await names.claim(ann, time.now() + day)).toBe(true);
  });

  it('are what they were after kill -9 and a restart, as far as was answered', async () => {
    const { time, redis, people } = await createWorld();
    await people.names.claim(ann, time.now() + day);
    await people.revocations.revoke('u2', time.now() + day);
    await redis.kill();
    await redis.start();
    await expect.poll(() => people.revocations.isRevoked('u2').catch(() => 'away')).toBe(true);
    expect(await people.names.claim({ id: 'u3', name: 'ann' }, time.now() + day)).toBe(false);
  });

  it('have signed out only once as many replicas know of it as were asked for', async () => {
    const [master, replica] = [await startRedis(), await startRedis()];
    await replica.replicaOf(master);
    const [time, keys] = [createManualTime(), ownKeys()];
    const line = await connectTo(master);
    const wait = { replicas: 1, timeoutMs: 200 };
    const { revocations } = createRedisPeople({ line, keys, time, wait });
    await expect
      .poll(() => revocations.revoke('u1', time.now() + day).catch(() => 'not yet'))
      .toBeUndefined();
    expect(await replica.command('GET', keys.userRevoked('u1'))).toBe(String(time.now() + day));
    await replica.pause();
    await expect(revocations.revoke('u2', time.now() + day)).rejects.toThrow('0 of 1 replicas');
  });
});
