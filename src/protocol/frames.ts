/**
 * The frames of `chat.v1` as schemas, from which the types come. Both ends parse with these whatever
 * arrives, and build with these types whatever they send. Unknown fields are dropped, so a newer
 * peer may add some.
 */
import * as v from 'valibot';
import { aboutSchema as about, aboutSentSchema as aboutSent, isText } from './about';
import {
  atMostCodePoints,
  bodySchema as body,
  countSchema as count,
  idSchema as id,
  placeSchema as place,
  roomSchema as room,
  sequenceSchema as sequence,
  timestampMsSchema as timestampMs,
} from './fields';
import {
  fileNameSchema,
  filePartSchema,
  fileSentSchema,
  fileSizeSchema,
  fileTypeSchema,
  pictureSideSchema,
  sha256Schema,
} from './file';
import { limits } from './limits';
import { loggedMessageSchema as message, positionSchema as position, wrongBody } from './message';
import { roomKeySchema } from './privateRoom';
import { pushEndpointSchema, pushSubscriptionSchema } from './pushSubscription';
import { newNameSchema, userSchema as user } from './user';

/** Negotiated as the WebSocket subprotocol. */
export const subprotocol = 'chat.v1';

/** The version inside `hello`, for a page that outlives its server. */
export const protocolVersion = 1;

const pingFields = { t: v.literal('ping'), n: sequence } as const;
const pongFields = { t: v.literal('pong'), n: sequence } as const;
const head = v.object({ room, epoch: id, seq: sequence });

/** A proof of who one is, and for how long from now on it holds, in ms: clocks need not agree. */
const grant = { token: v.string(), expiresIn: v.optional(timestampMs) } as const;

export const clientFrame = v.variant('t', [
  // The commonest first: they are tried in this order.
  v.pipe(
    v.object({
      t: v.literal('send'),
      id,
      room,
      body,
      about: v.optional(aboutSent),
      file: v.optional(fileSentSchema),
    }),
    v.forward(
      v.partialCheck(
        [['body'], ['about'], ['file']],
        (sent) => wrongBody(sent) === undefined,
        ({ input }) => wrongBody(input) ?? '',
      ),
      ['body'],
    ),
  ),
  v.pipe(
    v.object({
      t: v.literal('stream'),
      /** The id that the message will be sent under. */
      id,
      room,
      /** Where the piece begins in the text, in UTF-16 code units. */
      at: sequence,
      // No piece begins or ends in the middle of a surrogate pair.
      text: v.pipe(
        v.string(),
        v.check((text) => text.isWellFormed(), 'a piece has no broken characters'),
        body,
      ),
      about: v.optional(aboutSent),
      /** The writer breaks off: what is there stays, as such. */
      cut: v.optional(v.literal(true)),
    }),
    v.forward(
      v.partialCheck(
        [['about']],
        ({ about: of }) => isText(of),
        'what is written is a message or a reply',
      ),
      ['about'],
    ),
  ),
  v.object({
    t: v.literal('auth'),
    token: v.optional(v.pipe(v.string(), v.maxLength(4096))),
    name: newNameSchema,
    resume: v.optional(
      v.pipe(
        v.array(v.object({ room, ...position.entries, key: v.optional(roomKeySchema) })),
        v.maxLength(limits.roomsPerConnection),
      ),
      [],
    ),
  }),
  v.object({ t: v.literal('join'), room, key: v.optional(roomKeySchema) }),
  v.object({ t: v.literal('leave'), room }),
  v.object({ t: v.literal('sync'), room, ...position.entries }),
  v.object({
    t: v.literal('history'),
    room,
    before: place,
    limit: v.optional(v.pipe(count, v.maxValue(limits.pageMessages)), limits.pageMessages),
  }),
  v.object({ t: v.literal('typing'), room }),
  v.object({ t: v.literal('read'), room, seq: place }),
  v.object({
    t: v.literal('watch'),
    rooms: v.pipe(
      v.array(v.object({ room, key: v.optional(roomKeySchema) })),
      v.maxLength(limits.watchedRooms, `at most ${limits.watchedRooms} rooms are watched`),
    ),
  }),
  v.object({
    t: v.literal('search'),
    room,
    text: v.pipe(
      v.string(),
      v.nonEmpty('a search needs a text'),
      atMostCodePoints(limits.searchLength, 'a search'),
      v.transform((text) => text.toWellFormed()),
    ),
    before: v.optional(place),
  }),
  v.object({
    t: v.literal('upload'),
    /** Made by the client, unique per user among uploads. */
    id,
    room,
    name: fileNameSchema,
    type: fileTypeSchema,
    size: fileSizeSchema,
    sha256: sha256Schema,
    width: v.optional(pictureSideSchema),
    height: v.optional(pictureSideSchema),
  }),
  v.object({ t: v.literal('unupload'), id }),
  v.object({ t: v.literal('link'), room, seq: place, part: filePartSchema }),
  v.object({ t: v.literal('refresh') }),
  v.object({ t: v.literal('signout') }),
  v.object({ t: v.literal('push'), room, ...pushSubscriptionSchema.entries }),
  v.object({ t: v.literal('unpush'), room: v.optional(room), endpoint: pushEndpointSchema }),
  v.object({ ...pingFields, every: v.optional(count) }),
  v.object(pongFields),
]);
export type ClientFrame = v.InferOutput<typeof clientFrame>;

/** Why a page does not join on to what the reader has: it then starts the room anew. */
const resetReason = v.picklist(['epoch', 'diverged']);
export type ResetReason = v.InferOutput<typeof resetReason>;

export const serverFrame = v.variant('t', [
  v.object({
    t: v.literal('hello'),
    v: count,
    heartbeat: v.object({ intervalMs: count, timeoutMs: count }),
    limits: v.object({
      frameBytes: count,
      bodyLength: count,
      nameLength: count,
      /** The largest file that may be sent here, in bytes; without it none may. */
      fileBytes: v.optional(count),
    }),
  }),
  v.object({
    t: v.literal('ready'),
    user,
    ...grant,
    rooms: v.array(head),
    /** The server can push: `key` is its public one (RFC 8292 section 3.2), in base64url. */
    push: v.optional(v.object({ key: v.string() })),
  }),
  v.object({ t: v.literal('token'), ...grant }),
  v.object({
    t: v.literal('ack'),
    id,
    room,
    seq: place,
    mid: id,
    at: timestampMs,
    dup: v.optional(v.literal(true)),
  }),
  v.object({
    t: v.literal('err'),
    id: v.optional(v.string()),
    room: v.optional(room),
    code: v.string(),
    retry: v.boolean(),
    after: v.optional(timestampMs),
    /** The type of the frame that cannot come just now: `sync`, `history`, `found` or `link`. */
    instead: v.optional(v.string()),
    message: v.string(),
  }),
  v.object({ t: v.literal('msg'), room, epoch: id, ...message.entries }),
  v.object({
    t: v.literal('stream'),
    room,
    id,
    from: user,
    at: sequence,
    text: v.string(),
    about: v.optional(about),
    /** It has ended, and no message takes its place. */
    cut: v.optional(v.literal(true)),
  }),
  v.object({
    t: v.literal('sync'),
    room,
    epoch: id,
    head: sequence,
    reset: v.optional(resetReason),
    /** Ascending and without a hole. */
    messages: v.array(message),
    more: v.boolean(),
  }),
  v.object({
    t: v.literal('history'),
    room,
    epoch: id,
    messages: v.array(message),
    more: v.boolean(),
  }),
  v.object({
    t: v.literal('presence'),
    room,
    /** How many people are in the room. */
    count: v.optional(sequence),
    /** Who they are, in a crowd the first of them: replaces what was known. */
    members: v.optional(v.array(user)),
    came: v.optional(v.array(user)),
    left: v.optional(v.array(id)),
  }),
  v.object({ t: v.literal('typing'), room, user }),
  v.object({
    t: v.literal('reads'),
    room,
    epoch: id,
    /** How far each of these has read: replaces what was known of them. */
    marks: v.array(v.object({ user, seq: sequence })),
  }),
  v.object({
    t: v.literal('summary'),
    room,
    epoch: id,
    seq: sequence,
    /** How many messages for people the room has, and how many of them this user has read. */
    texts: sequence,
    read: v.optional(v.object({ seq: sequence, texts: sequence })),
    /** The newest message for people; its text may be cut. */
    last: v.optional(v.object({ from: user, body: v.string(), at: timestampMs })),
  }),
  v.object({
    t: v.literal('found'),
    room,
    epoch: id,
    text: v.string(),
    /** The newest first. */
    messages: v.array(message),
    more: v.boolean(),
  }),
  v.object({ t: v.literal('uploading'), id, have: sequence }),
  v.object({ t: v.literal('uploaded'), id }),
  v.object({
    t: v.literal('link'),
    room,
    seq: place,
    part: filePartSchema,
    url: v.string(),
    expiresIn: timestampMs,
  }),
  v.object({ t: v.literal('pushed'), room: v.optional(room), on: v.boolean() }),
  v.object(pingFields),
  v.object({ ...pongFields, heads: v.optional(v.array(head)) }),
  v.object({
    t: v.literal('bye'),
    code: count,
    why: v.string(),
    /** The window, in ms from now, in which to come back: [earliest, latest]. */
    after: v.tuple([timestampMs, timestampMs]),
  }),
]);
export type ServerFrame = v.InferOutput<typeof serverFrame>;

/** The server's frame of one type, as in `ServerFrameOf<'sync'>`. */
export type ServerFrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>;
/** The client's frame of one type, as in `ClientFrameOf<'auth'>`. */
export type ClientFrameOf<T extends ClientFrame['t']> = Extract<ClientFrame, { t: T }>;
