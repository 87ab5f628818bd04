/** What the log's scripts, and a plain look at where a room ends, are answered with. */
import * as v from 'valibot';
import { idPattern } from '../../protocol/limits';
import type { Draft, RoomEnd } from '../log/log';
import type { StoreAnswer } from '../log/storeMessages';
import { DamagedKeyError } from './redisErrors';

const epochSchema = v.pipe(v.string(), v.regex(idPattern, 'an epoch is an id'));
const numeralSchema = v.pipe(v.string(), v.digits());

const endSchema = v.union([
  v.tuple([epochSchema, numeralSchema, v.string(), numeralSchema]),
  // In a room that nobody has asked for yet.
  v.looseTuple([v.null()]),
]);

const readSchema = v.nullable(
  v.tuple([
    epochSchema,
    v.string(),
    v.string(),
    v.string(),
    v.nullable(v.string()),
    v.string(),
    v.array(v.string()),
  ]),
);

/** The epoch, then an answer for each message. */
const appendedSchema = v.tupleWithRest([epochSchema], v.string());
const answerPattern = /^(?:n (\d+)|d (\d+) (\d+) (\S+)|r (no_message|not_author))$/;
/** The message is not stored, as something of the room is damaged: its own key, and why. */
const damagedPattern = /^x (\S+) (?:DAMAGED )?(.*)$/s;

/** Where a room ends, and what is at a place of it and from there on. */
export interface Reading extends RoomEnd {
  midThere: string | undefined;
  textsThere: number;
  /** The JSON of each message. */
  messages: string[];
}

/** Epoch, sequence number, mid and texts from the hash at `key`; undefined where there is none. */
export function parseEnd(reply: unknown, key: string): RoomEnd | undefined {
  const result = v.safeParse(endSchema, reply);
  if (!result.success) throw new DamagedKeyError(`${key} does not say where the room ends`);
  const [epoch, seq, mid, texts] = result.output;
  return epoch === null ? undefined : { epoch, seq: Number(seq), mid, texts: Number(texts) };
}

/** Undefined where the room has no epoch that can be relied on. */
export function parseReading(reply: unknown): Reading | undefined {
  const read = v.parse(readSchema, reply);
  if (!read) return undefined;
  const [epoch, seq, mid, texts, midThere, textsThere, messages] = read;
  return {
    ...{ epoch, seq: Number(seq), mid, texts: Number(texts), messages },
    ...{ midThere: midThere ?? undefined, textsThere: Number(textsThere) },
  };
}

/** An answer for each of the drafts, or what is damaged that it needs. */
export function parseAppended(
  reply: unknown,
  drafts: readonly Draft[],
): (StoreAnswer | DamagedKeyError)[] {
  const [epoch, ...texts] = v.parse(appendedSchema, reply);
  return drafts.map((draft, index) => answerOf(epoch, draft, texts[index] ?? ''));
}

function answerOf(
  epoch: string,
  { room, mid, at }: Draft,
  text: string,
): StoreAnswer | DamagedKeyError {
  const [, seq, firstSeq, firstAt, firstMid, refused] = answerPattern.exec(text) ?? [];
  if (seq) return { epoch, room, seq: Number(seq), mid, at, dup: false };
  if (refused === 'no_message' || refused === 'not_author') return { refused };
  if (!firstSeq || !firstAt || !firstMid) {
    const [, key = '', why = ''] = damagedPattern.exec(text) ?? [];
    return new DamagedKeyError(why.startsWith('WRONGTYPE') ? `${key} is no string` : why);
  }
  return { epoch, room, seq: Number(firstSeq), mid: firstMid, at: Number(firstAt), dup: true };
}
