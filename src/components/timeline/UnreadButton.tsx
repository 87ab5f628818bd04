/** Leads up to where the reader stopped reading before, while that is above the screen. */
import { useEffect, useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { type ChatMessage, useChat } from '../../store/chatStore';
import { useGoToMessage } from '../../store/soughtMessage';
import styles from './Notes.module.css';
import type { UnreadLine } from './useUnreadLine';

export interface UnreadButtonProps {
  rows: readonly ChatMessage[];
  line: UnreadLine;
}

export function UnreadButton({ rows, line: { index, after } }: UnreadButtonProps) {
  const texts = useTexts();
  const goTo = useGoToMessage();
  const { loadBackTo } = useChat((state) => state.actions);
  const [isAwaited, setAwaited] = useState(false);
  const seq = rows[index]?.seq;

  useEffect(() => {
    if (!isAwaited || seq === undefined) return;
    setAwaited(false);
    goTo(seq);
  }, [isAwaited, seq, goTo]);

  const onClick = () => {
    setAwaited(true);
    if (seq === undefined && after !== undefined) {
      loadBackTo(after + 1).catch(() => setAwaited(false));
    }
  };

  return (
    <button type="button" className={styles.unread} onClick={onClick} aria-busy={isAwaited}>
      <span aria-hidden="true">↑ </span>
      {texts.timeline.jumpToUnread}
    </button>
  );
}
