/** Where a page of messages ends, the same for every engine. */
import type { LoggedMessage } from '../../protocol/message';
import type { PageLimit } from './log';

/**
 * The first messages of `candidates` that fit the limit, at least one if there is one. Takes no more
 * from an iterator than it needs to know whether there are `more`.
 */
export function cutPage(
  candidates: Iterable<LoggedMessage>,
  limit: PageLimit,
): { messages: LoggedMessage[]; more: boolean } {
  const messages: LoggedMessage[] = [];
  let length = 0;
  for (const candidate of candidates) {
    const isFull = messages.length >= limit.messages || length >= limit.length;
    if (isFull) return { messages, more: true };
    messages.push(candidate);
    length += candidate.body.length;
  }
  return { messages, more: false };
}
