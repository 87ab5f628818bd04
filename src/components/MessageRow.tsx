/** One message: who, when, what, and what became of it. Drawn again only when it changes. */
import { memo } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { type ChatMessage, type ChatMode, useChat } from '../store/chatStore';
import { formatTime } from './formatTime';
import styles from './MessageRow.module.css';
import { Tag } from './Tag';

/**
 * From how many characters on a text is laid out only near the screen, in a list that is heavy. Away
 * from it `innerText` is empty to scripts, so nothing that people commonly write is treated so.
 */
const longBody = 2_000;

export interface MessageRowProps {
  message: ChatMessage;
  /** It goes on from the one above: same author, shortly after. */
  continues: boolean;
}

export const MessageRow = memo(function MessageRow({ message, continues }: MessageRowProps) {
  const language = useLanguage();
  const { id, seq, author, mine, body, at, state } = message;
  return (
    <li
      className={styles.row}
      data-message-id={id}
      data-seq={seq}
      data-state={state}
      data-mine={mine}
      data-continues={continues}
      data-long={body.length >= longBody}
    >
      <div className={styles.head}>
        <span className={styles.who}>
          <span className={styles.author} data-part="author">
            {author.name}
          </span>
          <Tag tag={author.tag} />
        </span>
        <time dateTime={new Date(at).toISOString()}>{formatTime(language, at)}</time>
      </div>
      <div className={styles.bubble} data-part="body" dir="auto">
        {body}
      </div>
      {mine && <Delivery message={message} />}
    </li>
  );
});

function Delivery({ message: { id, state, hasLeft, failure } }: { message: ChatMessage }) {
  const texts = useTexts();
  const mode = useChat((chat) => chat.mode);
  const { retry, remove } = useChat((chat) => chat.actions);
  const isPlainSent = mode === 'plain' && state === 'sent';
  if (state !== 'failed') {
    const isUnconfirmed = state === 'queued' && hasLeft;
    const words = isPlainSent
      ? texts.handedOver
      : isUnconfirmed
        ? texts.notConfirmed
        : texts.states[state];
    return (
      <div className={styles.delivery} title={words}>
        <span aria-hidden="true">{markOf(state, mode)}</span>
        <span className={state === 'sent' ? 'visuallyHidden' : ''}>{words}</span>
      </div>
    );
  }
  const reason = failure && (texts.failures[failure.code] ?? texts.refused(failure.message));
  return (
    <div className={styles.delivery}>
      <span>
        <span aria-hidden="true">✕ </span>
        {reason ? texts.notSent(reason) : texts.states.failed}
      </span>
      <button type="button" onClick={() => retry(id)}>
        {texts.retry}
      </button>
      <button type="button" onClick={() => remove(id)}>
        {texts.delete}
      </button>
    </div>
  );
}

function markOf(state: 'queued' | 'sending' | 'sent', mode: ChatMode): string {
  if (state === 'queued') return '◷';
  if (state === 'sending') return '↑';
  return mode === 'plain' ? '→' : '✓';
}
