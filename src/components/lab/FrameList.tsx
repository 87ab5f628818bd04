/**
 * The rows in sight of a list that may hold thousands, all of one height. It follows its end until somebody
 * scrolls away from it, and then stays at what is looked at, though older rows go. One row at a time is
 * current, moved by arrows, Home and End; Enter opens it.
 */
import {
  type KeyboardEvent,
  type MouseEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import styles from './FrameList.module.css';
import { FrameRowView } from './FrameRowView';
import type { EventRow, FrameRow } from './frameRows';
import { useLabTexts } from './labTexts';

export interface FrameListProps {
  rows: readonly FrameRow[];
  /** How many rows have gone from the top since the list began. */
  dropped: number;
  /** The number of the event that is open. */
  opened: number | undefined;
  onOpen(row: EventRow): void;
  /** Unfolds or folds the heartbeats of a row. */
  onToggle(number: number): void;
  whenEmpty: string;
}

/** The height of a row, in px; the styles have it, too. */
const rowPx = 26;
/** Rows that are drawn above and below those in sight. */
const overscan = 6;

export function FrameList(props: FrameListProps) {
  const { rows, dropped, opened, onOpen, onToggle, whenEmpty } = props;
  const { frames: texts } = useLabTexts();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const droppedBefore = useRef(dropped);
  const [view, setView] = useState({ top: 0, height: 400 });
  const [isFollowing, setFollowing] = useState(true);
  const [current, setCurrent] = useState<string>();

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const gone = dropped - droppedBefore.current;
    droppedBefore.current = dropped;
    if (isFollowing) element.scrollTop = rows.length * rowPx;
    else if (gone > 0) element.scrollTop -= gone * rowPx;
  }, [rows.length, dropped, isFollowing]);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (element.clientHeight > 0) {
        setView({ top: element.scrollTop, height: element.clientHeight });
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = list.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height, scrollHeight } = element;
    const isAtEnd = scrollHeight - top - height < rowPx;
    setFollowing(isAtEnd);
    // At its end it is drawn from there, wherever that is.
    if (!isAtEnd || !isFollowing) setView({ top, height: height || view.height });
  };

  const act = (row: FrameRow) => {
    setCurrent(keyOf(row));
    if (row.kind === 'beats') onToggle(row.number);
    else onOpen(row);
  };

  const onClick = ({ target }: MouseEvent) => {
    const pressed = target instanceof Element && target.closest<HTMLElement>('[data-at]');
    const row = pressed ? rows[Number(pressed.dataset.at)] : undefined;
    if (row) act(row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex((row) => keyOf(row) === current);
    const row = rows[at];
    if ((event.key === 'Enter' || event.key === ' ') && row) {
      event.preventDefault();
      act(row);
      return;
    }
    const to = {
      ArrowDown: Math.min(rows.length - 1, at + 1),
      ArrowUp: at === -1 ? rows.length - 1 : Math.max(0, at - 1),
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : rows[to];
    if (to === undefined || !next) return;
    event.preventDefault();
    setCurrent(keyOf(next));
    setFollowing(to === rows.length - 1);
    bringIntoView(list.current, to);
  };

  const start = Math.max(0, Math.floor(view.top / rowPx) - overscan);
  const end = Math.min(rows.length, Math.ceil((view.top + view.height) / rowPx) + overscan);
  // While it follows, the end is in sight, whatever has been scrolled to so far.
  const shownFrom = isFollowing ? Math.max(0, rows.length - (end - start)) : start;
  const shown = rows
    .slice(shownFrom, isFollowing ? undefined : end)
    .map((row, index) => ({ row, at: shownFrom + index }));
  const currentAt = current === undefined ? -1 : rows.findIndex((row) => keyOf(row) === current);
  // A row that goes leaves its place in the page to one that comes: nothing is made anew.
  const places = Math.ceil((end - start + 1) / 64) * 64;

  return (
    <div className={styles.frame} data-focus-group="">
      <div
        ref={list}
        className={styles.list}
        role="listbox"
        tabIndex={0}
        aria-label={texts.list}
        aria-activedescendant={currentAt === -1 ? undefined : `${id}-${currentAt}`}
        onScroll={onScroll}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        {rows.length === 0 && <p className={styles.empty}>{whenEmpty}</p>}
        <div style={{ blockSize: rows.length * rowPx }} role="presentation">
          <div style={{ translate: `0 ${shownFrom * rowPx}px` }} role="presentation">
            {shown.map(({ row, at }) => (
              <div
                key={(dropped + at) % places}
                id={`${id}-${at}`}
                className={styles.row}
                role="option"
                tabIndex={-1}
                aria-selected={row.kind === 'event' && row.number === opened}
                aria-posinset={at + 1}
                aria-setsize={rows.length}
                data-at={at}
                data-current={keyOf(row) === current}
              >
                <FrameRowView row={row} />
              </div>
            ))}
          </div>
        </div>
      </div>
      {!isFollowing && (
        <button type="button" className={styles.toEnd} onClick={() => setFollowing(true)}>
          {texts.toEnd}
        </button>
      )}
    </div>
  );
}

function keyOf(row: FrameRow): string {
  return `${row.kind} ${row.number}`;
}

function bringIntoView(list: HTMLElement | null, at: number): void {
  if (!list) return;
  const top = at * rowPx;
  if (top < list.scrollTop) list.scrollTop = top;
  const bottom = top + rowPx - list.clientHeight;
  if (bottom > list.scrollTop) list.scrollTop = bottom;
}
