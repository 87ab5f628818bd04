/**
 * Finding rows in a conversation that may hold a hundred thousand: sent ones stand in the order of their
 * places, so by halving; what is new stands at the end, so from there. Nothing here looks at all of them
 * where a place is known.
 */
import type { ChatMessage } from '../../store/chatStore';
import { keyOf } from './keyOf';

export { keyOf };

type Messages = readonly ChatMessage[];

/** The index of the last row whose place is at most `seq`; -1 if there is none. */
export function indexUpTo(messages: Messages, seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.seq ?? Infinity) <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the row at this very place; -1 if it is not among them. */
export function indexAt(messages: Messages, seq: number): number {
  const index = indexUpTo(messages, seq);
  return messages[index]?.seq === seq ? index : -1;
}

/** Where a row is now; -1 if it is gone. */
export function indexOf(messages: Messages, sought: ChatMessage | undefined): number {
  if (!sought) return -1;
  const key = keyOf(sought);
  const isIt = (message: ChatMessage | undefined) => message && keyOf(message) === key;
  const expected = sought.seq === undefined ? -1 : indexAt(messages, sought.seq);
  if (isIt(messages[expected])) return expected;
  // It has no place, or had none when it was looked at: then it stands near the end.
  return messages.findLastIndex(isIt);
}

/** The last row that the room has; one's own that are on their way stand below it. */
export function lastSent(messages: Messages): ChatMessage | undefined {
  return messages.findLast(({ state }) => state === 'sent');
}

/** The place of the last row at or above `index` that has one. */
export function placeAtOrAbove(messages: Messages, index: number): number | undefined {
  for (let at = Math.min(index, messages.length - 1); at >= 0; at -= 1) {
    const seq = messages[at]?.seq;
    if (seq !== undefined) return seq;
  }
  return undefined;
}

/** How many of others' rows stand below `known`; 0 where that is gone. */
export function newBelow(messages: Messages, known: ChatMessage | undefined): number {
  const key = known && keyOf(known);
  let count = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (!message) break;
    if (keyOf(message) === key) return count;
    // What is still being written is news once it is said.
    if (!message.mine && !message.live) count += 1;
  }
  return key === undefined ? count : 0;
}

/** The index of the first row of another's above place `from`, up to place `upTo`; -1 if there is none. */
export function firstOfOthers(messages: Messages, from: number, upTo: number): number {
  for (let at = indexUpTo(messages, from) + 1; at < messages.length; at += 1) {
    const message = messages[at];
    if (message?.seq === undefined || message.seq > upTo) break;
    if (!message.mine) return at;
  }
  return -1;
}
