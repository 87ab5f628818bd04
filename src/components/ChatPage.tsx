/** The whole chat on one page: room and line above, conversation and people between, writing below. */
import { useChat } from '../store/chatStore';
import { Announcer } from './Announcer';
import styles from './ChatPage.module.css';
import { MessageList } from './MessageList';
import { Notices } from './Notices';
import { RoomSwitch, type RoomSwitchProps } from './RoomSwitch';
import { SendForm } from './SendForm';
import { FoldedSidebar, Sidebar, type SidebarProps } from './Sidebar';
import { StatusBadge } from './StatusBadge';
import { useMediaQuery } from './useMediaQuery';
import { useUnloadGuard } from './useUnloadGuard';

export interface ChatPageProps extends RoomSwitchProps, SidebarProps {}

export function ChatPage({
  checkRoom,
  onSwitchRoom,
  onSwitchLanguage,
  onChangeName,
}: ChatPageProps) {
  const room = useChat((state) => state.room);
  const isNarrow = useMediaQuery('(max-width: 48rem)');
  const sidebar = { onSwitchLanguage, onChangeName };
  useUnloadGuard();
  return (
    <div className={styles.page}>
      <title>{`${room} · Heartline`}</title>
      <header className={styles.header}>
        <div className={styles.where}>
          <RoomSwitch checkRoom={checkRoom} onSwitchRoom={onSwitchRoom} />
          {isNarrow && <FoldedSidebar {...sidebar} />}
        </div>
        <StatusBadge />
      </header>
      <Notices />
      <div className={styles.middle}>
        <main className={styles.main}>
          <MessageList />
          <SendForm />
        </main>
        {!isNarrow && <Sidebar {...sidebar} />}
      </div>
      <Announcer />
    </div>
  );
}
