/**
 * Keeps the read marks of all rooms together within a bound: those that moved longest ago give way, wherever
 * they are. For each room an index knows how many marks it has, and since when its oldest has not moved, at
 * the least: it is told when a room gets another mark, never when one moves. So a room that comes first there
 * is looked at before anything is taken from it.
 */
import * as v from 'valibot';
import { createCountedIndex } from './countedIndex';
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

const leftSchema = v.tuple([v.number(), v.string()]);

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
  const index = createCountedIndex({
    line,
    keys: [keys.markedRooms(), keys.markCounts()],
    most: maxMarks,
  });

  async function take(room: string, most: number, beforeUs: string): Promise<RoomMarks> {
    const ofRoom = [keys.roomMarks(room), keys.roomMarksMoved(room)] as const;
    const args = [String(most), beforeUs];
    const answer = await runScript(line, { script: takeScript, keys: ofRoom, args });
    const [count, oldestUs] = v.parse(leftSchema, answer);
    return { count, oldestUs };
  }

  return {
    async grew(room, { count, oldestUs }) {
      let known = await index.note(room, count, oldestUs);
      for (let looks = 0; looks < roomsLookedAt && known.over > 0; looks += 1) {
        const { over, oldest, nextUs } = known;
        const left = await take(oldest, Math.min(over, takenAtOnce), nextUs);
        known = await index.note(oldest, left.count, left.oldestUs);
      }
    },
  };
}
