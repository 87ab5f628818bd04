/** How a message is written in the columns of the SQLite log, and read from them. */
import * as v from 'valibot';
import { aboutKindSchema, type LoggedMessage } from '../../protocol/frames';
import type { SqlValue } from './database';

/** What is read for each message. */
export const messageColumns =
  'seq, mid, author, author_name, author_tag, id, body, at, about_kind, about_seq, edited, deleted';

const messageRow = v.object({
  seq: v.number(),
  mid: v.string(),
  author: v.string(),
  author_name: v.string(),
  author_tag: v.nullable(v.string()),
  id: v.string(),
  body: v.instance(Uint8Array),
  at: v.number(),
  about_kind: v.nullable(aboutKindSchema),
  about_seq: v.nullable(v.number()),
  edited: v.nullable(v.number()),
  deleted: v.nullable(v.number()),
});

const encoder = new TextEncoder();
/** A text may begin with U+FEFF, which a decoder takes for a mark and drops unless told. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A text as it is, for a column that casts it, which costs half of what encoding it first does. */
export const bodyValue = (body: string): SqlValue =>
  body.includes('\0') ? encoder.encode(body) : body;

export function* messagesOf(rows: Iterable<unknown>): Iterable<LoggedMessage> {
  for (const row of rows) yield messageOf(row);
}

function messageOf(row: unknown): LoggedMessage {
  const parsed = v.parse(messageRow, row);
  const { seq, mid, author, author_name, author_tag, id, at, about_kind, about_seq } = parsed;
  const from = { id: author, name: author_name, ...(author_tag !== null && { tag: author_tag }) };
  const message: LoggedMessage = { seq, mid, id, from, body: decoder.decode(parsed.body), at };
  if (about_kind !== null && about_seq !== null) {
    message.about = { kind: about_kind, seq: about_seq };
  }
  if (parsed.edited !== null) message.edited = parsed.edited;
  if (parsed.deleted !== null) message.deleted = parsed.deleted;
  return message;
}
