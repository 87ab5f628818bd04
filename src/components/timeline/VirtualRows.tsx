/**
 * The rows near the screen, and no others: a hundred thousand cost as much as a hundred. A room of a few
 * hundred is in the page whole, so that what reads the page finds all of it.
 */
import {
  type CSSProperties,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ChatMessage } from '../../store/chatStore';
import type { ListHandle } from './listHandle';
import styles from './Rows.module.css';

/** Up to how many rows all of them are in the page. */
const wholeUpTo = 300;

/** Up to how much text, in UTF-16 units: very much more would take seconds to lay out. */
const wholeUpToLength = 300_000;

/** How far beyond the screen rows are drawn ahead, in CSS px. */
const aheadPx = 500;

export interface VirtualRowsProps {
  ref: Ref<ListHandle>;
  scroller: RefObject<HTMLElement | null>;
  rows: readonly ChatMessage[];
  /** This change has put rows at the start: what is read stays where it is. */
  hasGrownAtStart: boolean;
  /** The end is shown, and what comes is read there: nothing is drawn ahead above it. */
  isFollowing: boolean;
  /** How much room is above the rows, in CSS px. */
  startPx: number;
  /** Rows that stay in the page wherever the reader is: one that has the focus must not lose it. */
  kept: readonly number[];
  children(message: ChatMessage, index: number): ReactElement;
  /** Called when heights have changed, after the rows have been placed anew. */
  onResize(): void;
}

export function VirtualRows(props: VirtualRowsProps) {
  const { ref, scroller, rows, hasGrownAtStart, isFollowing, startPx, kept, children, onResize } =
    props;
  const list = useRef<VirtualizerHandle>(null);
  const isWhole = useMemo(() => isSmall(rows), [rows]);
  const whole = useMemo(
    () => (isWhole ? Array.from({ length: rows.length }, (_, index) => index) : undefined),
    [isWhole, rows.length],
  );

  useImperativeHandle(
    ref,
    () => ({
      scrollToIndex: (index, align) => list.current?.scrollToIndex(index, { align }),
      visible() {
        const element = scroller.current;
        const { current } = list;
        if (!element || !current || rows.length === 0) return [0, -1];
        const { scrollTop, clientHeight } = element;
        return [current.findItemIndex(scrollTop), current.findItemIndex(scrollTop + clientHeight)];
      },
    }),
    [scroller, rows.length],
  );

  useHeldWhileGrowing(scroller, rows, hasGrownAtStart);

  return (
    <Virtualizer
      ref={list}
      scrollRef={scroller}
      data={rows}
      shift={hasGrownAtStart}
      startMargin={startPx}
      keepMounted={whole ?? kept}
      bufferSize={isFollowing ? 0 : aheadPx}
      as={List}
      item={Item}
      onResize={onResize}
    >
      {children}
    </Virtualizer>
  );
}

/**
 * Once the list takes itself for still, a row that changes its height as others come above it (it begins no
 * day any more) moves what is read. On a busy page that moment may come between the change and the frame that
 * measures it. A list that is touched is not still: so it is, until that frame is over.
 */
function useHeldWhileGrowing(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly ChatMessage[],
  hasGrownAtStart: boolean,
) {
  const grown = useRef<readonly ChatMessage[]>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !hasGrownAtStart || grown.current === rows) return;
    grown.current = rows;
    element.dispatchEvent(new Event('touchstart'));
    const letGo = () => element.dispatchEvent(new Event('touchend'));
    requestAnimationFrame(() => requestAnimationFrame(letGo));
  }, [scroller, rows, hasGrownAtStart]);
}

function isSmall(rows: readonly ChatMessage[]): boolean {
  if (rows.length > wholeUpTo) return false;
  return rows.reduce((length, { body }) => length + body.length, 0) <= wholeUpToLength;
}

interface ListProps {
  ref?: Ref<HTMLOListElement>;
  style: CSSProperties;
  children: ReactNode;
}

/** Rows can be pressed while the list moves, as a busy room moves all the time. */
function List({ ref, style, children }: ListProps) {
  return (
    <ol ref={ref} className={styles.list} style={{ ...style, pointerEvents: undefined }}>
      {children}
    </ol>
  );
}

interface ItemProps {
  ref?: Ref<HTMLLIElement>;
  style: CSSProperties;
  index: number;
  children: ReactNode;
}

/** How many there are is not known: there may be older ones. */
function Item({ ref, style, index, children }: ItemProps) {
  return (
    <li ref={ref} style={style} aria-setsize={-1} aria-posinset={index + 1}>
      {children}
    </li>
  );
}
