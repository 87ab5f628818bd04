/**
 * Keeps a scroller at its end until the reader scrolls up, and keeps the reader's place when older
 * messages are put in front. Only a reader moves up; our own scrolling always goes down to the end,
 * so a smaller `scrollTop` at an unchanged height is the reader's.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How far from the end, in CSS px, still counts as being there: scroll positions are fractions. */
const tolerancePx = 1.5;

export interface FollowLatest {
  /** The end is followed: what comes is scrolled into view. */
  isFollowing: boolean;
  toLatest(): void;
}

/** `firstKey` names the first row: when it changes while the list grows, older rows came in front. */
export function useFollowLatest(
  scroller: RefObject<HTMLElement | null>,
  rows: { firstKey: string | undefined; count: number },
): FollowLatest {
  const [isFollowing, setFollowing] = useState(true);
  const following = useRef(true);
  const seen = useRef({ top: 0, height: 0, firstKey: rows.firstKey });

  const follow = useCallback((next: boolean) => {
    following.current = next;
    setFollowing(next);
  }, []);

  const remember = useCallback((element: HTMLElement) => {
    seen.current.top = element.scrollTop;
    seen.current.height = element.scrollHeight;
  }, []);

  const toEnd = useCallback(
    (element: HTMLElement) => {
      element.scrollTop = element.scrollHeight;
      remember(element);
    },
    [remember],
  );

  const { firstKey, count } = rows;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || count === 0) return;
    const hasPrepended = seen.current.firstKey !== firstKey;
    seen.current.firstKey = firstKey;
    if (following.current) return toEnd(element);
    if (hasPrepended) element.scrollTop += element.scrollHeight - seen.current.height;
    remember(element);
  }, [scroller, firstKey, count, toEnd, remember]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => {
      const isAtEnd =
        element.scrollHeight - element.scrollTop - element.clientHeight <= tolerancePx;
      const movedUp =
        element.scrollTop < seen.current.top && element.scrollHeight >= seen.current.height;
      if (isAtEnd) follow(true);
      else if (movedUp) follow(false);
      remember(element);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller, follow, remember]);

  useEffect(() => {
    const element = scroller.current;
    // Where a browser has none, the end is followed on the next message.
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (following.current) toEnd(element);
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [scroller, toEnd]);

  const toLatest = useCallback(() => {
    follow(true);
    if (scroller.current) toEnd(scroller.current);
  }, [scroller, follow, toEnd]);

  return { isFollowing, toLatest };
}
