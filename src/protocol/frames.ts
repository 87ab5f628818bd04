/**
 * The frames of `chat.v1` as schemas, from which the types come. Both ends parse with these whatever
 * arrives, and build with these types whatever they send. Unknown fields are dropped, so a newer
 * peer may add some.
 */
import * as v from 'valibot';
import { codePointCount, idPattern, limits, roomPattern } from './limits';
import { roomKeySchema } from './privateRoom';
import { isReaction } from './reaction';

/** Negotiated as the WebSocket subprotocol. */
export const subprotocol = 'chat.v1';

/** The version inside `hello`, for a page that outlives its server. */
export const protocolVersion = 1;

const room = v.pipe(
  v.string(),
  v.maxLength(limits.roomLength, `a room name has at most ${limits.roomLength} characters`),
  v.regex(roomPattern, 'a room name has a-z, 0-9, - and _ only, and starts with a letter or digit'),
);
const id = v.pipe(
  v.string(),
  v.maxLength(limits.idLength, `an id has at most ${limits.idLength} characters`),
  v.regex(idPattern, 'an id has letters, digits, - and _ only'),
);
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const timestampMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const atMostCodePoints = (most: number, what: string) =>
  v.check(
    // A code point has one or two UTF-16 units: mostly their number alone decides.
    (text: string) =>
      text.length <= most || (text.length <= 2 * most && codePointCount(text) <= most),
    `${what} has at most ${most} characters`,
  );
const body = v.pipe(
  v.string(),
  atMostCodePoints(limits.bodyLength, 'a message'),
  // Half a surrogate pair cannot be stored as UTF-8: it becomes U+FFFD here, the same for everyone.
  v.transform((text) => text.toWellFormed()),
);
/** Control and format characters and blanks that look like none; but the joiner that emoji need. */
const hiddenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;
const joiner = /\u200d/g;
/** More marks on one letter than any script has would be drawn over the lines around it. */
const piledMarks = /\p{Mn}{5}/u;

/** How a tag is set off from the name before it, and what looks like that. */
const tagMark = /\s[·•‧∙⋅・･᛫⸱]/u;

// A name that cannot be seen, or breaks out of its line, could pass for someone else's.
const name = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('a name is needed'),
  atMostCodePoints(limits.nameLength, 'a name'),
  v.check((text) => text.isWellFormed(), 'a name has no broken characters'),
  v.check(
    (text) => !hiddenCharacters.test(text.replace(joiner, '')) && !piledMarks.test(text),
    'a name has no control or hidden characters',
  ),
  v.check((text) => !tagMark.test(text), 'a name has no dot behind a blank, as tags have'),
  v.regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'a name needs a character that can be seen'),
);

/** A name as a person may have it: trimmed, 1 to `limits.nameLength` long, nothing invisible in it. */
export const nameSchema = name;
/** A room's name. */
export const roomSchema = room;

const tag = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/));
/** What stands beside a name that somebody else came with first. */
export const tagSchema = tag;

const user = v.object({ id, name, tag: v.optional(tag) });
/** Who somebody is: `id` for programs, `name` for people, with `tag` where others have that name. */
export type User = v.InferOutput<typeof user>;
export const userSchema = user;

/** Where a reader stands in a room: the message with id `mid` has sequence `seq` in log `epoch`. */
const position = v.object({ epoch: id, seq: sequence, mid: v.union([id, v.literal('')]) });
export type Position = v.InferOutput<typeof position>;

const place = v.pipe(sequence, v.minValue(1));

/**
 * What a message is to the earlier one at `seq`. `reply`: says something to it. `edit`: its new text.
 * `delete`: it has no text any more. `react`, `unreact`: the body is an emoji that is put to it, or taken
 * back. All but a reply are no message of their own to people, yet have a place in the room like one.
 */
const aboutKind = v.picklist(['reply', 'edit', 'delete', 'react', 'unreact']);
/** What a message can be to an earlier one. */
export const aboutKindSchema = aboutKind;
const about = v.object({ kind: aboutKind, seq: place });
export type About = v.InferOutput<typeof about>;
/** As it is sent: the server's id says that the sender means the message that is at `seq`. */
const aboutSent = v.object({ ...about.entries, mid: id });
export const aboutSentSchema = aboutSent;
export type AboutSent = v.InferOutput<typeof aboutSent>;

/** Why a text does not go with what the message is; undefined if it does. */
function wrongBody(sent: { body: string; about?: AboutSent | undefined }): string | undefined {
  const kind = sent.about?.kind;
  if (kind === 'delete') return sent.body === '' ? undefined : 'a deletion has no text';
  if (sent.body === '') return 'a message needs a text';
  const isReacting = kind === 'react' || kind === 'unreact';
  return isReacting && !isReaction(sent.body) ? 'a reaction is one emoji' : undefined;
}

const message = v.object({
  seq: place,
  /** Made by the server, unique in the log. */
  mid: id,
  /** Made by the author's client, unique per author. */
  id,
  from: user,
  /** The latest text; none once the message was deleted. */
  body: v.string(),
  at: timestampMs,
  about: v.optional(about),
  /** When its author last changed it, and when they deleted it. */
  edited: v.optional(timestampMs),
  deleted: v.optional(timestampMs),
});
export const loggedMessageSchema = message;
/** A message as the log holds it. */
export type LoggedMessage = v.InferOutput<typeof message>;

const pingFields = { t: v.literal('ping'), n: sequence } as const;
const pongFields = { t: v.literal('pong'), n: sequence } as const;
const head = v.object({ room, epoch: id, seq: sequence });

/** A proof of who one is, and for how long from now on it holds, in ms: clocks need not agree. */
const grant = { token: v.string(), expiresIn: v.optional(timestampMs) } as const;

const pushEndpoint = v.pipe(
  v.string(),
  v.maxLength(
    limits.pushEndpointLength,
    `an endpoint has at most ${limits.pushEndpointLength} characters`,
  ),
);
/** RFC 8291 section 2: an uncompressed P-256 point (65 bytes) and a secret (16), base64url unpadded. */
const pushKeys = v.object({
  p256dh: v.pipe(
    v.string(),
    v.regex(/^B[A-Za-z0-9_-]{86}$/, 'the key is a P-256 point of 65 bytes in base64url'),
  ),
  auth: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'the secret has 16 bytes in base64url')),
});
/** Where and how a browser is pushed to, as `PushSubscription.toJSON()` has it. */
export const pushSubscriptionSchema = v.object({ endpoint: pushEndpoint, keys: pushKeys });
export type PushSubscriptionKeys = v.InferOutput<typeof pushSubscriptionSchema>;

export const clientFrame = v.variant('t', [
  // The commonest first: they are tried in this order.
  v.pipe(
    v.object({ t: v.literal('send'), id, room, body, about: v.optional(aboutSent) }),
    v.forward(
      v.partialCheck(
        [['body'], ['about']],
        (sent) => wrongBody(sent) === undefined,
        ({ input }) => wrongBody(input) ?? '',
      ),
      ['body'],
    ),
  ),
  v.object({
    t: v.literal('auth'),
    token: v.optional(v.pipe(v.string(), v.maxLength(4096))),
    name,
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
  v.object({ t: v.literal('refresh') }),
  v.object({ t: v.literal('signout') }),
  v.object({ t: v.literal('push'), room, ...pushSubscriptionSchema.entries }),
  v.object({ t: v.literal('unpush'), room: v.optional(room), endpoint: pushEndpoint }),
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
    limits: v.object({ frameBytes: count, bodyLength: count, nameLength: count }),
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
    message: v.string(),
  }),
  v.object({ t: v.literal('msg'), room, epoch: id, ...message.entries }),
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
