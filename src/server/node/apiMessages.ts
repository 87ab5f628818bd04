/**
 * `POST /api/rooms/:room/messages`: one message, as JSON or as plain text. Said again under the same
 * `Idempotency-Key` it is there once, and answered as the first time.
 */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import { limits } from '../../protocol/limits';
import type { User } from '../../protocol/user';
import type { Place, Programs } from '../chat/programs';
import { ApiError, refusalAsError } from './apiErrors';
import {
  type ApiAnswer,
  type ApiRequest,
  decodeUtf8,
  expectPlainUtf8,
  idempotencyKeyOf,
  isJson,
  parseAs,
  parseJson,
  parseRoom,
  parseText,
  replyTo,
  replyToIn,
  roomKeyOf,
  tokenOf,
  typeOf,
} from './apiRequest';
import { readBody } from './requestBody';

const messageSchema = v.object({
  body: v.string(),
  replyTo: v.optional(v.object({ seq: v.number(), mid: v.string() })),
});

export interface MessageOptions {
  programs: Pick<Programs, 'identify' | 'post'>;
  time: Time;
  /** For messages whose programs give them none: no other call makes the same, here or elsewhere. */
  newId(): string;
}

/** Who asks. Throws an ApiError if the token proves nobody. */
export async function whoAsks(
  { programs }: { programs: Pick<Programs, 'identify'> },
  { request, address }: ApiRequest,
): Promise<User> {
  const user = await programs.identify(tokenOf(request), address);
  if (!('refused' in user)) return user;
  const { refused } = user;
  if (refused.code !== 'bad_token') throw refusalAsError(refused);
  const challenge = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
  throw new ApiError('bad_token', refused.message, { headers: challenge });
}

/** A place as it is told. */
export const told = ({ id, room, seq, mid, at, cut }: Place) => ({
  ...{ id, room, seq, mid, at },
  ...(cut && { cut }),
});

export async function postMessage(options: MessageOptions, asked: ApiRequest): Promise<ApiAnswer> {
  const { programs, time, newId } = options;
  const { request, address, takeBody } = asked;
  const room = parseRoom(asked.room);
  const user = await whoAsks(options, asked);
  const type = typeOf(request);
  if (!isJson(type) && type !== 'text/plain') {
    throw new ApiError('bad_type', 'the body has to be application/json or text/plain');
  }
  expectPlainUtf8(request);
  const id = idempotencyKeyOf(request) ?? newId();
  const roomKey = roomKeyOf(request);
  const aboutAsked = replyToIn(asked.query);
  takeBody();
  // Whatever a message holds, JSON of it fits.
  const bytes = await readBody(request, time, limits.frameBytes);
  const said = isJson(type) ? readJson(bytes) : { body: readText(bytes), about: undefined };
  const about = said.about ?? aboutAsked;
  const place = await programs.post({ user, address }, { ...said, id, room, about }, roomKey);
  // Told with the id, so that it can be said again under that.
  if ('refused' in place) throw refusalAsError(place.refused, { id });
  return { status: place.dup ? 200 : 201, body: told(place) };
}

function readJson(bytes: Buffer) {
  const { body, replyTo: place } = parseAs(messageSchema, parseJson(bytes), 'the body');
  return { body: parseText(body), about: place && replyTo(place) };
}

/** Programs end what they print with a line break, which is not meant to be seen. */
const readText = (bytes: Buffer) =>
  parseText(decodeUtf8(bytes, 'bad_text').replace(/[\r\n]+$/, ''));
