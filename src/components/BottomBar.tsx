/** On a phone: what is used most, where the thumb is. */
import type { ReactNode } from 'react';
import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './BottomBar.module.css';
import { FirstIcon } from './FirstIcon';
import { useUnreadElsewhere } from './useUnreadElsewhere';

export interface BottomBarProps {
  onRooms(): void;
  onSearch(): void;
  onPeople(): void;
}

export function BottomBar({ onRooms, onSearch, onPeople }: BottomBarProps) {
  const { rooms: texts } = useFirstTexts();
  const unread = useUnreadElsewhere();
  const count = useChat((state) => state.memberCount);
  return (
    <nav className={styles.bar} aria-label={texts.thisRoom}>
      <Way icon={<FirstIcon name="rooms" />} label={texts.title} onPress={onRooms}>
        {unread > 0 && (
          <span className={styles.unread}>
            <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
            <span className="visuallyHidden">{texts.unread(unread)}</span>
          </span>
        )}
      </Way>
      <Way
        icon={<FirstIcon name="search" />}
        label={texts.search}
        onPress={onSearch}
        shortcut="search"
      />
      <Way icon={<FirstIcon name="people" />} label={texts.people} onPress={onPeople}>
        {count > 0 && (
          <span className={styles.count} aria-hidden="true">
            {count}
          </span>
        )}
      </Way>
    </nav>
  );
}

interface WayProps {
  icon: ReactNode;
  label: string;
  onPress(): void;
  /** Of the page's keys, the one that comes here. */
  shortcut?: 'search';
  children?: ReactNode;
}

function Way({ icon, label, onPress, shortcut, children }: WayProps) {
  return (
    <button type="button" aria-haspopup="dialog" data-shortcut={shortcut} onClick={onPress}>
      <span className={styles.label}>{label} </span>
      <span className={styles.icon}>
        {icon}
        {children}
      </span>
    </button>
  );
}
