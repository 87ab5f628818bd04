/**
 * The rooms that this user knows, the one with the newest message first: what was said last in each, and
 * how much of it is unread. The open room is always among them.
 */
import type { MouseEvent } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { isProgram, type KnownRoom, type ShownFile, useChat } from '../store/chatStore';
import { FileMention } from './files/FileMention';
import { formatWhen } from './formatWhen';
import { Icon } from './Icon';
import { Menu } from './Menu';
import { usePlainText } from './MessageBody/usePlainText';
import styles from './RoomList.module.css';
import { RoomTile } from './RoomTile';
import { useRoomNavigation } from './roomNavigation';
import { roomTitle } from './roomTitle';

/** More than one line can show, in UTF-16 units; the rest is not put into the page. */
const excerptLength = 120;

export function RoomList({ onGone }: { onGone?: (() => void) | undefined }) {
  const { rooms: texts } = useTexts();
  const rooms = useShownRooms();
  const open = useChat((state) => state.room);
  return (
    <>
      <ul className={styles.list} aria-label={texts.title}>
        {rooms.map((known) => (
          <RoomItem key={known.room} known={known} isOpen={known.room === open} onGone={onGone} />
        ))}
      </ul>
      {rooms.length === 1 && <p className={styles.alone}>{texts.alone}</p>}
    </>
  );
}

function useShownRooms(): readonly KnownRoom[] {
  const rooms = useChat((state) => state.rooms);
  const room = useChat((state) => state.room);
  const isPrivate = useChat((state) => state.isPrivate);
  if (rooms.some((known) => known.room === room)) return rooms;
  return [{ room, isPrivate, roomKey: undefined, unread: 0, last: undefined }, ...rooms];
}

interface RoomItemProps {
  known: KnownRoom;
  isOpen: boolean;
  /** The user has gone to another room, or comes back to the open one. */
  onGone: (() => void) | undefined;
}

function RoomItem({ known: { room, isPrivate, roomKey, unread, last }, ...props }: RoomItemProps) {
  const { isOpen, onGone } = props;
  const texts = useTexts();
  const { forgetRoom } = useChat((state) => state.actions);
  const { hrefOf, onSwitchRoom } = useRoomNavigation();
  const title = roomTitle(texts, room, isPrivate);

  const onClick = (event: MouseEvent) => {
    // A new tab or window is the browser's to open.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!isOpen) onSwitchRoom(room, roomKey);
    onGone?.();
  };

  return (
    <li className={styles.item} data-unread={unread > 0}>
      <a
        className={styles.room}
        href={hrefOf(room, roomKey)}
        aria-current={isOpen ? 'page' : undefined}
        onClick={onClick}
      >
        <RoomTile isPrivate={isPrivate} />
        <span className={styles.name}>{title}</span>
        {isOpen ? <SaidHere /> : last ? <LastSaid {...last} /> : <NothingSaid />}
        {unread > 0 && (
          <span className={styles.unread}>
            <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
            <span className="visuallyHidden">{texts.rooms.unread(unread)}</span>
          </span>
        )}
      </a>
      {!isOpen && (
        <Menu
          className={`iconButton ${styles.more}`}
          label={texts.rooms.moreAbout(title)}
          align="end"
          items={[{ label: texts.rooms.forget, onSelect: () => forgetRoom(room) }]}
        >
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}

/** In the open room the page itself knows best what was said last, or waits to be. */
function SaidHere() {
  const last = useChat(
    ({ messages }) => messages.findLast(({ seq }) => seq !== undefined) ?? messages.at(-1),
  );
  if (!last) return <NothingSaid />;
  const isDeleted = last.deleted !== undefined;
  const { author, body, at, file } = last;
  return <LastSaid author={author} body={isDeleted ? '' : body} at={at} file={file} />;
}

/** Without a line nobody knows. */
function NothingSaid() {
  const { rooms: texts } = useTexts();
  const isOpen = useChat((state) => state.connection.status === 'open');
  return <span className={styles.last}>{isOpen && texts.nothingSaid}</span>;
}

type LastSaidProps = NonNullable<KnownRoom['last']> & { file?: ShownFile | undefined };

function LastSaid({ author, body, at, file }: LastSaidProps) {
  const { rooms: texts, asProgram } = useTexts();
  const language = useLanguage();
  const words = usePlainText(body).slice(0, excerptLength);
  const myId = useChat((state) => state.me.id);
  const itsName = isProgram(author) ? asProgram(author.name) : author.name;
  const name = author.id === myId ? texts.byMe : itsName;
  return (
    <>
      <time className={styles.when} dateTime={new Date(at).toISOString()}>
        {formatWhen(language, at, Date.now())}
      </time>
      <span className={styles.last}>
        {body === '' && file ? (
          <span className={styles.file}>
            <bdi>{texts.saidBy(name, '').trimEnd()}</bdi> <FileMention file={file} />
          </span>
        ) : (
          <bdi>{body === '' ? texts.deleted : texts.saidBy(name, words)}</bdi>
        )}
      </span>
    </>
  );
}
