/**
 * An index of all that something is kept of, rooms or users: how much of each, and how old it is. By it what is kept
 * of all together stays within a bound, wherever in a cluster it is.
 */
import * as v from 'valibot';
import type { RedisLine } from './redisLine';
import { defineScript, runScript } from './scripts';

export interface CountedIndexOptions {
  line: RedisLine;
  /** A sorted set: each by its age; and a hash: how much of each, and under '' of all. Of one hash tag. */
  keys: readonly [ages: string, counts: string];
  /** How much may be kept of all. */
  most: number;
}

/** What is there by now. */
export interface Counted {
  /** How much too much. */
  readonly over: number;
  /** The oldest of all, '' where there is none; and how old the next one is, in µs. */
  readonly oldest: string;
  readonly nextUs: string;
}

export interface CountedIndex {
  /** So much is kept of one by now; it is as old as that, in µs by the time of Redis, or has just been heard of. */
  note(name: string, count: number, ageUs?: string): Promise<Counted>;
}

const countedSchema = v.tuple([v.number(), v.string(), v.string()]);

/** `ARGV`: whose, count, age or '' for now, how much there may be. Answers what `Counted` says, in its order. */
const noteScript = defineScript(`
local known = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
local total = redis.call('HINCRBY', KEYS[2], '', tonumber(ARGV[2]) - known)
if tonumber(ARGV[2]) > 0 then
  local age = ARGV[3]
  if age == '' then
    local time = redis.call('TIME')
    age = string.format('%.0f', time[1] * 1000000 + time[2])
  end
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[1], age, ARGV[1])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
local first = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
return { math.max(0, total - tonumber(ARGV[4])), first[1] or '', first[4] or '+inf' }`);

export function createCountedIndex({ line, keys, most }: CountedIndexOptions): CountedIndex {
  return {
    async note(name, count, ageUs = '') {
      const args = [name, String(count), ageUs, String(most)];
      const answer = await runScript(line, { script: noteScript, keys, args });
      const [over, oldest, nextUs] = v.parse(countedSchema, answer);
      return { over, oldest, nextUs };
    },
  };
}
