import { useEffect, useLayoutEffect, useState } from 'react';
import type { ChatMessage } from '../../store/chatStore';
import { firstShown, nextShown, released, type ShownRows } from './shownRows';

/** How long the list takes to find its place after it has grown at its start, in ms. */
const settlingMs = 300;

/** The rows to draw. Nothing is held back from who reads the end, which is scrolled to anyway. */
export function useShownRows(messages: readonly ChatMessage[], isFollowing: boolean): ShownRows {
  const [kept, setShown] = useState(() => firstShown(messages));
  const shown = kept.messages === messages ? kept : nextShown(kept, messages);
  if (shown !== kept) setShown(shown);
  const { heldSince } = shown;

  useLayoutEffect(() => {
    if (heldSince !== undefined && isFollowing) setShown((now) => released(now, heldSince));
  }, [heldSince, isFollowing]);
  useEffect(() => {
    if (heldSince === undefined) return;
    const timer = setTimeout(() => setShown((now) => released(now, heldSince)), settlingMs);
    return () => clearTimeout(timer);
  }, [heldSince]);
  return shown;
}
