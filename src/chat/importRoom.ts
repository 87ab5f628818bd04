/**
 * Reads a room from a file that was exported, to be looked at and not to be written in. A file is from
 * outside: whatever is not as an export has it is refused, with what was wrong and where. How large a file
 * may be is for the caller to say before it is read.
 */
import * as v from 'valibot';
import { roomSchema } from '../protocol/fields';
import {
  fileNameSchema,
  fileSizeSchema,
  fileTypeSchema,
  pictureSideSchema,
} from '../protocol/file';
import { codePointCount, limits } from '../protocol/limits';
import { nameSchema, tagSchema, type User } from '../protocol/user';
import type { ChatMessage, Quoted, Reaction } from './types';

/** A room as it was when it was exported. */
export interface ImportedRoom {
  readonly room: string;
  readonly messages: readonly ChatMessage[];
}

/** Why a file cannot be shown; `message` counts from 1. */
export type ImportProblem =
  | { readonly kind: 'not json' }
  /** JSON, but no export of a room. */
  | { readonly kind: 'no export' }
  | { readonly kind: 'too many messages'; readonly count: number; readonly most: number }
  /** A field of a message is missing, or is not what it should be. */
  | { readonly kind: 'bad message'; readonly message: number; readonly field: string }
  /** It has the id, or the place, of one before it, or its place is not behind that of the one before. */
  | { readonly kind: 'not in order'; readonly message: number };

export type ImportResult =
  | { readonly imported: ImportedRoom; readonly problem?: undefined }
  | { readonly imported?: undefined; readonly problem: ImportProblem };

/** The most messages that a file may hold. */
export const maxImportedMessages = 1_000_000;

/** The most emoji under one message, and names under one emoji. */
const maxReactions = 1_000;
const maxNames = 10_000;

/** Later than this no date can be (ECMA-262, section 21.4.1.1), in ms since 1970. */
const latestMs = 8.64e15;

const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(latestMs));
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const text = v.pipe(
  v.string(),
  v.transform((given) => given.toWellFormed()),
);
/** A name with its tag behind a dot, if it has one: no name has such an end by itself. */
const taggedName = v.pipe(
  v.string(),
  v.transform((given): { name: string; tag?: string | undefined } => {
    const [, name, tag] = /^(.*) ·([^ ]*)$/su.exec(given) ?? [];
    return name === undefined ? { name: given } : { name, tag };
  }),
  v.object({ name: nameSchema, tag: v.optional(tagSchema) }),
);
const emoji = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((given) => codePointCount(given) <= limits.reactionLength),
);

const exportedMessage = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(limits.idLength)),
  seq: v.nullable(place),
  author: nameSchema,
  tag: v.optional(tagSchema),
  body: text,
  at: time,
  state: v.picklist(['queued', 'sending', 'sent', 'failed']),
  edited: v.optional(time),
  deleted: v.optional(time),
  file: v.optional(
    v.object({
      name: fileNameSchema,
      type: fileTypeSchema,
      size: fileSizeSchema,
      width: v.optional(pictureSideSchema),
      height: v.optional(pictureSideSchema),
    }),
  ),
  replyTo: v.optional(place),
  reactions: v.optional(
    v.pipe(
      v.record(emoji, v.pipe(v.array(taggedName), v.maxLength(maxNames))),
      v.check((reactions) => Object.keys(reactions).length <= maxReactions),
    ),
  ),
});
type ExportedMessage = v.InferOutput<typeof exportedMessage>;

const exportedRoom = v.object({ room: roomSchema, messages: v.array(v.unknown()) });

/** What a file shows, or why it cannot be shown. Never throws. */
export function importRoom(file: string): ImportResult {
  const given = parseJson(file);
  if (given === undefined) return { problem: { kind: 'not json' } };
  const outer = v.safeParse(exportedRoom, given);
  if (!outer.success) return { problem: { kind: 'no export' } };
  const { room, messages } = outer.output;
  const most = maxImportedMessages;
  if (messages.length > most) {
    return { problem: { kind: 'too many messages', count: messages.length, most } };
  }
  const read = readMessages(messages);
  return 'kind' in read ? { problem: read } : { imported: { room, messages: rowsOf(read) } };
}

/** Undefined for what is no JSON. */
function parseJson(file: string): unknown {
  try {
    // Some editors put a byte order mark before it.
    return JSON.parse(file.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function readMessages(given: readonly unknown[]): ExportedMessage[] | ImportProblem {
  const messages: ExportedMessage[] = [];
  const ids = new Set<string>();
  let lastPlace = 0;
  for (const [index, each] of given.entries()) {
    const message = index + 1;
    const parsed = v.safeParse(exportedMessage, each, { abortEarly: true });
    if (!parsed.success) {
      const field = v.getDotPath(parsed.issues[0]) ?? '';
      // Of what is nested the outer name says enough, and it is one of ours.
      return { kind: 'bad message', message, field: field.split('.')[0] ?? '' };
    }
    const { id, seq, author, tag } = parsed.output;
    const name = `${id} ${tag ?? ''} ${author}`;
    if (ids.has(name) || (seq !== null && seq <= lastPlace)) {
      return { kind: 'not in order', message };
    }
    ids.add(name);
    lastPlace = seq ?? lastPlace;
    messages.push(parsed.output);
  }
  return messages;
}

function rowsOf(messages: readonly ExportedMessage[]): ChatMessage[] {
  const bySeq = new Map(messages.map((each) => [each.seq, each]));
  const quoted = (seq: number): Quoted => {
    const found = bySeq.get(seq);
    if (!found) return { seq };
    return { seq, author: authorOf(found), body: found.body, deleted: found.deleted };
  };
  return messages.map((each) => ({
    id: each.id,
    seq: each.seq ?? undefined,
    author: authorOf(each),
    // Only a name is known of who exported it.
    mine: false,
    body: each.body,
    at: each.at,
    state: each.state,
    hasLeft: each.state !== 'queued',
    failure: undefined,
    edited: each.edited,
    deleted: each.deleted,
    replyTo: each.replyTo === undefined ? undefined : quoted(each.replyTo),
    reactions: each.reactions && reactionsOf(each.reactions),
    change: undefined,
    file: each.file && { ...each.file, hasPreview: false },
  }));
}

function reactionsOf(reactions: NonNullable<ExportedMessage['reactions']>): Reaction[] {
  return Object.entries(reactions).map(([given, users]) => ({
    emoji: given,
    users: users.map(({ name, tag }) => userOf(name, tag)),
    mine: false,
  }));
}

const authorOf = ({ author, tag }: ExportedMessage) => userOf(author, tag);

/** Who has the same name and tag is the same. */
function userOf(name: string, tag: string | undefined): User {
  return { id: `${tag ?? ''} ${name}`, name, ...(tag !== undefined && { tag }) };
}
