/** What requests of programs say, each part judged by itself: whoever is wrong is told in what. */
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { type AboutSent, aboutSentSchema } from '../../protocol/about';
import { wrongOf } from '../../protocol/codec';
import { roomSchema } from '../../protocol/fields';
import { codePointCount, idPattern, limits } from '../../protocol/limits';
import { roomKeySchema } from '../../protocol/privateRoom';
import { ApiError } from './apiErrors';

/** One request, as far as all of them are alike. */
export interface ApiRequest {
  readonly request: IncomingMessage;
  readonly address: string;
  readonly query: URLSearchParams;
  /** What the address names in its place, '' if it names nothing. */
  readonly room: string;
  /** The body is wanted: to be called before it is read, and not for one that is refused. */
  takeBody(): void;
}

export interface ApiAnswer {
  readonly status: 200 | 201;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The header that a private room's key comes in: addresses are noted in logs, and told to others. */
export const roomKeyHeader = 'heartline-room-key';

/** As a message on a line may have it. */
export const longestId: number = limits.idLength;

/** The value as the schema has it. Throws an ApiError that says where and what is wrong, and not with which value. */
export function parseAs<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const what = path ? `the field "${path}"` : where;
  throw new ApiError('bad_field', `${what} is wrong: ${wrongOf(issue)}`);
}

export const parseRoom = (text: string): string =>
  parseAs(roomSchema, text, 'the room in the address');

export function roomKeyOf(request: IncomingMessage): string | undefined {
  const key = request.headers[roomKeyHeader];
  return key === undefined
    ? undefined
    : parseAs(roomKeySchema, key, 'the header Heartline-Room-Key');
}

/** Throws an ApiError if there is no token. */
export function tokenOf({ headers }: IncomingMessage): string {
  const [, token] = /^Bearer +([\w.~+/=-]+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) return token;
  throw new ApiError('no_token', 'a token is needed, as "Authorization: Bearer TOKEN"', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** The message's id, bare or in quotes, as structured fields have it (RFC 9651); undefined if none is given. */
export function idempotencyKeyOf(
  { headers }: IncomingMessage,
  mostLength = longestId,
): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const [, quoted] = /^"(.*)"$/.exec(String(key)) ?? [];
  const idSchema = v.pipe(
    v.string(),
    v.maxLength(mostLength, `it has at most ${mostLength} characters`),
    v.regex(idPattern, 'it has letters, digits, - and _ only'),
  );
  return parseAs(idSchema, quoted ?? key, 'the header Idempotency-Key');
}

/** What the body is said to be, without parameters and in lower case; undefined if nothing is said. */
export function typeOf({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase();
}

export const isJson = (type: string | undefined): boolean =>
  type === 'application/json' || type?.endsWith('+json') === true;

/** Throws an ApiError if the body is compressed, or is text in another encoding than UTF-8. */
export function expectPlainUtf8({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new ApiError('bad_type', 'the body may not be compressed');
  }
  const [, charset = 'utf-8'] =
    /;\s*charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? [];
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new ApiError('bad_type', 'text has to be in UTF-8');
  }
}

/** The message at `SEQ:MID` that the address names as the one that is answered. */
export function replyToIn(query: URLSearchParams): AboutSent | undefined {
  const text = query.get('replyTo');
  if (text === null) return undefined;
  const [, seq, mid] = /^(\d{1,15}):(.+)$/.exec(text) ?? [];
  if (seq !== undefined) return replyTo({ seq: Number(seq), mid }, '"replyTo" in the address');
  throw new ApiError('bad_field', '"replyTo" in the address is wrong: it has to be SEQ:MID');
}

export function replyTo(place: { seq: unknown; mid: unknown }, where = '"replyTo"'): AboutSent {
  return parseAs(aboutSentSchema, { kind: 'reply', ...place }, where);
}

/** A text as a message may have it. Throws an ApiError if it is none. */
export function parseText(text: string): string {
  if (text === '') throw new ApiError('empty', 'a message needs a text');
  const isLong = text.length > limits.bodyLength && codePointCount(text) > limits.bodyLength;
  if (isLong) {
    const most = limits.bodyLength.toLocaleString('en');
    throw new ApiError('too_long', `a message has at most ${most} characters`);
  }
  // As on a line: half a surrogate pair could not be stored.
  return text.toWellFormed();
}

/** The text of a body. Throws an ApiError with this code if it is not UTF-8. */
export function decodeUtf8(bytes: Buffer, code: 'bad_json' | 'bad_text'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError(code, 'the body is not UTF-8');
  }
}

export function parseJson(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes, 'bad_json');
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('bad_json', 'the body is not JSON');
  }
}
