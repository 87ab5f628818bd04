/**
 * What gateways tell each other on the channels of Redis: a letter for the kind, then JSON. Whatever comes is
 * parsed: another version, or another program, may have said it. A kind that is not known is left to those
 * who know it.
 */
import * as v from 'valibot';
import { aboutSentSchema, isText } from '../../protocol/about';
import { limits } from '../../protocol/limits';
import type { LoggedMessage } from '../../protocol/message';
import { type User, userSchema } from '../../protocol/user';
import type { StreamNews } from '../chat/streams/liveStream';
import { storedMessageSchema } from '../log/storedMessage';

/** A gateway's lease: its id, and which of its leases this is. */
export const leaseSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]+\.[0-9]+$/, 'a lease is a gateway’s id and a number'),
);
const id = userSchema.entries.id;
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `appended` is told by the script that appends to the log. */
const roomNews = {
  m: v.pipe(
    v.object({ epoch: id, messages: v.array(storedMessageSchema) }),
    v.transform((news) => ({ kind: 'appended' as const, ...news })),
  ),
  p: v.pipe(
    v.object({ by: leaseSchema, came: v.array(userSchema), left: v.array(id) }),
    v.transform((news) => ({ kind: 'presence' as const, ...news })),
  ),
  t: v.pipe(
    v.object({ by: leaseSchema, user: userSchema }),
    v.transform((news) => ({ kind: 'typing' as const, ...news })),
  ),
  r: v.pipe(
    v.object({ by: leaseSchema, user: userSchema, epoch: id, seq: sequence }),
    v.transform((news) => ({ kind: 'read' as const, ...news })),
  ),
  w: v.pipe(
    v.object({
      by: leaseSchema,
      user: userSchema,
      id,
      at: sequence,
      // A code point has one or two UTF-16 units.
      text: v.pipe(v.string(), v.maxLength(2 * limits.bodyLength)),
      about: v.optional(
        v.pipe(
          aboutSentSchema,
          v.check((of) => isText(of), 'what is written is a message or a reply'),
        ),
      ),
      cut: v.optional(v.literal(true)),
    }),
    v.transform(({ by, ...news }) => ({ kind: 'written' as const, by, news })),
  ),
  a: v.pipe(
    v.object({ by: leaseSchema }),
    v.transform((news) => ({ kind: 'asked' as const, ...news })),
  ),
};

const gatewayNews = {
  s: v.pipe(
    v.object({ by: leaseSchema, userId: id }),
    v.transform((news) => ({ kind: 'signed out' as const, ...news })),
  ),
  g: v.pipe(
    v.object({ by: leaseSchema }),
    v.transform((news) => ({ kind: 'gone' as const, ...news })),
  ),
};

/** What is said on a room's channel. */
export type RoomNews = v.InferOutput<(typeof roomNews)[keyof typeof roomNews]>;
/** What is said on the channel of all gateways. */
export type GatewayNews = v.InferOutput<(typeof gatewayNews)[keyof typeof gatewayNews]>;

/** Throws if it is none; undefined where the kind is not known. */
export function parseRoomNews(text: string): RoomNews | undefined {
  switch (text[0]) {
    case 'm':
      return parsed(roomNews.m, text);
    case 'p':
      return parsed(roomNews.p, text);
    case 't':
      return parsed(roomNews.t, text);
    case 'r':
      return parsed(roomNews.r, text);
    case 'w':
      return parsed(roomNews.w, text);
    case 'a':
      return parsed(roomNews.a, text);
    default:
      return undefined;
  }
}

/** Throws if it is none; undefined where the kind is not known. */
export function parseGatewayNews(text: string): GatewayNews | undefined {
  switch (text[0]) {
    case 's':
      return parsed(gatewayNews.s, text);
    case 'g':
      return parsed(gatewayNews.g, text);
    default:
      return undefined;
  }
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, jsonOf(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new Error(
    `a gateway said what is not understood: ${path ? `${path}: ` : ''}${issue.message}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.slice(1));
  } catch {
    throw new Error(`a gateway said what is not JSON: ${text.slice(0, 40)}`);
  }
}

export const appendedNews = (epoch: string, messages: readonly LoggedMessage[]) =>
  `m${JSON.stringify({ epoch, messages })}`;
export const presenceNews = (by: string, came: readonly User[], left: readonly string[]) =>
  `p${JSON.stringify({ by, came, left })}`;
export const typingNews = (by: string, user: User) => `t${JSON.stringify({ by, user })}`;
export const readNews = (by: string, user: User, epoch: string, seq: number) =>
  `r${JSON.stringify({ by, user, epoch, seq })}`;
export const writtenNews = (by: string, news: StreamNews) => `w${JSON.stringify({ by, ...news })}`;
export const askNews = (by: string) => `a${JSON.stringify({ by })}`;
export const signedOutNews = (by: string, userId: string) => `s${JSON.stringify({ by, userId })}`;
export const goneNews = (by: string) => `g${JSON.stringify({ by })}`;
