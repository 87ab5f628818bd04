/** What is printed in place of the page: the last rows, all of them, where the list has only some. */
import { type ReactElement, useEffect, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import type { ChatMessage } from '../../store/chatStore';
import styles from './PrintedRows.module.css';
import { SimpleRows } from './SimpleRows';

/** How many are printed: those that a simple list shows. */
const printed = 200;

export interface PrintedRowsProps {
  rows: readonly ChatMessage[];
  children(message: ChatMessage, index: number): ReactElement;
}

export function PrintedRows({ rows, children }: PrintedRowsProps) {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    // The browser prints what is there when this returns.
    const onBefore = () => flushSync(() => setPrinting(true));
    const onAfter = () => setPrinting(false);
    window.addEventListener('beforeprint', onBefore);
    window.addEventListener('afterprint', onAfter);
    return () => {
      window.removeEventListener('beforeprint', onBefore);
      window.removeEventListener('afterprint', onAfter);
    };
  }, []);
  if (!isPrinting) return null;
  return createPortal(
    <div className={styles.printed}>
      <SimpleRows rows={rows} from={Math.max(0, rows.length - printed)}>
        {children}
      </SimpleRows>
    </div>,
    document.body,
  );
}
