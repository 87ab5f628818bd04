/**
 * Keeps the read marks of all rooms together within a bound: those that moved longest ago give way, wherever
 * they are. For each room an index knows how many marks it has, and since when its oldest has not moved, at
 * the least: it is told when a room gets another mark, never when one moves. So a room that comes first there
 * is looked at before anything is taken from it.
 */
import * as v from 'valibot';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { defineScript, runScript } from './scripts';

/** The marks of a room: how many, and when the oldest moved, in µs by the time of Redis. */
interface RoomMarks {
  readonly count: number;
  readonly oldestUs: string;
}

export interface MarkBound {
  /** The room has marks that it had not before. Others are taken away where they are too many. */
  grew(room: string, marks: RoomMarks): Promise<void>;
}

export interface MarkBoundOptions {
  line: RedisLine;
  keys: RedisKeys;
  maxMarks: number;
}

/** So many rooms are looked at with each that grew; what is still too much then goes with the next. */
const roomsLookedAt = 16;

/** So many marks are taken from a room at once. */
const takenAtOnce = 1_000;

const overSchema = v.tuple([v.number(), v.string(), v.string()]);
const leftSchema = v.tuple([v.number(), v.string()]);

/**
 * Notes a room in the index. `ARGV`: room, count, oldest, how many there may be. Answers how many there are too
 * many, the room with the oldest of all, and how old they are elsewhere.
 */
const noteScript = defineScript(`
local known = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
local total = redis.call('HINCRBY', KEYS[2], '', tonumber(ARGV[2]) - known)
if tonumber(ARGV[2]) > 0 then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
local first = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
return { math.max(0, total - tonumber(ARGV[4])), first[1] or '', first[4] or '+inf' }`);

/** Takes away so many marks of a room that moved before. `ARGV`: how many, when. Answers what is left. */
const takeScript = defineScript(`
local ids = redis.call('ZRANGE', KEYS[2], '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[1])
if #ids > 0 then
  redis.call('HDEL', KEYS[1], unpack(ids))
  redis.call('ZREM', KEYS[2], unpack(ids))
end
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return { redis.call('HLEN', KEYS[1]), oldest[2] or '0' }`);

export function createMarkBound({ line, keys, maxMarks }: MarkBoundOptions): MarkBound {
  async function note(room: string, { count, oldestUs }: RoomMarks) {
    const index = [keys.markedRooms(), keys.markCounts()] as const;
    const args = [room, String(count), oldestUs, String(maxMarks)];
    const answer = await runScript(line, { script: noteScript, keys: index, args });
    const [over, oldestRoom, othersUs] = v.parse(overSchema, answer);
    return { over, oldestRoom, othersUs };
  }

  async function take(room: string, most: number, beforeUs: string): Promise<RoomMarks> {
    const ofRoom = [keys.roomMarks(room), keys.roomMarksMoved(room)] as const;
    const args = [String(most), beforeUs];
    const answer = await runScript(line, { script: takeScript, keys: ofRoom, args });
    const [count, oldestUs] = v.parse(leftSchema, answer);
    return { count, oldestUs };
  }

  return {
    async grew(room, marks) {
      let known = await note(room, marks);
      for (let looks = 0; looks < roomsLookedAt && known.over > 0; looks += 1) {
        const { over, oldestRoom, othersUs } = known;
        const left = await take(oldestRoom, Math.min(over, takenAtOnce), othersUs);
        known = await note(oldestRoom, left);
      }
    },
  };
}
