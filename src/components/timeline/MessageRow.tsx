/** One message: who, when, what, and what became of it. Drawn again only when it or its neighbour changes. */
import { memo, useId, useState } from 'react';
import { useFirstTexts } from '../../i18n/texts';
import type { ChatMessage, User } from '../../store/chatStore';
import {
  Change,
  MessageFile,
  Quote,
  Reactions,
  RowActions,
  SeenBy,
  StreamMark,
  UploadProgress,
} from '../later';
import { MessageBody } from '../MessageBody/MessageBody';
import { DayMark } from './DayMark';
import { Delivery } from './Delivery';
import styles from './MessageRow.module.css';
import { continuesFrom, startsDay } from './neighbours';
import { RowHead } from './RowHead';

export interface MessageRowProps {
  message: ChatMessage;
  /** The one that it stands under, if any. */
  above: ChatMessage | undefined;
  /** Everything above it was read when the room was opened. */
  isFirstUnread: boolean;
  /** Tab comes to this row, and from it to what it holds. */
  isTabStop: boolean;
  /** The reader was taken here. */
  isSought: boolean;
  seenBy: readonly User[];
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, above, isFirstUnread, isTabStop, isSought, seenBy } = props;
  const texts = useFirstTexts();
  const id = useId();
  const [isPointedAt, setPointedAt] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const {
    id: messageId,
    seq,
    mine,
    body,
    at,
    state,
    deleted,
    replyTo,
    reactions,
    change,
    isCut,
    live,
    file,
    upload,
  } = message;
  const continues = !isFirstUnread && continuesFrom(above, message);

  return (
    <>
      {startsDay(above, message) && <DayMark at={at} />}
      {isFirstUnread && <p className={styles.unreadLine}>{texts.timeline.unread}</p>}
      <article
        className={styles.row}
        data-message-id={messageId}
        data-seq={seq}
        data-state={state}
        data-live={live}
        data-mine={mine}
        data-continues={continues}
        data-deleted={deleted !== undefined}
        data-sought={isSought}
        aria-labelledby={`${id}head ${id}body ${id}state`}
        tabIndex={isTabStop ? 0 : -1}
        onPointerEnter={({ pointerType }) => setPointedAt(pointerType === 'mouse')}
        onPointerLeave={() => setPointedAt(false)}
        onFocus={() => setHasFocus(true)}
        onBlur={({ currentTarget, relatedTarget }) =>
          setHasFocus(currentTarget.contains(relatedTarget))
        }
      >
        <RowHead id={`${id}head`} message={message} />
        <div id={`${id}body`} className={styles.bubble}>
          {replyTo && deleted === undefined && <Quote quoted={replyTo} isTabStop={isTabStop} />}
          {file && <MessageFile message={message} file={file} isTabStop={isTabStop} />}
          {deleted === undefined ? (
            <MessageBody body={body} isGrowing={live !== undefined} />
          ) : (
            <div className={styles.tombstone} data-part="body" dir="auto">
              {texts.timeline.deleted}
            </div>
          )}
        </div>
        {file && upload && isUnderWay(message) && (
          <UploadProgress message={message} file={file} upload={upload} />
        )}
        {reactions && reactions.length > 0 && deleted === undefined && (
          <Reactions seq={seq} reactions={reactions} isTabStop={isTabStop} />
        )}
        <div id={`${id}state`} className={styles.foot}>
          {mine && !live && deleted === undefined && !isUnderWay(message) && (
            <Delivery message={message} />
          )}
          {(live || isCut) && deleted === undefined && <StreamMark live={live} />}
          {change && <Change change={change} />}
          {seenBy.length > 0 && <SeenBy users={seenBy} />}
        </div>
        {(isPointedAt || hasFocus) && <RowActions message={message} />}
        <button
          type="button"
          className={styles.more}
          tabIndex={-1}
          aria-label={texts.timeline.actions}
          onClick={({ currentTarget }) => currentTarget.closest('article')?.focus()}
        >
          <span aria-hidden="true">⋯</span>
        </button>
      </article>
    </>
  );
});

/** Its file is on the way: how far it is says what becomes of the message. Once it is there, the message leaves as any does. */
function isUnderWay({ upload, state, seq }: ChatMessage): boolean {
  if (!upload || seq !== undefined || state === 'failed' || upload.status === 'failed')
    return false;
  return upload.status !== 'sending' || upload.have < upload.size;
}
