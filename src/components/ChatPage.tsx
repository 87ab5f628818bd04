/** The whole chat on one page: room and line above, conversation and people between, writing below. */
import type { Language } from '../i18n/language';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Announcer } from './Announcer';
import styles from './ChatPage.module.css';
import { ExportButton } from './ExportButton';
import { LanguageSwitch } from './LanguageSwitch';
import { FoldedMemberList, MemberList } from './MemberList';
import { MessageList } from './MessageList';
import { Notices } from './Notices';
import { RoomSwitch, type RoomSwitchProps } from './RoomSwitch';
import { SendForm } from './SendForm';
import { StatusBadge } from './StatusBadge';

export interface ChatPageProps extends RoomSwitchProps {
  onSwitchLanguage(language: Language): void;
  /** Leaves, to come back under another name. */
  onChangeName(): void;
}

export function ChatPage({
  checkRoom,
  onSwitchRoom,
  onSwitchLanguage,
  onChangeName,
}: ChatPageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.where}>
          <RoomSwitch checkRoom={checkRoom} onSwitchRoom={onSwitchRoom} />
          <div className={styles.phoneOnly}>
            <FoldedMemberList />
          </div>
        </div>
        <StatusBadge />
      </header>
      <Notices />
      <div className={styles.middle}>
        <main className={styles.main}>
          <MessageList />
          <SendForm />
        </main>
        <Aside onSwitchLanguage={onSwitchLanguage} onChangeName={onChangeName} />
      </div>
      <Announcer />
    </div>
  );
}

function Aside({
  onSwitchLanguage,
  onChangeName,
}: Pick<ChatPageProps, 'onSwitchLanguage' | 'onChangeName'>) {
  const texts = useTexts();
  const name = useChat((state) => state.me.name);
  return (
    <aside className={styles.aside}>
      <div className={styles.members}>
        <h2>{texts.hereNow}</h2>
        <MemberList />
      </div>
      <footer className={styles.tools}>
        <span className={styles.me}>{name}</span>
        <button type="button" onClick={onChangeName}>
          {texts.changeName}
        </button>
        <ExportButton />
        <LanguageSwitch onSwitch={onSwitchLanguage} />
      </footer>
    </aside>
  );
}
