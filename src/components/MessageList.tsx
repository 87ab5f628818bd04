/**
 * The conversation: sent messages in the room's order, then one's own that are still on their way.
 * Follows the latest until the reader scrolls up.
 */
import { Fragment, useEffect, useRef, useState } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { type ChatMessage, useChat } from '../store/chatStore';
import { EmptyRoom } from './EmptyRoom';
import { formatDay, isSameDay } from './formatTime';
import styles from './MessageList.module.css';
import { MessageRow } from './MessageRow';
import { useFollowLatest } from './useFollowLatest';

/** Messages of one author within this time, in ms, stand together under one name. */
const groupingMs = 5 * 60_000;

/** From how much text on, in UTF-16 units, long messages are laid out only near the screen. */
const heavyLength = 300_000;

/** How near the top, in CSS px, older messages are asked for. */
const nearTopPx = 200;

const keyOf = ({ author, id }: ChatMessage) => `${author.id} ${id}`;

export function MessageList() {
  const texts = useTexts();
  const messages = useChat((state) => state.messages);
  const isLoaded = useChat((state) => state.isLoaded);
  const hasOlder = useChat((state) => state.hasOlder);
  const { loadOlder } = useChat((state) => state.actions);
  const scroller = useRef<HTMLDivElement>(null);
  const { isFollowing, toLatest } = useFollowLatest(scroller);
  const unread = useUnread(messages, isFollowing);
  useOwnMessage(messages, toLatest);

  const onScroll = () => {
    if (hasOlder && (scroller.current?.scrollTop ?? Infinity) < nearTopPx) loadOlder();
  };

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={texts.messages}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className={styles.content}>
          {hasOlder && (
            <button type="button" className={styles.older} onClick={loadOlder}>
              {texts.loadOlder}
            </button>
          )}
          {isLoaded && messages.length === 0 && <EmptyRoom />}
          <ol className={styles.list} data-heavy={isHeavy(messages)}>
            {messages.map((message, index) => (
              <Fragment key={keyOf(message)}>
                <DayMark message={message} above={messages[index - 1]} />
                <MessageRow
                  message={message}
                  continues={continuesFrom(messages[index - 1], message)}
                />
              </Fragment>
            ))}
          </ol>
        </div>
      </div>
      {!isFollowing && (
        <button type="button" className={styles.latest} onClick={toLatest}>
          {texts.jumpToLatest}
          {unread > 0 && ` · ${texts.newMessages(unread)}`}
        </button>
      )}
    </div>
  );
}

/** So much text that it takes long to lay out at once. */
function isHeavy(messages: readonly ChatMessage[]): boolean {
  return messages.reduce((length, { body }) => length + body.length, 0) > heavyLength;
}

function DayMark({ message, above }: { message: ChatMessage; above: ChatMessage | undefined }) {
  const texts = useTexts();
  const language = useLanguage();
  if (above && isSameDay(above.at, message.at)) return null;
  const isToday = isSameDay(message.at, Date.now());
  return <li className={styles.day}>{isToday ? texts.today : formatDay(language, message.at)}</li>;
}

function continuesFrom(above: ChatMessage | undefined, message: ChatMessage): boolean {
  if (!above || above.author.id !== message.author.id) return false;
  return message.at - above.at < groupingMs && isSameDay(above.at, message.at);
}

/** How many messages of others have come since the reader left the end. */
function useUnread(messages: readonly ChatMessage[], isFollowing: boolean): number {
  // One's own unsent messages stand below whatever comes, and are no landmark.
  const last = messages.findLast(({ state }) => state === 'sent');
  const [leftAt, setLeftAt] = useState(last && keyOf(last));
  const lastKey = last && keyOf(last);
  if (isFollowing && leftAt !== lastKey) setLeftAt(lastKey);
  if (isFollowing) return 0;
  const index = messages.findLastIndex((message) => keyOf(message) === leftAt);
  return index === -1 ? 0 : messages.slice(index + 1).filter(({ mine }) => !mine).length;
}

/** What one has just written oneself is always shown; what merely waits again moves nobody. */
function useOwnMessage(messages: readonly ChatMessage[], toLatest: () => void) {
  const before = useRef(messages);
  useEffect(() => {
    const last = messages.at(-1);
    const isOwn = last?.mine && last.state !== 'sent';
    if (isOwn && !before.current.some(({ id }) => id === last.id)) toLatest();
    before.current = messages;
  }, [messages, toLatest]);
}
