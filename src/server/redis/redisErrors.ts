/** What goes wrong with Redis, in the words of who has to do with it. */
import { ErrorReply } from 'redis';
import { LogUnavailableError, RoomUnavailableError } from '../log/log';

/** Redis cannot be used as it is: somebody has to change its settings, or ours. */
export class RedisStartError extends Error {
  override name = 'RedisStartError';
}

/** Redis is there, and answers too late or is still reading what it keeps. */
export class RedisSlowError extends LogUnavailableError {
  override name = 'RedisSlowError';
}

/** What is at a key is not what is put there: the message names the key, and quotes nothing of it. */
export class DamagedKeyError extends Error {
  override name = 'DamagedKeyError';
}

/** What is at a key is of another type than what is put there. */
export const wrongType = 'WRONGTYPE';

/**
 * Replies by which Redis says that it cannot do it just now: it is starting, cut back to a replica, without
 * some of its slots, full, unable to write its file, short of replicas, busy, or no master any more while we
 * waited; or we may not ask it.
 */
const passing = new Set([
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'BUSY',
  'UNBLOCKED',
  'DENIED',
  'NOAUTH',
  'WRONGPASS',
  'NOPERM',
]);

/** What a reply that is an error begins with, such as `OOM`; undefined for any other error. */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof ErrorReply)) return undefined;
  return /^[A-Z]+/.exec(error.message)?.[0];
}

/**
 * The error as callers get it: whatever may pass by itself, as every trouble with a connection may, is a
 * `LogUnavailableError`, and so is what somebody else has put to a key of ours; what is left is a fault of ours.
 */
export function asUnavailable(error: unknown): Error {
  if (error instanceof LogUnavailableError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const code = replyCode(error);
  if (code === wrongType) return new RoomUnavailableError(error.message, { cause: error });
  if (code === 'LOADING') return new RedisSlowError(`Redis: ${reasonOf(error)}`);
  const isFault = error instanceof ErrorReply && !(code && passing.has(code));
  return isFault ? error : new LogUnavailableError(`Redis: ${reasonOf(error)}`);
}

/** An error of several tries says nothing itself. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}
