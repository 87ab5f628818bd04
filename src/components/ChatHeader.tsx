/** Above the conversation: which room it is, how the line is, and the ways to what lies beside it. */
import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './ChatHeader.module.css';
import { FirstIcon } from './FirstIcon';
import { RoomMenu } from './later';
import type { Side } from './pageControls';
import { RoomTile } from './RoomTile';
import { StatusBadge } from './StatusBadge';
import { useRoomTitle } from './useRoomTitle';
import { useUnreadElsewhere } from './useUnreadElsewhere';

export interface ChatHeaderProps {
  /** Opens the rooms, where they are not beside the conversation. */
  onRooms: (() => void) | undefined;
  onToggle(side: Side): void;
  side: Side | undefined;
  /** What can be done is in a menu. */
  isPhone: boolean;
  /** The ways to rooms, search and people are below the conversation. */
  hasBar: boolean;
  onShare(): void;
}

export function ChatHeader({ onRooms, isPhone, hasBar, ...tools }: ChatHeaderProps) {
  return (
    <header className={styles.header} data-phone={isPhone}>
      <RoomName onRooms={onRooms} />
      <div className={styles.line}>
        <StatusBadge isCompact={isPhone} />
      </div>
      {isPhone ? <RoomMenu {...tools} hasBar={hasBar} /> : <Tools {...tools} />}
    </header>
  );
}

/** What each is called among the texts of the lab. */
const labels = { lab: 'title', tour: 'tour' } as const;
const words = { lab: 'titleShort', tour: 'tourShort' } as const;

function Tools({
  onToggle,
  side,
  onShare,
}: Pick<ChatHeaderProps, 'onToggle' | 'side' | 'onShare'>) {
  const { rooms: texts, lab } = useFirstTexts();
  const count = useChat((state) => state.memberCount);
  return (
    <div className={styles.tools}>
      {(['tour', 'lab'] as const).map((name) => (
        <button
          key={name}
          type="button"
          className={`iconButton ${styles.named}`}
          aria-label={lab[labels[name]]}
          title={lab[labels[name]]}
          aria-expanded={side === name}
          onClick={() => onToggle(name)}
        >
          <FirstIcon name={name} />
          <span>{lab[words[name]]}</span>
        </button>
      ))}
      <button
        type="button"
        className="iconButton"
        aria-label={texts.search}
        title={texts.search}
        aria-expanded={side === 'search'}
        data-shortcut="search"
        onClick={() => onToggle('search')}
      >
        <FirstIcon name="search" />
      </button>
      <button
        type="button"
        className="iconButton"
        aria-label={texts.share}
        title={texts.share}
        onClick={onShare}
      >
        <FirstIcon name="share" />
      </button>
      <button
        type="button"
        className={`quietButton ${styles.people}`}
        aria-label={count > 0 ? texts.peopleHere(count) : texts.people}
        title={texts.people}
        aria-expanded={side === 'people'}
        onClick={() => onToggle('people')}
      >
        <FirstIcon name="people" />
        {count > 0 && <span>{count}</span>}
      </button>
    </div>
  );
}

function RoomName({ onRooms }: Pick<ChatHeaderProps, 'onRooms'>) {
  const texts = useFirstTexts();
  const title = useRoomTitle();
  const isPrivate = useChat((state) => state.isPrivate);
  const unread = useUnreadElsewhere();
  const name = (
    <>
      <RoomTile isPrivate={isPrivate} />
      <span className={styles.title}>{title}</span>
    </>
  );
  return (
    <div className={styles.room}>
      <h1>
        {onRooms ? (
          <button type="button" aria-haspopup="dialog" onClick={onRooms}>
            {name}
            <FirstIcon name="down" />
            {unread > 0 && (
              <span className={styles.unread}>
                <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
                <span className="visuallyHidden">{texts.rooms.unread(unread)}</span>
              </span>
            )}
          </button>
        ) : (
          name
        )}
      </h1>
      {isPrivate && !onRooms && <p>{texts.privateRoomNote}</p>}
    </div>
  );
}
