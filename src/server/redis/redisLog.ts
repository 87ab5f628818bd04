/**
 * The message log on Redis, which several gateways share: a stream for each room, and beside it what was changed
 * since. Messages that come together go in one round trip, one script for each room, which finds repeats, gives
 * places, changes earlier messages and tells all gateways. An answer means that Redis has written the message
 * as it is set to (`appendfsync always`: to the disk), and that so many replicas have it as are asked for.
 *
 * What is kept of one room may be damaged, by hand or by another program: that room alone is unavailable then.
 *
 * Ids and epochs count per room, as a room's keys are on one node of a cluster: the same id in another room is
 * another message, and when a room's log has lost its end, that one room gets another epoch. An id is known for
 * a week.
 */
import type { Position } from '../../protocol/message';
import { type BatchAnswer, createAppendBatches } from '../log/appendBatches';
import {
  type Draft,
  LogUnavailableError,
  type MessageLog,
  type PageLimit,
  type RoomEnd,
  RoomUnavailableError,
} from '../log/log';
import { cutPage } from '../log/page';
import type { DamagedRooms } from './damagedRooms';
import type { RedisKeys } from './keys';
import { argsOf, parseLogged } from './loggedRows';
import { parseAppended, parseEnd, parseReading, type Reading } from './logReplies';
import { appendScript, beginScript, readScript } from './logScripts';
import type { RedisConnection } from './redisClient';
import { DamagedKeyError } from './redisErrors';
import type { ReplicaWait } from './redisLine';
import { runScript, runScripts, type ScriptCall } from './scripts';
import { createSeenPlaces } from './seenPlaces';

export interface RedisLog extends MessageLog {
  /** A place of the room's log was told elsewhere: a log that lacks it has lost its end. */
  noteSeen(room: string, place: Position): void;
  /** Until `releaseSeen` it is found out whenever the room has lost its end, however many others are used. */
  holdSeen(room: string): void;
  releaseSeen(room: string): void;
}

export interface RedisLogOptions {
  /** Stays open when the log is closed. */
  connection: RedisConnection;
  keys: RedisKeys;
  /** Names an epoch. */
  newId(): string;
  /** How many replicas have to have a message before it is acknowledged; 0 by default. */
  replicas?: number;
  /** How long they are waited for, in ms; 500 by default. */
  replicaTimeoutMs?: number;
  /** For how many rooms, beside those that are held, it is known how far they had come; 10,000 by default. */
  maxSeenRooms?: number;
  /** Told of every batch: why something of it was not stored, or undefined if all was. */
  onStored?: ((failure: string | undefined) => void) | undefined;
  /** Told of calls that could not be done for what is kept of their room, and of all that could. */
  damagedRooms?: Pick<DamagedRooms, 'failed' | 'worked'>;
}

/** How long the answer to an id is kept, in ms. */
const answerLifetimeMs = 7 * 24 * 60 * 60 * 1_000;
/** How long a room that nobody has written to keeps its epoch, in ms. */
const emptyRoomLifetimeMs = 24 * 60 * 60 * 1_000;
const defaultMaxSeenRooms = 10_000;
const defaultReplicaTimeoutMs = 500;
/** A room is read again after it was given an epoch; another gateway may come in between. */
const maxReadTries = 5;

export async function openRedisLog(options: RedisLogOptions): Promise<RedisLog> {
  const { connection, keys, newId, replicas = 0, onStored, damagedRooms } = options;
  const { replicaTimeoutMs = defaultReplicaTimeoutMs, maxSeenRooms = defaultMaxSeenRooms } =
    options;
  const wait = replicas > 0 ? { replicas, timeoutMs: replicaTimeoutMs } : undefined;
  // What waits for replicas keeps a connection waiting: reads have another one.
  const writing = wait ? await connection.another(replicaTimeoutMs) : connection;
  const seen = createSeenPlaces(maxSeenRooms);
  const batches = createAppendBatches({ appendAll, soon: setImmediate, onStored });
  const reads = new Set<Promise<unknown>>();
  let isClosed = false;

  const seenArgs = (room: string): string[] => {
    const { epoch, seq, mid } = seen.of(room);
    return [epoch, String(seq), mid];
  };

  const roomKeys = (room: string) =>
    [keys.roomMeta(room), keys.roomLog(room), keys.roomChanged(room)] as const;

  /** One script for each room, in one go. */
  async function appendAll(drafts: readonly Draft[]): Promise<BatchAnswer[]> {
    const rooms = new Map<string, number[]>();
    for (const [index, { room }] of drafts.entries()) {
      const places = rooms.get(room) ?? [];
      rooms.set(room, places);
      places.push(index);
    }
    const groups = [...rooms].map(([room, places]) => ({
      room,
      places,
      drafts: places.flatMap((place) => drafts[place] ?? []),
    }));
    const calls = groups.map((group) => appendCall(group.room, group.drafts));
    const results = await runScripts(writing, calls, wait);
    const answers: BatchAnswer[] = [];
    for (const [index, { room, places, drafts: ofRoom }] of groups.entries()) {
      const ofGroup = answersOf(room, ofRoom, results[index]);
      for (const [nth, place] of places.entries()) {
        answers[place] = ofGroup[nth] ?? { failure: new Error('a message was not answered') };
      }
    }
    return answers;
  }

  function appendCall(room: string, drafts: readonly Draft[]): ScriptCall {
    return {
      script: appendScript,
      keys: [
        ...roomKeys(room),
        ...drafts.map(({ from, id }) => keys.roomMessageId(room, from.id, id)),
      ],
      args: [
        ...seenArgs(room),
        newId(),
        String(emptyRoomLifetimeMs),
        keys.roomNews(room),
        String(answerLifetimeMs),
        ...drafts.flatMap(argsOf),
      ],
    };
  }

  function answersOf(
    room: string,
    drafts: readonly Draft[],
    result: PromiseSettledResult<unknown> | undefined,
  ): BatchAnswer[] {
    try {
      if (result?.status !== 'fulfilled') throw result?.reason;
      return parseAppended(result.value, drafts).map((answer) => {
        if (answer instanceof DamagedKeyError) {
          return { failure: troubleIn(room, answer) };
        }
        if (!('refused' in answer)) seen.learn(room, answer);
        damagedRooms?.worked(room);
        return answer;
      });
    } catch (error) {
      const failure = troubleIn(room, error);
      return drafts.map(() => ({ failure }));
    }
  }

  /** What does not pass by itself is the room's trouble, and not the log's. */
  function troubleIn(room: string, error: unknown): LogUnavailableError {
    const isDamaged = error instanceof RoomUnavailableError;
    if (error instanceof LogUnavailableError && !isDamaged) return error;
    damagedRooms?.failed(room, error);
    if (isDamaged) return error;
    return new RoomUnavailableError('what is kept of the room is damaged', { cause: error });
  }

  async function readOnce(
    room: string,
    place: number,
    way: 'after' | 'before',
    limit: PageLimit,
  ): Promise<Reading | undefined> {
    const reply = await runScript(connection, {
      script: readScript,
      keys: roomKeys(room),
      args: [...seenArgs(room), String(place), way, String(limit.messages), String(limit.length)],
    });
    const reading = parseReading(reply);
    if (reading) seen.learn(room, reading);
    return reading;
  }

  async function read(
    room: string,
    place: number,
    way: 'after' | 'before',
    limit: PageLimit,
  ): Promise<Reading> {
    for (let tries = 0; tries < maxReadTries; tries += 1) {
      const reading = await readOnce(room, place, way, limit);
      if (reading) return reading;
      await runScript(connection, {
        script: beginScript,
        keys: roomKeys(room),
        args: [...seenArgs(room), newId(), String(emptyRoomLifetimeMs)],
      });
    }
    throw new LogUnavailableError('the room gets one epoch after the other');
  }

  /**
   * Where the room ends, by one plain command; undefined if it takes a script to know whether that is so: the
   * room has grown since it was last seen, or has lost its end.
   */
  async function knownEnd(room: string): Promise<RoomEnd | undefined> {
    const key = keys.roomMeta(room);
    const reply = await connection.send(key, 'HMGET', key, 'epoch', 'seq', 'mid', 'texts');
    const end = parseEnd(reply, key);
    if (!end) return undefined;
    const known = seen.of(room);
    const isAsSeen = known.seq === end.seq && known.mid === end.mid;
    if (known.epoch === end.epoch && known.seq > 0 && !isAsSeen) return undefined;
    seen.learn(room, end);
    return end;
  }

  async function head(room: string): Promise<RoomEnd> {
    const end = await knownEnd(room);
    if (end) return end;
    const { epoch, seq, mid, texts } = await read(room, 0, 'after', nothing);
    return { epoch, seq, mid, texts };
  }

  async function call<Result>(use: () => Promise<Result>): Promise<Result> {
    if (isClosed) throw closedError();
    const result = use();
    reads.add(result);
    return result.finally(() => reads.delete(result));
  }

  function inRoom<Result>(room: string, use: () => Promise<Result>) {
    return call(async () => {
      try {
        const result = await use();
        damagedRooms?.worked(room);
        return result;
      } catch (error) {
        throw troubleIn(room, error);
      }
    });
  }

  async function page(room: string, place: number, way: 'after' | 'before', limit: PageLimit) {
    // One more than the page holds, to know whether there are more.
    const wanted = { messages: limit.messages + 1, length: limit.length };
    const { epoch, seq, midThere, messages } = await read(room, place, way, wanted);
    const first = way === 'after' ? place + 1 : Math.min(place - 1, seq);
    const candidates = parsed(room, messages, first, way === 'after' ? 1 : -1);
    return { epoch, head: seq, mid: midThere, ...cutPage(candidates, limit) };
  }

  /** The messages from `first` on, each `step` further. */
  function* parsed(room: string, texts: readonly string[], first: number, step: 1 | -1) {
    for (const [index, text] of texts.entries()) {
      try {
        yield parseLogged(text);
      } catch (cause) {
        const where = `${keys.roomLog(room)} or ${keys.roomChanged(room)}`;
        throw new DamagedKeyError(`message ${first + step * index} in ${where} is none`, { cause });
      }
    }
  }

  return {
    append: (draft) => (isClosed ? Promise.reject(closedError()) : batches.append(draft)),
    head: (room) => inRoom(room, () => head(room)),
    textsUpTo: (room, seq) =>
      inRoom(room, async () => (await read(room, seq, 'after', nothing)).textsThere),
    after: (room, seq, limit) => inRoom(room, () => page(room, seq, 'after', limit)),
    before: (room, seq, limit) =>
      inRoom(room, async () => {
        const { mid: _, messages, ...rest } = await page(room, seq, 'before', limit);
        return { ...rest, messages: messages.reverse() };
      }),
    check: () => call(() => check(writing, keys, wait)),
    noteSeen: (room, place) => seen.hear(room, place),
    holdSeen: (room) => seen.hold(room),
    releaseSeen: (room) => seen.release(room),
    async close() {
      if (isClosed) throw closedError();
      isClosed = true;
      await Promise.allSettled([batches.settled(), ...reads]);
      if (writing !== connection) await writing.close();
    },
  };
}

const nothing: PageLimit = { messages: 0, length: 0 };
const closedError = () => new LogUnavailableError('the log is closed');

/** Writes a little, as what is written goes to its file: what keeps Redis from a message keeps it from this. */
async function check(
  writing: RedisConnection,
  keys: RedisKeys,
  wait: ReplicaWait | undefined,
): Promise<void> {
  const key = keys.check();
  const args = ['SET', key, '', 'PX', '60000'];
  const [result] = await writing.sendAll([{ key, args }], wait);
  if (result?.status !== 'fulfilled') throw result?.reason;
}
