/**
 * The conversation from the first moment on. Before all that moves in it was loaded it is a plain list of the
 * latest rows, held at their end; then the whole list takes its place, once that moves nothing under the eyes
 * of who reads.
 */
import { useLayoutEffect, useRef, useState } from 'react';
import { useFirstTexts } from '../i18n/texts';
import { type User, useChat } from '../store/chatStore';
import { useLaterParts } from './later';
import styles from './MessageList.module.css';
import { keyOf } from './timeline/keyOf';
import { ListEnds } from './timeline/ListEnds';
import { MessageRow } from './timeline/MessageRow';
import rowStyles from './timeline/Rows.module.css';

export function Conversation() {
  const parts = useLaterParts();
  const [isAtEnd, setAtEnd] = useState(true);
  const [isWhole, setWhole] = useState(parts !== undefined);
  if (parts && isAtEnd && !isWhole) setWhole(true);
  return parts && isWhole ? <parts.MessageList /> : <FirstRows onAtEnd={setAtEnd} />;
}

/** A first page is as large; of what waits to be sent no more is shown either. */
const shownRows = 200;

/** How far from the end, in CSS px, still counts as being there. */
const tolerancePx = 2;

const nobody: readonly User[] = [];

function FirstRows({ onAtEnd }: { onAtEnd(isAtEnd: boolean): void }) {
  const texts = useFirstTexts();
  const messages = useChat((state) => state.messages);
  const { loadOlder } = useChat((state) => state.actions);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const rows = messages.slice(-shownRows);

  useLayoutEffect(() => {
    const element = rows.length > 0 ? scroller.current : null;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });

  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {};
    isAtEnd.current = scrollHeight - clientHeight - scrollTop <= tolerancePx;
    onAtEnd(isAtEnd.current);
  };

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={texts.messages}
        data-simple
        tabIndex={rows.length === 0 ? 0 : -1}
        onScroll={onScroll}
      >
        <div className={styles.content}>
          <ListEnds
            isLoading={false}
            isEmpty={rows.length === 0}
            hasHidden={false}
            onOlder={loadOlder}
          />
          <ol className={rowStyles.list}>
            {rows.map((message, index) => (
              <li key={keyOf(message)} aria-setsize={-1} aria-posinset={index + 1}>
                <MessageRow
                  message={message}
                  above={rows[index - 1]}
                  isFirstUnread={false}
                  isTabStop={index === rows.length - 1}
                  isSought={false}
                  seenBy={nobody}
                />
              </li>
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}
