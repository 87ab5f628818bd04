/** Tells how far the reader has read: to the last row on screen, while the page is one that is seen. */
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { type ChatMessage, useChat } from '../../store/chatStore';
import type { ListHandle } from './listHandle';
import { placeAtOrAbove } from './rows';

export function useMarkRead(
  rows: readonly ChatMessage[],
  isFollowing: boolean,
  list: RefObject<ListHandle | null>,
): () => void {
  const { markRead } = useChat((state) => state.actions);
  const isLoaded = useChat((state) => state.isLoaded);
  const markedUpTo = useRef(0);

  const look = useCallback(() => {
    if (!isLoaded || document.visibilityState !== 'visible') return;
    // The room's log was replaced by a shorter one: what was read in the other counts no more.
    if ((placeAtOrAbove(rows, rows.length - 1) ?? 0) < markedUpTo.current) markedUpTo.current = 0;
    const last = isFollowing ? rows.length - 1 : (list.current?.visible()[1] ?? -1);
    const seq = placeAtOrAbove(rows, last);
    if (seq === undefined || seq <= markedUpTo.current) return;
    markedUpTo.current = seq;
    markRead(seq);
  }, [rows, isLoaded, isFollowing, list, markRead]);

  useEffect(() => {
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [look]);

  return look;
}
