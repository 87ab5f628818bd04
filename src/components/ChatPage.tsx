/** The whole chat on one page: room and line above, conversation and people between, writing below. */
import { useChat } from '../store/chatStore';
import { Announcer } from './Announcer';
import styles from './ChatPage.module.css';
import { MessageList } from './MessageList';
import { Notices } from './Notices';
import { PrivateRoomBar } from './PrivateRoomBar';
import { RoomSwitch, type RoomSwitchProps } from './RoomSwitch';
import { SendForm } from './SendForm';
import { FoldedSidebar, Sidebar, type SidebarProps } from './Sidebar';
import { StatusBadge } from './StatusBadge';
import { useMediaQuery } from './useMediaQuery';
import { useRoomTitle } from './useRoomTitle';
import { useUnloadGuard } from './useUnloadGuard';
import { useUnreadMark } from './useUnreadMark';

export interface ChatPageProps extends RoomSwitchProps, SidebarProps {
  /** What others need to come into this room, if it is a private one. */
  privateLink: string | undefined;
}

export function ChatPage({
  checkRoom,
  onSwitchRoom,
  onNewPrivateRoom,
  privateLink,
  onSwitchLanguage,
  onChangeName,
}: ChatPageProps) {
  const title = useRoomTitle();
  const room = useChat((state) => state.room);
  const unread = useUnreadMark();
  const isNarrow = useMediaQuery('(max-width: 48rem)');
  const sidebar = { onSwitchLanguage, onChangeName };
  useUnloadGuard();
  return (
    <div className={styles.page}>
      <title>{`${unread}${title} · Heartline`}</title>
      <header className={styles.header}>
        <div className={styles.where}>
          <RoomSwitch key={room} {...{ checkRoom, onSwitchRoom, onNewPrivateRoom }} />
          {isNarrow && <FoldedSidebar {...sidebar} />}
        </div>
        <StatusBadge />
      </header>
      {privateLink !== undefined && <PrivateRoomBar key={privateLink} link={privateLink} />}
      <Notices />
      <div className={styles.middle}>
        <main className={styles.main}>
          <MessageList />
          <SendForm key={room} />
        </main>
        {!isNarrow && <Sidebar {...sidebar} />}
      </div>
      <Announcer key={room} />
    </div>
  );
}
