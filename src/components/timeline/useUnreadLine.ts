/**
 * Where the line stands above which everything was read when the room was opened. It stays there while
 * the room is open, however much of it is read meanwhile; what comes later gets none.
 */
import { useEffect, useState } from 'react';
import { type ChatMessage, useChat, useChatStoreApi } from '../../store/chatStore';
import { nextFrame } from '../../store/frameBatch';
import { firstOfOthers, lastSent } from './rows';

export interface UnreadLine {
  /** The index of the first unread row; -1 if there is none, or it is not loaded. */
  readonly index: number;
  /** The place after which everything is unread; undefined if nothing was. */
  readonly after: number | undefined;
  /** The place of what was said last when the room was opened: what comes later gets no line. */
  readonly upTo: number;
}

const noLine: UnreadLine = { index: -1, after: undefined, upTo: 0 };

export function useUnreadLine(rows: readonly ChatMessage[]): UnreadLine {
  const store = useChatStoreApi();
  const isLoaded = useChat((state) => state.isLoaded);
  const readBefore = useChat((state) => state.readBefore);
  const [opening, setOpening] = useState<{ readUpTo: number; saidUpTo: number }>();
  const isOpened = opening !== undefined;

  useEffect(() => {
    if (isOpened || !isLoaded || readBefore === undefined) return;
    let isMounted = true;
    // The first page comes with the frame after it was told of.
    nextFrame(() => {
      const saidUpTo = lastSent(store.getState().messages)?.seq ?? 0;
      if (isMounted) setOpening({ readUpTo: readBefore, saidUpTo });
    });
    return () => {
      isMounted = false;
    };
  }, [store, isOpened, isLoaded, readBefore]);

  if (!opening) return noLine;
  const { readUpTo, saidUpTo } = opening;
  const first = firstOfOthers(rows, readUpTo, saidUpTo);
  if (first === -1) return noLine;
  // There may be unread ones above the first row. Only the rows tell: of a page that has come the room
  // knows before they do.
  const isLoadedBackTo = (rows[0]?.seq ?? Infinity) <= readUpTo + 1;
  return { index: isLoadedBackTo ? first : -1, after: readUpTo, upTo: saidUpTo };
}
