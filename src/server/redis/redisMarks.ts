/**
 * How far users have read rooms, in Redis. Marks move with nearly every message that is read, and a mark is
 * not worth a command of its own: each gateway keeps them for a second and writes them together, room by room.
 * Until then no other gateway knows of them, and a crash takes that second back.
 */
import * as v from 'valibot';
import type { Cancel, Time } from '../../connection/ports';
import type { User } from '../../protocol/user';
import type { ReadMarks } from '../chat/ports';
import type { RedisKeys } from './keys';
import { createMarkBound } from './markBound';
import type { RedisLine } from './redisLine';
import { defineScript, runScript } from './scripts';

export interface RedisMarks extends ReadMarks {
  /** Writes what is not written yet, and leaves no timer. */
  close(): Promise<void>;
}

export interface RedisMarksOptions {
  line: RedisLine;
  keys: RedisKeys;
  time: Time;
  /** How many marks may be kept, in all rooms: what moved longest ago gives way. */
  maxMarks?: number;
}

/** How long a mark may stay unwritten, in ms. */
const writeDelayMs = 1_000;

/** With so many unwritten ones nobody waits any longer. */
const maxUnwritten = 1_000;

/** So many unwritten ones are kept while Redis takes nothing; then the oldest of them are lost. */
const maxUnwritable = 10_000;

/** So many marks of a room go with one script. */
const marksPerScript = 200;

interface Mark {
  readonly user: User;
  readonly room: string;
  readonly epoch: string;
  readonly seq: number;
}

const userSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ name: v.string(), tag: v.optional(v.string()) }),
);

/** A mark as it stands in Redis: how far, in which log, and whose. */
const markSchema = v.pipe(
  v.string(),
  v.regex(/^\d+ \S+ \{/, 'a mark in Redis is none'),
  v.transform((text) => {
    const [seq, epoch] = text.split(' ', 2);
    const named = text.slice(text.indexOf('{'));
    return { seq: Number(seq), epoch, named };
  }),
  v.object({ seq: v.number(), epoch: v.string(), named: userSchema }),
);

function markIn(text: unknown): v.InferOutput<typeof markSchema> | undefined {
  const result = v.safeParse(markSchema, text);
  return result.success ? result.output : undefined;
}

const movedSchema = v.tuple([v.number(), v.number(), v.string()]);

/**
 * Moves marks of a room. `ARGV`: user, epoch, seq and name of each. Answers how many are new, how many there
 * are, and when the oldest of them moved, in µs by the time of Redis.
 */
const moveScript = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local new = 0
for i = 1, #ARGV, 4 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local seq, epoch
  if known then seq, epoch = string.match(known, '^(%d+) (%S+) ') else new = new + 1 end
  if epoch ~= ARGV[i + 1] or tonumber(seq) < tonumber(ARGV[i + 2]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2] .. ' ' .. ARGV[i + 1] .. ' ' .. ARGV[i + 3])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[i])
    now = now + 1
  end
end
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return { new, redis.call('HLEN', KEYS[1]), oldest[2] or '0' }`);

/**
 * The marks that moved last, as user and mark in turn. `ARGV`: epoch, how many. Marks in other logs are passed
 * over, up to a bound.
 */
const listScript = defineScript(`
local found = {}
for from = 0, 1800, 200 do
  local ids = redis.call('ZRANGE', KEYS[2], from, from + 199, 'REV')
  if #ids == 0 then break end
  local marks = redis.call('HMGET', KEYS[1], unpack(ids))
  for i = 1, #ids do
    if #found == 2 * tonumber(ARGV[2]) then return found end
    if marks[i] and string.match(marks[i], '^%d+ (%S+) ') == ARGV[1] then
      found[#found + 1] = ids[i]
      found[#found + 1] = marks[i]
    end
  end
end
return found`);

export function createRedisMarks(options: RedisMarksOptions): RedisMarks {
  const { line, keys, time, maxMarks = 1_000_000 } = options;
  const bound = createMarkBound({ line, keys, maxMarks });
  /** Not written yet, by user and room, those that moved last at the end; and those that are being written. */
  let unwritten = new Map<string, Mark>();
  let underWay = new Map<string, Mark>();
  let writing: Promise<void> | undefined;
  let writingNext: Promise<void> | undefined;
  let cancelWrite: Cancel | undefined;

  // Neither has a blank in it.
  const keyOf = (userId: string, room: string) => `${userId} ${room}`;
  const keysOf = (room: string) => [keys.roomMarks(room), keys.roomMarksMoved(room)] as const;

  function markHere(userId: string, room: string): Mark | undefined {
    const key = keyOf(userId, room);
    return unwritten.get(key) ?? underWay.get(key);
  }

  async function markOf(userId: string, room: string) {
    const here = markHere(userId, room);
    if (here) return here;
    await writing;
    const key = keys.roomMarks(room);
    // One that somebody has damaged counts as none, and the next one takes its place.
    const stored = markIn(await line.send(key, 'HGET', key, userId));
    // It may have moved here meanwhile.
    return markHere(userId, room) ?? stored;
  }

  async function writeRoom(room: string, marks: readonly Mark[]): Promise<void> {
    const args = marks.flatMap(({ user: { id, name, tag }, epoch, seq }) => [
      ...[id, epoch, String(seq)],
      JSON.stringify({ name, ...(tag !== undefined && { tag }) }),
    ]);
    const answer = v.parse(
      movedSchema,
      await runScript(line, { script: moveScript, keys: keysOf(room), args }),
    );
    const [added, count, oldestUs] = answer;
    if (added > 0) await bound.grew(room, { count, oldestUs });
  }

  /** What Redis does not take is kept, unless it moved on meanwhile, and tried again in a while. */
  function keep(marks: readonly Mark[]) {
    const kept = new Map(marks.map((mark) => [keyOf(mark.user.id, mark.room), mark]));
    for (const [key, mark] of unwritten) {
      kept.delete(key);
      kept.set(key, mark);
    }
    const lost = Math.max(0, kept.size - maxUnwritable);
    unwritten = new Map([...kept].slice(lost));
  }

  async function writeAll(): Promise<void> {
    const parts = partsOf(underWay.values());
    await Promise.all(
      parts.map(({ room, marks }) => writeRoom(room, marks).catch(() => keep(marks))),
    );
    underWay = new Map();
    writing = undefined;
    if (unwritten.size > 0) writeSoon();
  }

  function begin(): Promise<void> {
    cancelWrite?.();
    cancelWrite = undefined;
    if (unwritten.size === 0) return Promise.resolve();
    underWay = unwritten;
    unwritten = new Map();
    writing = writeAll();
    return writing;
  }

  /** Resolves once what was unwritten before is written, or cannot be now. */
  function write(): Promise<void> {
    if (!writing) return begin();
    writingNext ??= writing.then(() => {
      writingNext = undefined;
      return begin();
    });
    return writingNext;
  }

  function writeSoon() {
    cancelWrite ??= time.after(writeDelayMs, () => void write());
  }

  return {
    async move(user, room, epoch, seq) {
      const known = await markOf(user.id, room);
      if (known?.epoch === epoch && known.seq >= seq) return false;
      const key = keyOf(user.id, room);
      unwritten.delete(key);
      unwritten.set(key, { user, room, epoch, seq });
      if (unwritten.size === maxUnwritten) void write();
      else writeSoon();
      return true;
    },

    async seqOf(userId, room, epoch) {
      const mark = await markOf(userId, room);
      return mark?.epoch === epoch ? mark.seq : 0;
    },

    async inRoom(room, epoch, most) {
      await write();
      const args = [epoch, String(most)];
      const answer = await runScript(line, { script: listScript, keys: keysOf(room), args });
      return pairsOf(v.parse(v.array(v.string()), answer)).flatMap(([id, text]) => {
        const mark = markIn(text);
        if (!mark) return [];
        const { name, tag } = mark.named;
        return [{ user: { id, name, ...(tag !== undefined && { tag }) }, seq: mark.seq }];
      });
    },

    async close() {
      await write();
      cancelWrite?.();
    },
  };
}

/** The marks by their rooms, so many of one at a time. */
function partsOf(marks: Iterable<Mark>): { room: string; marks: Mark[] }[] {
  const byRoom = new Map<string, Mark[]>();
  for (const mark of marks) {
    const ofRoom = byRoom.get(mark.room);
    if (ofRoom) ofRoom.push(mark);
    else byRoom.set(mark.room, [mark]);
  }
  return [...byRoom].flatMap(([room, all]) => {
    const starts = Array.from({ length: Math.ceil(all.length / marksPerScript) }, (_, n) => n);
    return starts.map((n) => ({
      room,
      marks: all.slice(n * marksPerScript, (n + 1) * marksPerScript),
    }));
  });
}

function pairsOf(texts: readonly string[]): [string, string][] {
  return texts.flatMap((text, index): [string, string][] =>
    index % 2 === 0 ? [[text, texts[index + 1] ?? '']] : [],
  );
}
