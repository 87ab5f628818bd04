/**
 * `POST /api/rooms/:room/stream`: text that is shown while it comes. One message, or with `?split` as many as it
 * takes, for what has no end. Each place that a stream takes is counted, as nothing else may stay so long.
 */
import type { IncomingMessage } from 'node:http';
import { drainingAfterMs, type Place, type Programs } from '../chat/programs';
import { ApiError, refusalAsError } from './apiErrors';
import { type MessageOptions, told, whoAsks } from './apiMessages';
import {
  type ApiAnswer,
  type ApiRequest,
  expectPlainUtf8,
  idempotencyKeyOf,
  isJson,
  longestId,
  parseRoom,
  replyToIn,
  roomKeyOf,
  tokenOf,
  typeOf,
} from './apiRequest';
import { gateError } from './apiTokens';
import { type ConnectionGate, createConnectionGate } from './connectionGate';
import { LiveMessages, type MessagesEnd } from './liveMessages';
import { type BodyReader, createBodyReader } from './requestBody';
import { splitMsIn } from './streamSplit';

/** How many streams there may be. */
export interface StreamLimits {
  readonly total: number;
  readonly perAddress: number;
  readonly perUser: number;
}

export const defaultStreamLimits: StreamLimits = { total: 1_000, perAddress: 100, perUser: 5 };

export const noStreamLimits: StreamLimits = {
  total: Number.POSITIVE_INFINITY,
  perAddress: Number.POSITIVE_INFINITY,
  perUser: Number.POSITIVE_INFINITY,
};

export interface StreamOptions extends MessageOptions {
  programs: Pick<Programs, 'identify' | 'post' | 'stream' | 'whyShut' | 'whenSignedOut'>;
  /** Streams count as connections. */
  gate: Pick<ConnectionGate, 'enter' | 'left'>;
  streamLimits: StreamLimits;
}

export interface ApiStreams {
  answer(asked: ApiRequest): Promise<ApiAnswer>;
  end(timeoutMs: number): Promise<void>;
}

/** When a program should come again for which there was no place, in ms. */
const placeAfterMs = 10_000;

/** A line that is quiet for so long is asked whether there is anybody, in ms: by TCP, as HTTP cannot. */
const keepAliveMs = 30_000;

/** Numbers the messages of one stream, as in `key-12`. */
export const numberLength = 12;

export function createApiStreams(options: StreamOptions): ApiStreams {
  const { programs, gate, streamLimits, time, newId } = options;
  const { total, perAddress, perUser } = streamLimits;
  const isNeverTooFast = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };
  const places = (most: number) =>
    createConnectionGate({ total, perAddress: most, handshakes: isNeverTooFast }, time);
  const [byAddress, byUser] = [places(perAddress), places(perUser)];
  /** What ends each stream that there is, and what is then waited for. */
  const open = new Map<BodyReader, Promise<unknown>>();
  let isEnding = false;

  /** Takes a place for a stream. Throws an ApiError if there is none, else says how to give it back. */
  function takePlace(address: string, userId: string): () => void {
    const taken: (() => void)[] = [];
    const leave = () => {
      for (const giveBack of taken) giveBack();
    };
    const isFull = gate.enter(address);
    if (isFull) throw gateError(isFull);
    taken.push(() => gate.left(address));
    for (const [counted, key, who] of [
      [byAddress, address, 'from this address'],
      [byUser, userId, 'of this user'],
    ] as const) {
      const isFullHere = counted.enter(key);
      if (isFullHere === undefined) {
        taken.push(() => counted.left(key));
        continue;
      }
      leave();
      const details = { afterMs: placeAfterMs };
      if (isFullHere === 'server full') {
        throw new ApiError('full', 'there are as many streams as there may be', details);
      }
      const message = `there are as many streams ${who} as there may be`;
      throw new ApiError('too_many_streams', message, details);
    }
    return leave;
  }

  async function answer(asked: ApiRequest): Promise<ApiAnswer> {
    const { request, address, query, takeBody } = asked;
    if (isEnding) {
      throw new ApiError('draining', 'the server is restarting', { afterMs: drainingAfterMs });
    }
    const room = parseRoom(asked.room);
    const user = await whoAsks(options, asked);
    if (isJson(typeOf(request))) {
      throw new ApiError('bad_type', 'the body is text as it comes: JSON goes to …/messages');
    }
    expectPlainUtf8(request);
    const splitMs = splitMsIn(query);
    const key = idempotencyKeyOf(request, splitMs ? longestId - numberLength : longestId);
    const roomKey = roomKeyOf(request);
    const about = replyToIn(query);
    const isShut = programs.whyShut(room, roomKey);
    if (isShut) throw refusalAsError(isShut.refused);
    const leave = takePlace(address, user.id);
    try {
      takeBody();
      mayBeQuiet(request);
      const body = createBodyReader(request, time);
      const messages = new LiveMessages({
        programs,
        time,
        body,
        program: { user, address },
        token: tokenOf(request),
        room,
        roomKey,
        about,
        splitMs,
        firstId: key ?? newId(),
      });
      const ending = messages.run();
      open.set(body, ending);
      const unlisten = programs.whenSignedOut(user.id, () => messages.signOut());
      try {
        return answerOf(await ending, splitMs !== undefined, room);
      } finally {
        unlisten();
        open.delete(body);
      }
    } finally {
      leave();
    }
  }

  return {
    answer,
    async end(timeoutMs) {
      isEnding = true;
      for (const body of open.keys()) body.stop('stopped');
      let cancel = () => {};
      const tooLong = new Promise<void>((resolve) => {
        cancel = time.after(timeoutMs, resolve);
      });
      await Promise.race([Promise.allSettled(open.values()), tooLong]);
      cancel();
    },
  };
}

/** From here on the line is quiet for as long as its program has nothing to say. */
function mayBeQuiet({ socket }: IncomingMessage): void {
  socket.setTimeout(0);
  socket.setKeepAlive(true, keepAliveMs);
}

function answerOf(
  { kept, first, last, refused, isRepeated, isCut }: MessagesEnd,
  isSplit: boolean,
  room: string,
): ApiAnswer {
  const range = (place: Place | undefined) => place && told(place);
  const cut = isCut && { cut: true };
  const all = { room, messages: kept, first: range(first), last: range(last), ...cut };
  if (refused) throw refusedWith(refused, isSplit ? all : { kept: range(last) });
  if (!last) throw new ApiError('empty', 'a message needs a text');
  return { status: isRepeated ? 200 : 201, body: isSplit ? all : told(last) };
}

function refusedWith(error: ApiError, also: Readonly<Record<string, unknown>>): ApiError {
  const { code, message, details } = error;
  return new ApiError(code, message, { ...details, also: { ...details.also, ...also } });
}
