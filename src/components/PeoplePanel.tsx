/** The room from within: who is here, who can come, and what can be done with the room as a whole. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { ExportButton } from './ExportButton';
import { Icon } from './Icon';
import { MemberCount } from './MemberCount';
import { MemberList } from './MemberList';
import styles from './PeoplePanel.module.css';
import { useLocalServer } from './pageControls';

export function PeoplePanel({ onShare }: { onShare(): void }) {
  const texts = useTexts();
  const count = useChat((state) => state.memberCount);
  const localServer = useLocalServer();
  const isOpen = useChat((state) => state.connection.status === 'open');
  return (
    <div className={styles.panel}>
      <div className={styles.members}>
        <h2>{count > 0 ? <MemberCount /> : texts.hereNow}</h2>
        <MemberList />
        {!isOpen && <p>{texts.rooms.unknownPresence}</p>}
        {isOpen && count === 1 && <p>{texts.rooms.onlyYou}</p>}
        {localServer && (
          <p>{localServer.host === 'shared' ? texts.local.here : texts.local.hereAlone}</p>
        )}
        {localServer?.host !== 'alone' && (
          <button type="button" className={`quietButton ${styles.invite}`} onClick={onShare}>
            <Icon name="plus" />
            {localServer ? texts.local.invite : texts.rooms.invite}
          </button>
        )}
      </div>
      <div className={styles.tools}>
        <h2>{texts.rooms.thisRoom}</h2>
        <ExportButton />
      </div>
    </div>
  );
}
