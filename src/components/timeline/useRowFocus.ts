/**
 * Moving through the rows by keys: the list is one stop of the Tab key, and arrows go from row to row. The
 * row that has the focus stays in the page wherever it is scrolled to, and when it goes for good its
 * neighbour gets the focus: it never falls to the page.
 */
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { ChatMessage } from '../../store/chatStore';
import { isComposing } from '../composer/keys';
import { focusHome } from '../focus';
import type { ListHandle } from './listHandle';
import { indexOf } from './rows';
import type { FollowEnd } from './useFollowEnd';

export interface RowFocus {
  /** The row that Tab comes to. */
  activeIndex: number;
  /** Rows that have to stay in the page. */
  kept: readonly number[];
  focusRow(index: number, align?: 'nearest' | 'center'): void;
  /** To be called when rows have been drawn and measured: one that waits for the focus may be there now. */
  settle(): void;
  handlers: {
    onKeyDown(event: KeyboardEvent<HTMLElement>): void;
    onFocus(event: FocusEvent<HTMLElement>): void;
    onBlur(event: FocusEvent<HTMLElement>): void;
  };
}

/** How much of the screen a long row is moved by at a time. */
const stepOfScreen = 0.8;

export function useRowFocus(
  rows: readonly ChatMessage[],
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<ListHandle | null>,
  { letGo, toEnd }: FollowEnd,
): RowFocus {
  const [active, setActive] = useState<ChatMessage>();
  const [awaited, setAwaited] = useState<ChatMessage>();
  const hasFocus = useRef(false);
  const lastIndex = useRef(-1);
  const found = indexOf(rows, active);
  const awaitedIndex = indexOf(rows, awaited);
  const activeIndex = found === -1 ? rows.length - 1 : found;

  const rowAt = (index: number) =>
    scroller.current?.querySelector<HTMLElement>(
      `li[aria-posinset="${index + 1}"] [data-message-id]`,
    );

  const settle = () => {
    if (awaitedIndex === -1) return;
    const row = rowAt(awaitedIndex);
    row?.focus({ preventScroll: true });
    if (row && row.ownerDocument.activeElement === row) setAwaited(undefined);
  };

  useLayoutEffect(() => {
    settle();
    const { body, activeElement } = document;
    if (hasFocus.current && activeElement === body && awaitedIndex === -1) {
      // What had the focus is gone: the row that it stood in, or the one that has taken its place.
      const heir = found === -1 ? Math.min(lastIndex.current, rows.length - 1) : found;
      if (heir >= 0) setAwaited(rows[heir]);
      else focusHome();
    }
    lastIndex.current = activeIndex;
  });

  const focusRow: RowFocus['focusRow'] = (index, align = 'nearest') => {
    const target = rows[index];
    if (!target) return;
    setAwaited(target);
    if (index === rows.length - 1) toEnd();
    else letGo();
    list.current?.scrollToIndex(index, align);
  };

  /** Shows more of a row that is larger than the screen, before going on to the next. */
  const scrollWithin = (index: number, isDown: boolean): boolean => {
    const screen = scroller.current?.getBoundingClientRect();
    const row = rowAt(index)?.getBoundingClientRect();
    if (!screen || !row) return false;
    const hiddenPx = isDown ? row.bottom - screen.bottom : screen.top - row.top;
    const isReached = isDown ? row.top < screen.bottom : row.bottom > screen.top;
    if (hiddenPx <= 1 || !isReached) return false;
    const stepPx = Math.min(hiddenPx, screen.height * stepOfScreen);
    letGo();
    scroller.current?.scrollBy?.({ top: isDown ? stepPx : -stepPx });
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { key, target, currentTarget } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (isComposing(event) || !(target instanceof HTMLElement)) return;
    const row = target.closest<HTMLElement>('[data-message-id]');
    const isOnRow = target === row;
    // What stands in a row has keys of its own, but for the way back.
    if (!isOnRow && target !== currentTarget) {
      if (key !== 'Escape' || !row) return;
      row.focus();
      event.preventDefault();
      return;
    }
    if (rows.length === 0) return;
    const [first, last] = list.current?.visible() ?? [0, -1];
    const page = Math.max(1, last - first);
    const from = isOnRow ? activeIndex : Math.min(Math.max(activeIndex, first), Math.max(last, 0));
    const to = {
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      PageUp: from - page,
      PageDown: from + page,
      Home: 0,
      End: rows.length - 1,
    }[key];
    const isArrow = key === 'ArrowUp' || key === 'ArrowDown';
    if (isArrow && isOnRow && scrollWithin(from, key === 'ArrowDown')) event.preventDefault();
    else if (to !== undefined) {
      event.preventDefault();
      focusRow(isOnRow || !isArrow ? Math.min(Math.max(to, 0), rows.length - 1) : from);
    } else if (key === 'Escape') {
      event.preventDefault();
      focusHome();
    } else if (key === 'Enter' && isOnRow) {
      event.preventDefault();
      row?.querySelector<HTMLElement>('[role="toolbar"] button')?.focus();
    }
  };

  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    hasFocus.current = true;
    const item = target.closest('li[aria-posinset]');
    const index = Number(item?.getAttribute('aria-posinset') ?? 0) - 1;
    const message = rows[index];
    if (message) setActive(message);
  };

  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
      hasFocus.current = false;
    }
  };

  return {
    activeIndex,
    kept: [...new Set([activeIndex, awaitedIndex])].filter((index) => index >= 0),
    focusRow,
    settle,
    handlers: { onKeyDown, onFocus, onBlur },
  };
}
