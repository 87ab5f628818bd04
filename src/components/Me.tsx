/** Who one is here, and what concerns oneself and this browser. */
import type { Language } from '../i18n/language';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Avatar } from './Avatar';
import { LanguageSwitch } from './LanguageSwitch';
import styles from './Me.module.css';
import { PushSwitch } from './PushSwitch';
import { SignOut } from './SignOut';
import { Tag } from './Tag';

export interface MeProps {
  onSwitchLanguage(language: Language): void;
  /** Leaves, to come back under another name. */
  onChangeName(): void;
}

export function Me({ onSwitchLanguage, onChangeName }: MeProps) {
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
        <button type="button" className="quietButton" onClick={onChangeName}>
          {texts.changeName}
        </button>
      </div>
      {me.tag !== undefined && <small>{texts.tagHint}</small>}
      <PushSwitch />
      <div className={styles.tools}>
        <LanguageSwitch onSwitch={onSwitchLanguage} />
        <SignOut />
      </div>
    </div>
  );
}
