/**
 * Which users have a line at this gateway, as written in Redis: a hash for each user, one field for each lease
 * by which they have one. It counts while that lease lives.
 */
import * as v from 'valibot';
import { createKeyedWork } from './keyedWork';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { type EntryChanges, WantedEntries } from './wantedEntries';

export interface UserLineEntriesOptions {
  keys: RedisKeys;
  redis: RedisLine;
  /** The lease that lives; undefined if none does for certain. */
  lease(): string | undefined;
  onError(error: unknown): void;
}

export interface UserLineEntries {
  came(userId: string): void;
  left(userId: string): void;
  /** Nothing stands under the lease, which is another one: all is written. */
  writeAnew(): void;
  /** Tries again what could not be written. */
  retry(): void;
  /** The leases by which the user has a line, alive or not, this gateway's included. May reject. */
  leasesOf(userId: string): Promise<string[]>;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

/** So many users are written in one go. */
const maxChanges = 500;

export function createUserLineEntries(options: UserLineEntriesOptions): UserLineEntries {
  const { keys, redis, lease, onError } = options;
  const wanted = new WantedEntries<true>();
  const writing = createKeyedWork({ maxAtOnce: 1, work: write, onError });
  const ask = () => writing.ask('lines');

  async function write(): Promise<void> {
    for (let by = lease(); by; by = lease()) {
      const changes = wanted.take(maxChanges);
      if (!changes) return;
      try {
        await apply(by, changes);
      } catch {
        // Redis is away, most likely: it is written with the next renewal.
        wanted.putBack(changes);
        return;
      }
    }
  }

  async function apply(by: string, { set, removed }: EntryChanges<true>): Promise<void> {
    const users = keys.leaseUsers(by);
    const came = set.map(([id]) => id);
    // Listed before and unlisted after, so that whoever cleans up finds every one.
    if (came.length > 0) await redis.send(users, 'SADD', users, ...came);
    await Promise.all([
      ...came.map((id) => redis.send(keys.userLines(id), 'HSET', keys.userLines(id), by, '1')),
      ...removed.map((id) => redis.send(keys.userLines(id), 'HDEL', keys.userLines(id), by)),
    ]);
    if (removed.length > 0) await redis.send(users, 'SREM', users, ...removed);
  }

  return {
    came(userId) {
      wanted.set(userId, true);
      ask();
    },

    left(userId) {
      wanted.remove(userId);
      ask();
    },

    writeAnew() {
      wanted.writeAnew();
      ask();
    },

    retry() {
      if (wanted.hasChanges) ask();
    },

    async leasesOf(userId) {
      const key = keys.userLines(userId);
      return v.parse(v.array(v.string()), await redis.send(key, 'HKEYS', key));
    },

    settled: writing.settled,
  };
}
