/** A saved room as it was: a plain list, of which nothing can be changed. */
import { useState } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import type { RoomExport } from '../store/chatStore';
import { Dialog } from './Dialog';
import { FileMention } from './files/FileMention';
import { formatSize } from './files/formatSize';
import { formatExactTime } from './formatTime';
import styles from './ImportedRoom.module.css';
import { Tag } from './Tag';

/** So many more are drawn at a time: a file may hold a hundred thousand. */
const pageSize = 100;

export interface ImportedRoomProps {
  room: RoomExport;
  onClose(): void;
}

type Imported = RoomExport['messages'][number];

export function ImportedRoom({ room: { room, messages }, onClose }: ImportedRoomProps) {
  const { settings: texts } = useTexts();
  const [shown, setShown] = useState(pageSize);
  const more = Math.min(pageSize, messages.length - shown);
  return (
    <Dialog title={texts.importTitle(room)} onClose={onClose}>
      {messages.length === 0 && <p>{texts.importEmpty}</p>}
      <ol className={styles.list}>
        {messages.slice(0, shown).map((message) => (
          <ImportedMessage key={keyOf(message)} message={message} />
        ))}
      </ol>
      {more > 0 && (
        <button type="button" onClick={() => setShown(shown + pageSize)}>
          {texts.importMore(more)}
        </button>
      )}
    </Dialog>
  );
}

/** Each user has ids of their own, and two may have the same. */
function keyOf({ id, author, tag = '' }: Imported): string {
  return `${id} ${tag} ${author}`;
}

function ImportedMessage({ message }: { message: Imported }) {
  const texts = useTexts();
  const language = useLanguage();
  const { author, tag, body, at, state, deleted, file, reactions = {} } = message;
  const emojis = Object.entries(reactions);
  return (
    <li>
      <p className={styles.head}>
        <b>
          <bdi>{author}</bdi>
        </b>
        <Tag tag={tag} />
        <time dateTime={new Date(at).toISOString()}>{formatExactTime(language, at)}</time>
        {state !== 'sent' && <span>{texts.states[state]}</span>}
      </p>
      {file && deleted === undefined && (
        <p className={styles.file}>
          <FileMention file={file} />
          <span className={styles.size}>{formatSize(language, file.size)}</span>
        </p>
      )}
      <p className={styles.body} dir="auto">
        {deleted === undefined ? body : <i>{texts.settings.importDeleted}</i>}
      </p>
      {emojis.length > 0 && (
        <p className={styles.head}>
          {emojis.map(([emoji, names]) => (
            <span key={emoji} title={names.join(', ')}>
              {emoji} {names.length}
            </span>
          ))}
        </p>
      )}
    </li>
  );
}
