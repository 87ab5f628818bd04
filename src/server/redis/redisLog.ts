/**
 * The message log on Redis, which several gateways share: a stream for each room, and beside it what was changed
 * since. Messages that come together go in one round trip, one script for each room, which finds repeats, gives
 * places, changes earlier messages and tells all gateways. An answer means that Redis has written the message
 * as it is set to (`appendfsync always`: to the disk), and that so many replicas have it as are asked for.
 *
 * Ids and epochs count per room, as a room's keys are on one node of a cluster: the same id in another room is
 * another message, and when a room's log has lost its end, that one room gets another epoch. An id is known for
 * a week.
 */
import * as v from 'valibot';
import type { Position } from '../../protocol/frames';
import { type BatchAnswer, createAppendBatches } from '../log/appendBatches';
import {
  type Draft,
  LogUnavailableError,
  type MessageLog,
  type PageLimit,
  type RoomEnd,
} from '../log/log';
import { cutPage } from '../log/page';
import type { StoreAnswer } from '../log/storeMessages';
import type { RedisKeys } from './keys';
import { argsOf, parseLogged } from './loggedRows';
import { appendScript, beginScript, readScript } from './logScripts';
import type { RedisConnection } from './redisClient';
import type { ReplicaWait } from './redisLine';
import { runScript, runScripts, type ScriptCall } from './scripts';
import { createSeenPlaces } from './seenPlaces';

export interface RedisLog extends MessageLog {
  /** A place of the room's log was told elsewhere: a log that lacks it has lost its end. */
  noteSeen(room: string, place: Position): void;
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
  /** Told of every batch: why something of it was not stored, or undefined if all was. */
  onStored?: ((failure: string | undefined) => void) | undefined;
}

/** How long the answer to an id is kept, in ms. */
const answerLifetimeMs = 7 * 24 * 60 * 60 * 1_000;
/** How long a room that nobody has written to keeps its epoch, in ms. */
const emptyRoomLifetimeMs = 24 * 60 * 60 * 1_000;
const maxSeenRooms = 10_000;
const defaultReplicaTimeoutMs = 500;
/** A room is read again after it was given an epoch; another gateway may come in between. */
const maxReadTries = 5;

const readSchema = v.nullable(
  v.tuple([
    v.string(),
    v.string(),
    v.string(),
    v.string(),
    v.nullable(v.string()),
    v.string(),
    v.array(v.string()),
  ]),
);

/** The epoch, then an answer for each message. */
const appendedSchema = v.tupleWithRest([v.string()], v.string());
const answerPattern = /^(?:n (\d+)|d (\d+) (\d+) (\S+)|r (no_message|not_author))$/;

interface Reading extends RoomEnd {
  midThere: string | undefined;
  textsThere: number;
  /** The JSON of each message. */
  messages: string[];
}

export async function openRedisLog(options: RedisLogOptions): Promise<RedisLog> {
  const { connection, keys, newId, replicas = 0, onStored } = options;
  const { replicaTimeoutMs = defaultReplicaTimeoutMs } = options;
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
    if (result?.status !== 'fulfilled') return drafts.map(() => ({ failure: result?.reason }));
    const [epoch, ...texts] = v.parse(appendedSchema, result.value);
    return drafts.map((draft, index) => {
      const answer = answerOf(epoch, draft, texts[index] ?? '');
      if (!('refused' in answer)) seen.learn(room, answer);
      return answer;
    });
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
    const read = v.parse(readSchema, reply);
    if (!read) return undefined;
    const [epoch, seq, mid, texts, midThere, textsThere, messages] = read;
    seen.learn(room, { epoch, seq: Number(seq), mid });
    return {
      ...{ epoch, seq: Number(seq), mid, texts: Number(texts), messages },
      ...{ midThere: midThere ?? undefined, textsThere: Number(textsThere) },
    };
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

  async function call<Result>(use: () => Promise<Result>): Promise<Result> {
    if (isClosed) throw closedError();
    const result = use();
    reads.add(result);
    return result.finally(() => reads.delete(result));
  }

  async function page(room: string, place: number, way: 'after' | 'before', limit: PageLimit) {
    // One more than the page holds, to know whether there are more.
    const wanted = { messages: limit.messages + 1, length: limit.length };
    const { epoch, seq, midThere, messages } = await read(room, place, way, wanted);
    return { epoch, head: seq, mid: midThere, ...cutPage(parsed(messages), limit) };
  }

  return {
    append: (draft) => (isClosed ? Promise.reject(closedError()) : batches.append(draft)),
    head: (room) =>
      call(async () => {
        const { epoch, seq, mid, texts } = await read(room, 0, 'after', nothing);
        return { epoch, seq, mid, texts };
      }),
    textsUpTo: (room, seq) =>
      call(async () => (await read(room, seq, 'after', nothing)).textsThere),
    after: (room, seq, limit) => call(() => page(room, seq, 'after', limit)),
    before: (room, seq, limit) =>
      call(async () => {
        const { mid: _, messages, ...rest } = await page(room, seq, 'before', limit);
        return { ...rest, messages: messages.reverse() };
      }),
    check: () => call(() => check(writing, keys, wait)),
    noteSeen: (room, place) => seen.hear(room, place),
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

function* parsed(messages: readonly string[]) {
  for (const text of messages) yield parseLogged(text);
}

function answerOf(epoch: string, { room, mid, at }: Draft, text: string): StoreAnswer {
  const [, seq, firstSeq, firstAt, firstMid, refused] = answerPattern.exec(text) ?? [];
  if (seq) return { epoch, room, seq: Number(seq), mid, at, dup: false };
  if (refused === 'no_message' || refused === 'not_author') return { refused };
  if (!firstSeq || !firstAt || !firstMid) throw new Error(`a message was answered with: ${text}`);
  return { epoch, room, seq: Number(firstSeq), mid: firstMid, at: Number(firstAt), dup: true };
}

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
