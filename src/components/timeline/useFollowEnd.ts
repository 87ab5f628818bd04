/**
 * Keeps a scroller at its end, whatever grows, until the reader goes up: by wheel, touch, scrollbar or
 * key, or in any other way that moves it while nothing has grown or shrunk. Our own scrolling never
 * counts. Back at the end, it is followed again. What is pressed stays under the pointer until it is let go:
 * a press that ended on something else would have been for nothing.
 */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface FollowEnd {
  isFollowing: boolean;
  /** To be called after whatever may have changed heights. */
  settle(): void;
  /** Goes to the end and stays there. */
  toEnd(): void;
  /** The reader is taken elsewhere. */
  letGo(): void;
}

/** How far from the end, in CSS px, still counts as being there: scroll positions are fractions. */
const tolerancePx = 1.5;

/** How long after a reader's wheel, touch or key what scrolls is taken for theirs, in ms. */
const readersMs = 600;

const keysUp = new Set(['ArrowUp', 'PageUp', 'Home']);

export function useFollowEnd(scroller: RefObject<HTMLElement | null>): FollowEnd {
  const [isFollowing, setFollowing] = useState(true);
  const following = useRef(true);
  const isPressed = useRef(false);
  const seen = useRef({ top: 0, height: 0, viewport: 0 });

  const follow = useCallback((next: boolean) => {
    following.current = next;
    setFollowing(next);
  }, []);

  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (following.current && !isPressed.current) element.scrollTop = element.scrollHeight;
    seen.current = measure(element);
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let isHeld = false;
    let readersUntil = 0;
    let goesUp = false;

    const readerMoves = ({ timeStamp }: Event, up: boolean) => {
      readersUntil = timeStamp + readersMs;
      goesUp = up;
      // Not only once it has moved: what comes meanwhile would take the reader back down.
      if (up && element.scrollTop > 0) follow(false);
    };
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY !== 0 && !event.ctrlKey) readerMoves(event, event.deltaY < 0);
    };
    const onKey = (event: KeyboardEvent) => {
      // Rows that take keys for themselves tell so by preventing what the browser would do.
      if (event.defaultPrevented || event.target !== element) return;
      if (keysUp.has(event.key)) readerMoves(event, true);
    };
    let settling = 0;
    const letPressGo = () => {
      if (!isPressed.current) return;
      isPressed.current = false;
      // The click has come to what was pressed by then.
      settling = requestAnimationFrame(settle);
    };
    const onPress = (event: PointerEvent) => {
      isHeld = event.pointerType === 'touch' || event.target === element;
      isPressed.current = event.button === 0 && event.target !== element;
    };
    const onRelease = ({ timeStamp }: Event) => {
      if (isHeld) readersUntil = timeStamp + readersMs;
      isHeld = false;
      goesUp = false;
      letPressGo();
    };
    const onScroll = ({ timeStamp }: Event) => {
      const now = measure(element);
      const { top, height, viewport } = seen.current;
      const isReaders = isHeld || timeStamp < readersUntil;
      const isSameSize = now.height === height && now.viewport === viewport;
      const isUp = now.top < top - tolerancePx && (isSameSize || isReaders);
      if (isAtEnd(now)) {
        if (!(isReaders && goesUp)) follow(true);
      } else if (isUp) follow(false);
      seen.current = now;
    };

    const page = element.ownerDocument;
    const passive = { passive: true };
    element.addEventListener('wheel', onWheel, passive);
    element.addEventListener('scroll', onScroll, passive);
    element.addEventListener('pointerdown', onPress, passive);
    page.addEventListener('pointerup', onRelease, passive);
    // The browser scrolls, or drags, with what was a press.
    page.addEventListener('pointercancel', letPressGo, passive);
    page.addEventListener('touchend', onRelease, passive);
    element.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('pointerdown', onPress);
      page.removeEventListener('pointerup', onRelease);
      page.removeEventListener('pointercancel', letPressGo);
      page.removeEventListener('touchend', onRelease);
      element.removeEventListener('keydown', onKey);
      cancelAnimationFrame(settling);
    };
  }, [scroller, follow, settle]);

  const toEnd = useCallback(() => {
    follow(true);
    settle();
  }, [follow, settle]);
  const letGo = useCallback(() => follow(false), [follow]);

  return useMemo(
    () => ({ isFollowing, settle, toEnd, letGo }),
    [isFollowing, settle, toEnd, letGo],
  );
}

interface Measures {
  top: number;
  height: number;
  viewport: number;
}

function measure({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Measures {
  return { top: scrollTop, height: scrollHeight, viewport: clientHeight };
}

function isAtEnd({ top, height, viewport }: Measures): boolean {
  return height - top - viewport <= tolerancePx;
}
