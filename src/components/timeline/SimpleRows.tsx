/** The last rows as a plain list, all of them in the page. What is read is held in place by the browser. */
import { type ReactElement, type Ref, type RefObject, useImperativeHandle, useRef } from 'react';
import type { ChatMessage } from '../../store/chatStore';
import type { ListHandle } from './listHandle';
import styles from './Rows.module.css';
import { keyOf } from './rows';

export interface SimpleRowsProps {
  ref?: Ref<ListHandle>;
  scroller?: RefObject<HTMLElement | null>;
  rows: readonly ChatMessage[];
  /** The index of the first row that is drawn. */
  from: number;
  children(message: ChatMessage, index: number): ReactElement;
}

export function SimpleRows({ ref, scroller, rows, from, children }: SimpleRowsProps) {
  const list = useRef<HTMLOListElement>(null);

  useImperativeHandle(
    ref,
    () => ({
      scrollToIndex(index, align) {
        list.current?.children[index - from]?.scrollIntoView?.({ block: align });
      },
      visible() {
        const screen = scroller?.current?.getBoundingClientRect();
        const items = list.current?.children;
        if (!screen || !items || items.length === 0) return [0, -1];
        const first = firstBelow(items, screen.top);
        return [from + first, from + Math.min(firstBelow(items, screen.bottom), items.length - 1)];
      },
    }),
    [scroller, from],
  );

  return (
    <ol ref={list} className={styles.list}>
      {rows.slice(from).map((message, index) => (
        <li key={keyOf(message)} aria-setsize={-1} aria-posinset={from + index + 1}>
          {children(message, from + index)}
        </li>
      ))}
    </ol>
  );
}

/** The index of the first item that reaches below an edge, by halving. */
function firstBelow(items: HTMLCollection, edge: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
    else low = middle + 1;
  }
  return low;
}
