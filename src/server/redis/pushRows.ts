/**
 * A push registration as it stands in Redis: with a user under endpoint and room, with a room under user and
 * endpoint. Users and rooms have no blank in them. With each goes the mark of the public key that it was
 * registered under.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { PushRegistration } from '../chat/push/pushPorts';

/** A field of a hash, and what stands there. */
export type Row = readonly [field: string, text: string];

/** Enough of a public key to tell it from others. */
export const markOfKey = (publicKey: string): string =>
  createHash('sha256').update(publicKey).digest('base64url').slice(0, 12);

export const userField = (endpoint: string, room: string): string => `${endpoint} ${room}`;
export const roomField = (userId: string, endpoint: string): string => `${userId} ${endpoint}`;

/** The endpoint and the room of a user's. */
export function partsOfUserField(field: string): { endpoint: string; room: string } {
  const blank = field.lastIndexOf(' ');
  return { endpoint: field.slice(0, blank), room: field.slice(blank + 1) };
}

function partsOfRoomField(field: string): { userId: string; endpoint: string } {
  const blank = field.indexOf(' ');
  return { userId: field.slice(0, blank), endpoint: field.slice(blank + 1) };
}

export const keysText = ({ subscription: { keys } }: PushRegistration): string =>
  JSON.stringify({ p256dh: keys.p256dh, auth: keys.auth });

const keysSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ p256dh: v.string(), auth: v.string() }),
);

/** The mark, the place among the user's, and the keys. */
const userTextSchema = v.pipe(
  v.string(),
  v.regex(/^\S+ \d+ \{/, 'a push registration in Redis is none'),
  v.transform((text) => {
    const [mark, serial] = text.split(' ', 2);
    return { mark, serial: Number(serial), keys: text.slice(text.indexOf('{')) };
  }),
  v.object({ mark: v.string(), serial: v.number(), keys: keysSchema }),
);

/** The mark and the keys. */
const roomTextSchema = v.pipe(
  v.string(),
  v.regex(/^\S+ \{/, 'a push registration in Redis is none'),
  v.transform((text) => {
    const blank = text.indexOf(' ');
    return { mark: text.slice(0, blank), keys: text.slice(blank + 1) };
  }),
  v.object({ mark: v.string(), keys: keysSchema }),
);

/** A registration, and what it was registered under. */
interface Found {
  readonly field: string;
  readonly mark: string;
  readonly registration: PushRegistration;
}

/** A user's, in their order. Throws if it is none. */
export function foundWithUser(userId: string, rows: readonly Row[]): Found[] {
  return rows
    .map(([field, text]) => ({ field, ...v.parse(userTextSchema, text) }))
    .sort((a, b) => a.serial - b.serial)
    .map(({ field, mark, keys }) => {
      const { endpoint, room } = partsOfUserField(field);
      return { field, mark, registration: { room, userId, subscription: { endpoint, keys } } };
    });
}

/** A room's. Throws if it is none. */
export function foundInRoom(room: string, rows: readonly Row[]): Found[] {
  return rows.map(([field, text]) => {
    const { mark, keys } = v.parse(roomTextSchema, text);
    const { userId, endpoint } = partsOfRoomField(field);
    return { field, mark, registration: { room, userId, subscription: { endpoint, keys } } };
  });
}

const hashSchema = v.array(v.string());

/** What `HGETALL` answers by the second form of the protocol, or a script by any. Throws if it is no hash. */
export function rowsOf(answer: unknown): Row[] {
  const texts = v.parse(hashSchema, answer);
  return texts.flatMap((text, index) => (index % 2 === 0 ? [[text, texts[index + 1] ?? '']] : []));
}
