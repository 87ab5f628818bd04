/**
 * HTTP for programs: a token, a message, a text that is written before everybody's eyes. Who may ask is
 * decided here, and how it is answered: JSON, and for whatever is refused `{error: {code, message}}` with the status
 * that says the same. What the messages come to is the heart's.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Programs } from '../chat/programs';
import { ApiError, type ApiErrorCode, apiErrors } from './apiErrors';
import { type MessageOptions, postMessage } from './apiMessages';
import type { ApiAnswer, ApiRequest } from './apiRequest';
import { createApiStreams, type StreamOptions } from './apiStreams';
import { makeToken, type TokenOptions } from './apiTokens';
import { hasBody } from './requestBody';
import type { RequestGuard } from './requestGuard';

export interface ApiOptions extends MessageOptions, StreamOptions, TokenOptions {
  programs: Programs;
  guard: Pick<RequestGuard, 'addressOf' | 'whyForeign' | 'whyMisdirected'>;
  onRefused?(code: ApiErrorCode): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

export interface Api {
  /** Answers what is asked at `path`, which begins with `apiPrefix`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends all streams, each with what it has; resolves when they are answered, at the latest after `timeoutMs`. */
  end(timeoutMs: number): Promise<void>;
}

export const apiPrefix = '/api/';

interface Route {
  readonly path: RegExp;
  readonly methods: readonly string[];
  readonly answer: (asked: ApiRequest) => Promise<ApiAnswer>;
}

/** How long who is answered early may go on sending what nobody reads, in ms and in bytes. */
const lingering = { ms: 1_000, bytes: 1024 * 1024 };

export function createApi(options: ApiOptions): Api {
  const { guard, time, onError } = options;
  const streams = createApiStreams(options);
  const routes: readonly Route[] = [
    {
      path: /^\/api\/tokens$/,
      methods: ['POST'],
      answer: (asked) => makeToken(options, asked),
    },
    {
      path: /^\/api\/rooms\/([^/]+)\/messages$/,
      methods: ['POST'],
      answer: (asked) => postMessage(options, asked),
    },
    {
      path: /^\/api\/rooms\/([^/]+)\/stream$/,
      // `curl -T` says PUT unless it is told otherwise.
      methods: ['POST', 'PUT'],
      answer: streams.answer,
    },
  ];

  async function ask(request: IncomingMessage, response: ServerResponse): Promise<ApiAnswer> {
    const misdirected = guard.whyMisdirected(request);
    if (misdirected) throw new ApiError('misdirected', misdirected);
    const foreign = guard.whyForeign(request);
    if (foreign) throw new ApiError('foreign_origin', foreign);
    const [path = '', query] = (request.url ?? '').split('?');
    for (const route of routes) {
      const [isThere, room = ''] = route.path.exec(path) ?? [];
      if (isThere === undefined) continue;
      if (!route.methods.includes(request.method ?? '')) {
        const Allow = route.methods.join(', ');
        throw new ApiError('bad_method', `this is asked by ${Allow} only`, { headers: { Allow } });
      }
      const takeBody = () => {
        if (request.headers.expect !== undefined) response.writeContinue();
      };
      const address = guard.addressOf(request);
      return route.answer({ request, address, query: new URLSearchParams(query), room, takeBody });
    }
    throw new ApiError('not_found', 'there is nothing here');
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown) {
    if (!(error instanceof ApiError)) {
      onError(error);
      return refuse(request, response, new ApiError('internal', 'the server failed'));
    }
    const { code, message, details } = error;
    options.onRefused?.(code);
    const { afterMs, headers = {}, also = {} } = details;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // RFC 9110 section 10.2.3: whole seconds.
    if (afterMs !== undefined) response.setHeader('Retry-After', Math.ceil(afterMs / 1_000));
    answer(request, response, apiErrors[code].status, { error: { code, message }, ...also });
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    body: Readonly<Record<string, unknown>>,
  ) {
    const text = `${JSON.stringify(body)}\n`;
    const isRead = request.complete || !hasBody(request);
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      ...(!isRead && { Connection: 'close' }),
    });
    if (isRead || request.destroyed) return void response.end(text);
    // A line that is ended while something comes takes the answer with it: who asks has all of it first, and
    // the time to stop.
    response.write(text);
    linger(request, response);
  }

  function linger(request: IncomingMessage, response: ServerResponse) {
    let bytes = 0;
    const end = () => {
      cancel();
      response.end();
    };
    const cancel = time.after(lingering.ms, end);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > lingering.bytes) end();
    });
    request.once('end', end);
    request.once('close', end);
    request.resume();
  }

  /** What was asked last on each line: who asks without waiting for answers means an order. */
  const turns = new WeakMap<Socket, Promise<void>>();

  return {
    handle(request, response) {
      // Who breaks off is not there to be told.
      request.on('error', () => {});
      response.on('error', () => {});
      const answered = (turns.get(request.socket) ?? Promise.resolve())
        .then(() => ask(request, response))
        .then(({ status, body }) => answer(request, response, status, body))
        .catch((error: unknown) => refuse(request, response, error));
      turns.set(request.socket, answered);
    },
    end: streams.end,
  };
}
