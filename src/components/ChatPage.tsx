/** The whole chat on one page: room and line above, conversation and people between, writing below. */
import { useChat } from '../store/chatStore';
import { Announcer } from './Announcer';
import styles from './ChatPage.module.css';
import { LineBanner } from './LineBanner';
import { MessageList } from './MessageList';
import { Notices } from './Notices';
import { PagePanels } from './PagePanels';
import { PrivateRoomBar } from './PrivateRoomBar';
import { RoomSwitch, type RoomSwitchProps } from './RoomSwitch';
import { SendForm } from './SendForm';
import { FoldedSidebar, Sidebar } from './Sidebar';
import { StatusBadge } from './StatusBadge';
import { useFocusGuard } from './useFocusGuard';
import { useMediaQuery } from './useMediaQuery';
import { useRoomTitle } from './useRoomTitle';
import { useUnloadGuard } from './useUnloadGuard';
import { useUnreadMark } from './useUnreadMark';

export interface ChatPageProps extends RoomSwitchProps {
  /** What others need to come into this room, if it is a private one. */
  privateLink: string | undefined;
}

export function ChatPage({
  checkRoom,
  onSwitchRoom,
  onNewPrivateRoom,
  privateLink,
}: ChatPageProps) {
  const title = useRoomTitle();
  const room = useChat((state) => state.room);
  const unread = useUnreadMark();
  const isNarrow = useMediaQuery('(max-width: 48rem)');
  useUnloadGuard();
  useFocusGuard(title);
  return (
    <div className={styles.page}>
      <title>{`${unread}${title} · Heartline`}</title>
      <header className={styles.header}>
        <div className={styles.where}>
          <RoomSwitch key={room} {...{ checkRoom, onSwitchRoom, onNewPrivateRoom }} />
          {isNarrow && <FoldedSidebar />}
        </div>
        <StatusBadge />
      </header>
      {privateLink !== undefined && <PrivateRoomBar key={privateLink} link={privateLink} />}
      <LineBanner />
      <Notices />
      <div className={styles.middle}>
        <main className={styles.main}>
          <MessageList />
          <SendForm key={room} />
        </main>
        {!isNarrow && <Sidebar />}
      </div>
      <Announcer key={room} />
      <PagePanels />
    </div>
  );
}
