/**
 * The bodies of requests: whole ones, bounded and in time, and those that come bit by bit for as long as
 * they like. Node's own time limit is one for all requests, so that here is each request's own.
 */
import type { IncomingMessage } from 'node:http';
import type { Time } from '../../connection/ports';
import { ApiError } from './apiErrors';

/** What a whole body may take to come, in ms: ours are small, and come at once. */
export const bodyTimeoutMs = 10_000;

/** Why a body is not read to its end: the server restarts, or whoever sends it is no longer heard. */
export type StopReason = 'stopped' | 'signed out';

/** Bytes that have come; or that nothing came for so long, that the body is over, that its sender broke off. */
export type Heard = Buffer | 'quiet' | 'end' | 'broken' | StopReason;

export interface BodyReader {
  /** What comes next, all that has come by then in one. `quiet`: nothing for `patienceMs`. */
  next(patienceMs: number): Promise<Heard>;
  /** Nothing more is wanted: after what has come by now the reason is heard, and from then on. */
  stop(why: StopReason): void;
}

export function createBodyReader(request: IncomingMessage, time: Time): BodyReader {
  let state: 'open' | 'end' | 'broken' | StopReason = 'open';
  /** What had come when it was stopped. */
  let rest: unknown;
  let wake = () => {};
  const become = (next: 'end' | 'broken') => () => {
    if (state === 'open') state = next;
    wake();
  };
  request.on('readable', () => wake());
  request.on('end', become('end'));
  request.on('error', become('broken'));
  request.on('close', become('broken'));
  if (request.destroyed) state = 'broken';

  return {
    async next(patienceMs) {
      for (;;) {
        const isStopped = state === 'stopped' || state === 'signed out';
        const bytes: unknown = isStopped ? rest : request.read();
        rest = undefined;
        if (bytes instanceof Buffer) return bytes;
        if (state !== 'open') return state;
        const isQuiet = await new Promise<boolean>((resolve) => {
          const cancel = time.after(patienceMs, () => resolve(true));
          wake = () => {
            cancel();
            resolve(false);
          };
        });
        wake = () => {};
        if (isQuiet) return 'quiet';
      }
    },
    stop(why) {
      if (state !== 'open') return;
      rest = request.read();
      state = why;
      wake();
    },
  };
}

/** Whether the request says that it has a body (RFC 9112 section 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || Number(length) > 0;
}

/** The whole body. Rejects with an ApiError if it is too large, or does not come in time. */
export async function readBody(
  request: IncomingMessage,
  time: Time,
  mostBytes: number,
): Promise<Buffer> {
  const tooLarge = () => new ApiError('too_large', `the body has more than ${mostBytes} bytes`);
  if (Number(request.headers['content-length']) > mostBytes) throw tooLarge();
  const reader = createBodyReader(request, time);
  const until = time.now() + bodyTimeoutMs;
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const heard = await reader.next(Math.max(0, until - time.now()));
    if (heard === 'end') return Buffer.concat(chunks);
    if (typeof heard === 'string') throw new ApiError('too_slow', 'the body did not come in time');
    size += heard.length;
    if (size > mostBytes) throw tooLarge();
    chunks.push(heard);
  }
}

/** Ends the line of a request whose body, which nobody reads, has not come in time. */
export function endIfSlow(request: IncomingMessage, time: Time): void {
  if (!hasBody(request)) return;
  const cancel = time.after(bodyTimeoutMs, () => {
    if (!request.complete) request.socket.destroy();
  });
  request.once('close', cancel);
}
