/** Who has read how far: each reader is shown at the last message that they have read, and nowhere else. */
import { useRef } from 'react';
import { type ChatMessage, type User, useChat } from '../../store/chatStore';
import { indexUpTo, keyOf } from './rows';

const nobody: readonly User[] = [];

/** Who has read up to this message. The same people are the same array, so that no row is drawn again for nothing. */
export function useSeenBy(rows: readonly ChatMessage[]): (message: ChatMessage) => readonly User[] {
  const reads = useChat((state) => state.reads);
  const known = useRef(new Map<string, readonly User[]>());
  const next = new Map<string, User[]>();
  for (const { user, seq } of reads) {
    const message = rows[indexUpTo(rows, seq)];
    // Who has written it has read it: that need not be said.
    if (!message || message.author.id === user.id) continue;
    const key = keyOf(message);
    next.set(key, [...(next.get(key) ?? []), user]);
  }
  const kept = new Map<string, readonly User[]>();
  for (const [key, users] of next) {
    const before = known.current.get(key);
    kept.set(key, before && isSame(before, users) ? before : users);
  }
  known.current = kept;
  return (message) => kept.get(keyOf(message)) ?? nobody;
}

function isSame(one: readonly User[], other: readonly User[]): boolean {
  return one.length === other.length && one.every((user, index) => user === other[index]);
}
