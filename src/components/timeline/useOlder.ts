/** Loads what is older as the reader comes near it, and tells while that is under way. */
import { type RefObject, useState } from 'react';
import { type ChatMessage, useChat } from '../../store/chatStore';
import { keyOf } from './rows';

/** How near the start, in screens, older messages are asked for: they are there before the reader is. */
const nearScreens = 2;

export interface Older {
  isLoading: boolean;
  load(): void;
  /** To be called when the reader has moved. */
  loadIfNear(): void;
}

export function useOlder(
  rows: readonly ChatMessage[],
  scroller: RefObject<HTMLElement | null>,
): Older {
  const hasOlder = useChat((state) => state.hasOlder);
  const isOpen = useChat((state) => state.connection.status === 'open');
  const { loadOlder } = useChat((state) => state.actions);
  const first = rows[0] && keyOf(rows[0]);
  /** What was the first row when older ones were asked for. */
  const [askedAbove, setAskedAbove] = useState<string>();
  const isLoading = hasOlder && isOpen && first !== undefined && askedAbove === first;

  const load = () => {
    setAskedAbove(first);
    loadOlder();
  };
  const loadIfNear = () => {
    const element = scroller.current;
    if (!element || !hasOlder || isLoading) return;
    if (element.scrollTop < element.clientHeight * nearScreens) load();
  };
  return { isLoading, load, loadIfNear };
}
