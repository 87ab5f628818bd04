/** Who one is here, and the ways to what concerns oneself and this browser. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Avatar } from './Avatar';
import styles from './Me.module.css';
import { SettingsButton, ShortcutsButton } from './PanelButtons';
import { Tag } from './Tag';

export function Me() {
  const texts = useTexts();
  const me = useChat((state) => state.me);
  return (
    <div className={styles.me}>
      <div className={styles.who}>
        <Avatar user={me} />
        <p>
          <bdi>{me.name}</bdi>
          <Tag tag={me.tag} />
        </p>
      </div>
      {me.tag !== undefined && <small>{texts.tagHint}</small>}
      <div className={styles.tools}>
        <SettingsButton />
        <ShortcutsButton />
      </div>
    </div>
  );
}
