/**
 * Keeps a scroller at its end until the reader scrolls up; from then on keeps the line that is read
 * where it is, whatever grows or shrinks above it. Only a reader moves up while the height is the
 * same; our own scrolling goes to the end, or follows the line that is read.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How far from the end, in CSS px, still counts as being there: scroll positions are fractions. */
const tolerancePx = 1.5;

export interface FollowLatest {
  /** The end is followed: what comes is scrolled into view. */
  isFollowing: boolean;
  toLatest(): void;
}

/** The line that is read, and how far from the start of the content, in CSS px, it was last seen. */
interface Anchor {
  line: Element;
  offsetPx: number;
}

/** To be called by what draws the rows: each of its renders may have changed their heights. */
export function useFollowLatest(scroller: RefObject<HTMLElement | null>): FollowLatest {
  const [isFollowing, setFollowing] = useState(true);
  const following = useRef(true);
  const anchor = useRef<Anchor>(undefined);
  const seen = useRef({ top: 0, height: 0 });

  const follow = useCallback((next: boolean) => {
    following.current = next;
    setFollowing(next);
  }, []);

  const remember = useCallback((element: HTMLElement) => {
    seen.current = { top: element.scrollTop, height: element.scrollHeight };
    anchor.current = following.current ? undefined : anchorIn(element);
  }, []);

  /** After a change of heights: to the end, or back to the line that is read. */
  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (following.current) {
      element.scrollTop = element.scrollHeight;
    } else if (anchor.current?.line.isConnected) {
      // Measured in the content, so that what the reader has scrolled meanwhile is left alone.
      const shiftPx = offsetIn(element, anchor.current.line) - anchor.current.offsetPx;
      if (shiftPx !== 0) element.scrollTop += shiftPx;
    }
    remember(element);
  }, [scroller, remember]);

  useLayoutEffect(settle);

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
    // Where a browser has none, the place is kept on the next message.
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [scroller, settle]);

  const toLatest = useCallback(() => {
    follow(true);
    settle();
  }, [follow, settle]);

  return { isFollowing, toLatest };
}

/** The first message that reaches into view; by halving, as there may be thousands. */
function anchorIn(scroller: HTMLElement): Anchor | undefined {
  const rows = scroller.querySelectorAll('[data-message-id]');
  const edge = scroller.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
    else low = middle + 1;
  }
  const row = rows[low];
  // The text, not the row: its author's name may go when the message above it comes.
  const line = row?.querySelector('[data-part="body"]') ?? row;
  return line && { line, offsetPx: offsetIn(scroller, line) };
}

function offsetIn(scroller: HTMLElement, line: Element): number {
  const content = scroller.firstElementChild ?? scroller;
  return line.getBoundingClientRect().top - content.getBoundingClientRect().top;
}
