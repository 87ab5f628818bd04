/**
 * Takes away what was written under a lease that has ended. Whoever takes the lock first does it; should that
 * one die over it, another does it once the lock has ended. Nothing is written under such a lease any
 * more, so it does no harm to do it twice.
 */
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { scanned } from './scanned';

export interface ReaperOptions {
  keys: RedisKeys;
  redis: RedisLine;
  /** How long the lock holds, in ms. */
  lockMs: number;
  /** What was written under the lease is gone, by this gateway's doing. */
  reaped(lease: string): void;
}

export interface Reaper {
  /** Takes it away unless somebody else does. May reject, having done part of it. */
  reap(lease: string): Promise<void>;
  /** Goes no further with what is under way, which then rejects. */
  stop(): void;
}

export function createReaper({ keys, redis: given, lockMs, reaped }: ReaperOptions): Reaper {
  const underWay = new Set<string>();
  let isStopped = false;
  const redis: Pick<RedisLine, 'send'> = {
    send: (key, ...args) =>
      isStopped ? Promise.reject(new Error('the gateway has ended')) : given.send(key, ...args),
  };

  async function takeLock(lease: string): Promise<boolean> {
    // It is left to end by itself: who has read late that the lease ended finds it taken.
    const lock = keys.leaseReaper(lease);
    return (await redis.send(lock, 'SET', lock, '1', 'NX', 'PX', String(lockMs))) === 'OK';
  }

  async function emptyRoom(room: string, lease: string): Promise<void> {
    const here = keys.roomHere(room);
    for await (const part of scanned(redis, 'HSCAN', here, 'MATCH', `${lease} *`)) {
      const fields = part.filter((_, index) => index % 2 === 0);
      if (fields.length > 0) await redis.send(here, 'HDEL', here, ...fields);
    }
  }

  async function sweep(lease: string): Promise<void> {
    const [rooms, users] = [keys.leaseRooms(lease), keys.leaseUsers(lease)];
    for await (const part of scanned(redis, 'SSCAN', rooms)) {
      for (const some of inParts(part)) {
        await Promise.all(some.map((room) => emptyRoom(room, lease)));
      }
    }
    for await (const part of scanned(redis, 'SSCAN', users)) {
      for (const some of inParts(part)) {
        await Promise.all(
          some.map((id) => redis.send(keys.userLines(id), 'HDEL', keys.userLines(id), lease)),
        );
      }
    }
    await redis.send(rooms, 'UNLINK', rooms);
    await redis.send(users, 'UNLINK', users);
    await redis.send(keys.gateways(), 'ZREM', keys.gateways(), lease);
  }

  return {
    stop() {
      isStopped = true;
    },
    async reap(lease) {
      if (underWay.has(lease)) return;
      underWay.add(lease);
      try {
        if (!(await takeLock(lease))) return;
        await sweep(lease);
        reaped(lease);
      } finally {
        underWay.delete(lease);
      }
    },
  };
}

/** So many are asked for at once. */
const partSize = 64;

function* inParts(all: readonly string[]): Generator<string[]> {
  for (let start = 0; start < all.length; start += partSize) {
    yield all.slice(start, start + partSize);
  }
}
