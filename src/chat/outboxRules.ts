/**
 * What becomes of a message that may not leave, or was not taken: whether a person is asked about it, and
 * with which reason. The reasons that are given here are this page's own; all others are the server's.
 */
import { isReaction } from './annotations';
import type { OutboxEntry } from './outboxEntry';
import type { OutboxCounts, SendFailure } from './types';

/** What has waited for longer, in ms, asks before it goes: who wrote it may have moved on. */
const askAfterMs = 3_600_000;

/** What has waited for longer than this, in ms, is no more than kept. */
const maxAgeMs = 7 * 24 * 3_600_000;

/** Why an entry may not leave unasked at `now`, in ms since 1970. */
export function reasonToAsk(
  entry: Pick<OutboxEntry, 'about' | 'at'>,
  now: number,
): SendFailure | undefined {
  const ageMs = now - entry.at;
  if (ageMs > maxAgeMs) return expired;
  // Nobody is asked about an emoji.
  return ageMs > askAfterMs && !isReaction(entry) ? stale : undefined;
}

/** That it was not taken is no loss: there is nothing for a person to decide. */
export function isNoLoss(entry: OutboxEntry, { code }: SendFailure): boolean {
  const wasGone = entry.about?.kind === 'delete' && code === 'no_message';
  return wasGone || isReaction(entry);
}

/** How an entry that failed is tried again: an answer to what is gone goes as a message by itself. */
export function retried({ about, failure }: OutboxEntry): Pick<OutboxEntry, 'about'> {
  const isOrphan = about?.kind === 'reply' && failure?.code === 'no_message';
  return { about: isOrphan ? undefined : about };
}

/** It was not sent, and is not on its way. */
export function isWaiting({ state }: OutboxEntry): boolean {
  return state === 'queued' || state === 'failed';
}

/** What waits and what failed, as a person counts it. */
export function countsOf(entries: readonly OutboxEntry[]): OutboxCounts {
  const failed = entries.filter(({ state }) => state === 'failed').length;
  const sent = entries.filter(({ state }) => state === 'sent').length;
  return { waiting: entries.length - failed - sent, failed };
}

/** Of an entry that left under another user's name. */
export const otherUser: SendFailure = {
  code: 'other_user',
  message: 'it may have been taken already, from whom you were before',
};

const expired: SendFailure = { code: 'expired', message: 'it has waited for more than 7 days' };
const stale: SendFailure = { code: 'stale', message: 'it has waited for more than an hour' };

/** Once this page has its ack, the log may have an earlier text under its id, to be put right. */
export const mayDiffer = ({ isRewritten, page }: OutboxEntry, thisPage: string): boolean =>
  isRewritten === true && page === thisPage;
