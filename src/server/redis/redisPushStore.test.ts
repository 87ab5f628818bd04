import { describe, expect, it } from 'vitest';
import { sharedRedis, sharedRedisCluster, startRedis } from '../../e2e/support/redis';
import { limits } from '../../protocol/limits';
import { createManualTime } from '../../testing/manualTime';
import { describePushStoreContract, registrationOf as of } from '../chat/push/pushStoreContract';
import { LogUnavailableError, RoomUnavailableError } from '../log/log';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { createRedisPushStore, type RedisPushStoreOptions } from './redisPushStore';
import { connectTo, ownKeys, sharedConnection } from './testRedis';

const rememberedMs = 5_000;

function createWorld(line: RedisLine, keys: RedisKeys = ownKeys()) {
  const time = createManualTime();
  const open = (publicKey = 'key', damagedRooms?: RedisPushStoreOptions['damagedRooms']) =>
    createRedisPushStore({ line, keys, time, publicKey, rememberedMs, damagedRooms });
  const openBounded = (maxRegistrations: number) =>
    createRedisPushStore({ line, keys, time, publicKey: 'key', rememberedMs, maxRegistrations });
  return { time, keys, open, openBounded };
}

describe('on one Redis', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  describePushStoreContract('push in Redis', () => createWorld(connection()));

  describe('the registrations in Redis', () => {
    /** How often all of a room or a user was read. */
    const reads = async () => {
      const info = String(await connection().send('x', 'INFO', 'commandstats'));
      return Number(/cmdstat_hgetall:calls=(\d+)/.exec(info)?.[1] ?? 0);
    };

    it('are pushed to by another gateway after a while, and not asked for with each message', async () => {
      const { time, open } = createWorld(connection());
      const [here, there] = [open(), open()];
      expect(await there.inRoom('tea')).toEqual([]);
      await here.add(of('ann', 'tea', 'e1'));
      expect(await here.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
      time.advance(rememberedMs - 1);
      expect(await there.inRoom('tea')).toEqual([]);
      time.advance(1);
      expect(await there.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
      await here.remove('ann', {});
      expect(await here.inRoom('tea')).toEqual([]);
      // Asked about before each push.
      expect(await there.ofUser('ann')).toEqual([]);
      time.advance(rememberedMs);
      expect(await there.inRoom('tea')).toEqual([]);
    });

    it('are read again only where they have changed, by all who ask at once together', async () => {
      const { time, open } = createWorld(connection());
      const [here, there] = [open(), open()];
      await here.add(of('ann', 'tea', 'e1'));
      const before = await reads();
      await Promise.all([there.inRoom('tea'), there.inRoom('tea'), there.inRoom('tea')]);
      expect(await reads()).toBe(before + 1);
      time.advance(rememberedMs);
      expect(await there.inRoom('tea')).toHaveLength(1);
      expect(await reads()).toBe(before + 1);
      await here.add(of('bob', 'tea', 'e2'));
      time.advance(rememberedMs);
      expect(await there.inRoom('tea')).toHaveLength(2);
    });

    it('are seen at once by who has changed them while they were being read', async () => {
      const { open } = createWorld(connection());
      const store = open();
      for (let round = 0; round < 20; round += 1) {
        const user = `u${round}`;
        const reading = store.inRoom('tea');
        const adding = store.add(of(user, 'tea', 'e'));
        await Promise.all([reading, adding, store.inRoom('tea')]);
        expect((await store.inRoom('tea')).map(({ userId }) => userId)).toContain(user);
      }
    });

    it('that were cut short in between are whole once they are said again', async () => {
      const { keys, open } = createWorld(connection());
      await open().add(of('ann', 'tea', 'e1'));
      // As if the gateway had died before it wrote to the room.
      await connection().send('x', 'DEL', keys.roomPush('tea'));
      expect(await open().inRoom('tea')).toEqual([]);
      await open().add(of('ann', 'tea', 'e1'));
      expect(await open().inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
    });

    it('that are said again while they are being removed do not stay with the room alone', async () => {
      const { open } = createWorld(connection());
      const [here, there] = [open(), open()];
      for (let round = 0; round < 50; round += 1) {
        await here.add(of('ann', 'tea', 'e'));
        await Promise.all([here.remove('ann', {}), there.add(of('ann', 'tea', 'e'))]);
        const [inRoom, ofUser] = [await open().inRoom('tea'), await open().ofUser('ann')];
        for (const each of inRoom) expect(ofUser).toContainEqual(each);
      }
    });

    it('by two gateways at once stay within the bounds of a user, with room and user agreed', async () => {
      const { open } = createWorld(connection());
      const gateways = [open(), open()];
      const rooms = ['tea', 'cake', 'jam'];
      await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          gateways[n % 2]?.add(of('ann', rooms[n % 3] ?? '', `e${n % 15}`)),
        ),
      );
      // Of those that came at the same moment some may have stayed, until the next.
      const store = open();
      await store.add(of('ann', 'tea', 'e0'));
      const ofUser = await store.ofUser('ann');
      const endpoints = new Set(ofUser.map(({ subscription }) => subscription.endpoint));
      expect(endpoints.size).toBeLessThanOrEqual(limits.pushEndpointsPerUser);
      const inRooms = (await Promise.all(rooms.map((room) => store.inRoom(room)))).flat();
      for (const each of inRooms) expect(ofUser).toContainEqual(each);
    });

    it('leave nothing behind once all are removed', async () => {
      const { keys, open } = createWorld(connection());
      await open().add(of('ann', 'tea', 'e1'));
      await open().remove('ann', {});
      const ofAll = keys.pushedUsers();
      for (const key of [keys.roomPush('tea'), keys.userPush('ann'), ofAll]) {
        expect(await connection().send(key, 'EXISTS', key)).toBe(0);
      }
    });

    it('give way to others though somebody has damaged them', async () => {
      const { keys, openBounded } = createWorld(connection());
      const store = openBounded(2);
      await store.add(of('ann', 'tea', 'e1'));
      await connection().send('x', 'SET', keys.userPush('ann'), 'nonsense');
      for (const user of ['bob', 'cid', 'dan']) await store.add(of(user, 'tea', 'e1'));
      expect(await store.ofUser('bob')).toEqual([]);
      expect(await store.ofUser('cid')).toHaveLength(1);
      expect(await connection().send('x', 'HGET', keys.pushCounts(), '')).toBe('2');
    });

    it('are refused when something else stands in Redis, and the room is named', async () => {
      const { keys, open } = createWorld(connection());
      const told: string[] = [];
      const damagedRooms = {
        failed: (room: string, error: unknown) => told.push(`${room}: ${error}`),
        worked() {},
      };
      await connection().send('x', 'HSET', keys.roomPush('tea'), 'ann e1', 'nonsense');
      await connection().send('x', 'HSET', keys.userPush('ann'), 'e1 tea', 'k 1 {"p256dh":1}');
      const inRoom = open('key', damagedRooms).inRoom('tea');
      await expect(inRoom).rejects.toThrow('a push registration in Redis is none');
      await expect(inRoom).rejects.toBeInstanceOf(RoomUnavailableError);
      const key = keys.roomPush('tea');
      expect(told).toEqual([`tea: DamagedKeyError: ${key} has a registration that is none`]);
      await expect(open().ofUser('ann')).rejects.toThrow('Expected string');
    });
  });
});

describe('on a cluster', () => {
  const nodes = sharedRedisCluster();
  const connection = sharedConnection(() => nodes()[0] ?? expect.fail('there is no node'));

  describePushStoreContract('push in a Redis Cluster', () => createWorld(connection()));
});

describe('registrations in a Redis that is away', () => {
  it('are asked for later, but for what is remembered', async () => {
    const redis = await startRedis();
    const { time, open } = createWorld(await connectTo(redis, { commandTimeoutMs: 300 }));
    const store = open();
    await store.add(of('ann', 'tea', 'e1'));
    expect(await store.inRoom('tea')).toHaveLength(1);
    await redis.kill();
    expect(await store.inRoom('tea')).toHaveLength(1);
    time.advance(rememberedMs);
    const results = await Promise.allSettled([
      store.inRoom('tea'),
      store.inRoom('tea'),
      store.ofUser('ann'),
      store.add(of('bob', 'tea', 'e2')),
      store.remove('ann', {}),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ reason: expect.any(LogUnavailableError) });
    }
    await redis.start();
    await expect.poll(() => store.ofUser('ann').catch(() => 'away')).toHaveLength(1);
    expect(await store.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
  });
});
