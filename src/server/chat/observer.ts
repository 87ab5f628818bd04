/**
 * What the chat's heart tells of what it does, for metrics and logs. Counts and times only: no text, no
 * name and no token ever passes here. Nobody has to listen.
 */
import type { CloseCodeName } from '../../protocol/closeCodes';
import type { ErrorCode } from '../../protocol/errorCodes';

/** Why something was not done for a client, or not at once. */
export type Drop =
  /** What only counts while it is fresh (who came, left or writes) was not sent to a line that is behind. */
  | 'stale news'
  /** A client was not read for a while: it, its user or its address had sent more than it may. */
  | 'throttled';

export interface ChatObserver {
  /** A line was taken. */
  opened(): void;
  /** A line has ended, with the WebSocket's close code. */
  closed(code: number): void;
  /** The server itself closed a line, and why. */
  sentAway(why: CloseCodeName): void;
  /** A message is durable and its ack on its way, `latencyMs` after it came. `dup`: it was already. */
  acked(latencyMs: number, dup: boolean): void;
  /** A frame was answered with `err`. */
  refused(code: ErrorCode): void;
  /** So many messages were handed to so many lines, in one flush that took `durationMs`. */
  flushed(messages: number, deliveries: number, durationMs: number): void;
  dropped(what: Drop): void;
}

/** Somebody who listens to nothing. */
export const silentObserver: ChatObserver = {
  opened() {},
  closed() {},
  sentAway() {},
  acked() {},
  refused() {},
  flushed() {},
  dropped() {},
};
