/** How a message is written in the columns of the SQLite log, and read from them. */
import * as v from 'valibot';
import { aboutKindSchema } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/message';
import type { SqlValue } from './database';
import type { Draft } from './log';
import { storedMessageSchema } from './storedMessage';

/**
 * What is read for each message. What few of them have comes as one, as each column costs, be it empty
 * or not.
 */
export const messageColumns = `
  seq, mid, author, author_name, author_tag, id, body, at,
  CASE WHEN coalesce(about_seq, edited, deleted, extras) IS NOT NULL
    THEN json_array(about_kind, about_seq, edited, deleted, json(extras)) END AS annotations
`;

const messageRow = v.object({
  seq: v.number(),
  mid: v.string(),
  author: v.string(),
  author_name: v.string(),
  author_tag: v.nullable(v.string()),
  id: v.string(),
  body: v.instance(Uint8Array),
  at: v.number(),
  annotations: v.nullable(v.string()),
});

const extrasSchema = v.pick(storedMessageSchema, ['file', 'cut']);

const annotationsColumn = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([
    v.nullable(aboutKindSchema),
    v.nullable(v.number()),
    v.nullable(v.number()),
    v.nullable(v.number()),
    v.nullable(extrasSchema),
  ]),
);

const encoder = new TextEncoder();
/** A text may begin with U+FEFF, which a decoder takes for a mark and drops unless told. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A text as it is, for a column that casts it, which costs half of what encoding it first does. */
export const bodyValue = (body: string): SqlValue =>
  body.includes('\0') ? encoder.encode(body) : body;

/** What few messages have, for its column. */
export const extrasValue = ({ file, cut }: Draft): SqlValue =>
  file || cut ? JSON.stringify({ file, cut }) : null;

export function* messagesOf(rows: Iterable<unknown>): Iterable<LoggedMessage> {
  for (const row of rows) {
    const parsed = v.parse(messageRow, row);
    const { seq, mid, author, author_name, author_tag, id, body, at, annotations } = parsed;
    const from = { id: author, name: author_name, ...(author_tag !== null && { tag: author_tag }) };
    const message = { seq, mid, id, from, body: decoder.decode(body), at };
    yield annotations === null ? message : { ...message, ...annotationsOf(annotations) };
  }
}

function annotationsOf(column: string): Partial<LoggedMessage> {
  const [kind, seq, edited, deleted, extras] = v.parse(annotationsColumn, column);
  return {
    ...(kind !== null && seq !== null && { about: { kind, seq } }),
    ...(edited !== null && { edited }),
    ...(deleted !== null && { deleted }),
    ...extras,
  };
}
