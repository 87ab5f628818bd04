/**
 * The conversation: sent messages in the room's order, then one's own that are still on their way.
 * Follows the latest until the reader goes up, and holds what is read in its place whatever comes. How
 * the rows get into the page is behind this component alone.
 */
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatMessage, useChat } from '../store/chatStore';
import { useSetting } from '../storedSettings';
import styles from './MessageList.module.css';
import { ListEnds } from './timeline/ListEnds';
import type { ListHandle } from './timeline/listHandle';
import { MessageRow } from './timeline/MessageRow';
import { PrintedRows } from './timeline/PrintedRows';
import { indexOf, keyOf } from './timeline/rows';
import { SeekNote } from './timeline/SeekNote';
import { SimpleRows } from './timeline/SimpleRows';
import { UnreadButton } from './timeline/UnreadButton';
import { useFollowEnd } from './timeline/useFollowEnd';
import { useMarkRead } from './timeline/useMarkRead';
import { useNewCount } from './timeline/useNewCount';
import { useOlder } from './timeline/useOlder';
import { useRowFocus } from './timeline/useRowFocus';
import { useSeek } from './timeline/useSeek';
import { useSeenBy } from './timeline/useSeenBy';
import { useShownRows } from './timeline/useShownRows';
import { useSimpleCount } from './timeline/useSimpleCount';
import { useUnreadLine } from './timeline/useUnreadLine';
import { VirtualRows } from './timeline/VirtualRows';

/** How much room is above the rows, in CSS px: as high as `.start` in ListEnds.module.css. */
const startPx = 56;

/** Another room is another list, which begins at its end. */
export function MessageList() {
  const room = useChat((state) => state.room);
  const [isSimple] = useSetting('simple-list');
  return <RoomMessages key={`${room} ${isSimple}`} isSimple={isSimple} />;
}

function RoomMessages({ isSimple }: { isSimple: boolean }) {
  const texts = useTexts();
  const latest = useChat((state) => state.messages);
  // Drawn in the time that frames leave: a busy room keeps neither the next frame nor a key waiting.
  const late = useDeferredValue(latest);
  // But the list takes note of what comes at its start as it draws, and may not be interrupted in that.
  const messages = beginsAlike(late, latest) ? late : latest;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<ListHandle>(null);
  const follow = useFollowEnd(scroller);
  const { isFollowing, settle, toEnd } = follow;
  const shown = useShownRows(messages, isFollowing || isSimple);
  const { rows } = shown;
  const focus = useRowFocus(rows, scroller, list, follow);
  const older = useOlder(rows, scroller);
  const line = useUnreadLine(rows);
  const [isLineSeen, setLineSeen] = useState(false);
  /** What is above the rows is on screen, and leads up by itself. */
  const [isAtStart, setAtStart] = useState(false);
  const seenBy = useSeenBy(rows);
  const newCount = useNewCount(messages, isFollowing);
  const markRead = useMarkRead(rows, isFollowing, list);
  const simple = useSimpleCount(rows.length, older.load);
  const seek = useSeek();
  useOwnMessage(messages, toEnd);

  /** Something has moved, or has another height. */
  const onMoved = () => {
    focus.settle();
    markRead();
    setAtStart((scroller.current?.scrollTop ?? 0) < startPx);
    const [first, last] = list.current?.visible() ?? [0, -1];
    if (line.index >= first && line.index <= last) setLineSeen(true);
  };
  const onResize = () => {
    settle();
    onMoved();
  };
  useLayoutEffect(settle);

  useFound(rows, seek.found, (index) => {
    simple.include(index);
    focus.focusRow(index, 'center');
  });

  const onScroll = () => {
    if (!isFollowing) older.loadIfNear();
    onMoved();
  };

  const draw = (message: ChatMessage, index: number) => (
    <MessageRow
      key={keyOf(message)}
      message={message}
      above={rows[index - 1]}
      isFirstUnread={index === line.index}
      isTabStop={index === focus.activeIndex}
      isSought={seek.found?.seq !== undefined && seek.found.seq === message.seq}
      seenBy={seenBy(message)}
    />
  );

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={texts.messages}
        aria-busy={older.isLoading || seek.status === 'loading'}
        data-simple={isSimple}
        tabIndex={rows.length === 0 ? 0 : -1}
        onScroll={onScroll}
        {...focus.handlers}
      >
        <div className={styles.content}>
          <ListEnds
            isLoading={older.isLoading}
            isEmpty={rows.length === 0}
            hasHidden={isSimple && simple.from > 0}
            onOlder={isSimple ? simple.more : older.load}
          />
          {isSimple ? (
            <SimpleRows ref={list} scroller={scroller} rows={rows} from={simple.from}>
              {draw}
            </SimpleRows>
          ) : (
            <VirtualRows
              key={shown.generation}
              ref={list}
              scroller={scroller}
              rows={rows}
              hasGrownAtStart={shown.hasGrownAtStart}
              isFollowing={isFollowing}
              startPx={startPx}
              kept={focus.kept}
              onResize={onResize}
            >
              {draw}
            </VirtualRows>
          )}
        </div>
      </div>
      {line.after !== undefined && !isLineSeen && !isAtStart && (
        <UnreadButton after={line.after} upTo={line.upTo} />
      )}
      <SeekNote seek={seek} />
      {!isFollowing && (
        <button type="button" className={styles.latest} onClick={toEnd}>
          {texts.jumpToLatest}
          {newCount > 0 && ` · ${texts.newMessages(newCount)}`}
        </button>
      )}
      <PrintedRows rows={rows}>{draw}</PrintedRows>
    </div>
  );
}

function beginsAlike([one]: readonly ChatMessage[], [other]: readonly ChatMessage[]): boolean {
  return !one || !other || keyOf(one) === keyOf(other);
}

/** Calls back once for each message that was found, as soon as it is among the rows. */
function useFound(
  rows: readonly ChatMessage[],
  found: ChatMessage | undefined,
  onFound: (index: number) => void,
) {
  const done = useRef<ChatMessage>(undefined);
  useLayoutEffect(() => {
    if (!found || done.current === found) return;
    const index = indexOf(rows, found);
    if (index === -1) return;
    done.current = found;
    onFound(index);
  });
}

/** What one has just written oneself is always shown; what merely waits again moves nobody. */
function useOwnMessage(messages: readonly ChatMessage[], toEnd: () => void) {
  const before = useRef(messages);
  useEffect(() => {
    const last = messages.at(-1);
    const isOwn = last?.mine && last.state !== 'sent' && !last.live;
    if (isOwn && !isUnsentOf(before.current, last)) toEnd();
    before.current = messages;
  }, [messages, toEnd]);
}

/** Whether a message is among the unsent ones, which stand last. */
function isUnsentOf(messages: readonly ChatMessage[], { id }: ChatMessage): boolean {
  for (let at = messages.length - 1; messages[at]?.state !== 'sent' && at >= 0; at -= 1) {
    if (messages[at]?.id === id) return true;
  }
  return false;
}
