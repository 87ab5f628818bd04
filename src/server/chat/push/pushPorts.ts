/** What pushing to who is away takes from its host: where subscriptions are kept, and what sends. */
import type { PushSubscriptionKeys } from '../../../protocol/pushSubscription';

/** That a user wants to be pushed to for a room, in one of their browsers. */
export interface PushRegistration {
  readonly room: string;
  readonly userId: string;
  readonly subscription: PushSubscriptionKeys;
}

/** Which of a user's registrations: without a field, of every room or in every browser. */
export interface PushSelection {
  readonly room?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Keeps the registrations, as durably as the message log keeps messages. */
export interface PushStore {
  /**
   * Keeps one, or keeps it anew. Where a user has too many, what they registered longest ago gives way;
   * where a room has too many, nothing is kept.
   */
  add(registration: PushRegistration): Promise<'kept' | 'room full'>;
  remove(userId: string, which: PushSelection): Promise<void>;
  /** Asked for every message, so answered from memory. */
  inRoom(room: string): Promise<readonly PushRegistration[]>;
  ofUser(userId: string): Promise<readonly PushRegistration[]>;
}

/** What a push says: small, as a push service takes 4,096 bytes at most (RFC 8291 section 4). */
export interface PushPayload {
  readonly room: string;
  readonly seq: number;
  /** The author's name, with their tag if they have one. */
  readonly from: string;
  /** The author is a program. */
  readonly program?: true;
  /** The beginning of the message. */
  readonly text: string;
}

export type PushOutcome =
  | { kind: 'sent' }
  /** The subscription has ended, or can never be pushed to. */
  | { kind: 'gone' }
  /** Not now; `retryAfterMs` is what the push service asked for. */
  | { kind: 'busy'; retryAfterMs?: number | undefined }
  /** The push service refused this push. */
  | { kind: 'failed' };

export interface PushSender {
  /** The public key that browsers subscribe with, in base64url. */
  readonly key: string;
  /** Why a subscription cannot be pushed to; undefined if it can. */
  whyRefused(subscription: PushSubscriptionKeys): string | undefined;
  /** Encrypts and sends. Never rejects. */
  send(subscription: PushSubscriptionKeys, payload: PushPayload): Promise<PushOutcome>;
}

/** Counts what becomes of pushes. `dropped`: too many waited. `retried`: the push service was busy. */
export type PushObserver = (
  what: Exclude<PushOutcome['kind'], 'busy'> | 'retried' | 'dropped',
) => void;
