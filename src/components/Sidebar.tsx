/**
 * The people and the tools: beside the conversation where there is room, folded behind how many are
 * here where there is none.
 */
import { useRef } from 'react';
import type { Language } from '../i18n/language';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { ExportButton } from './ExportButton';
import { LanguageSwitch } from './LanguageSwitch';
import { MemberCount } from './MemberCount';
import { MemberList } from './MemberList';
import { PushSwitch } from './PushSwitch';
import styles from './Sidebar.module.css';
import { SignOut } from './SignOut';
import { Tag } from './Tag';
import { useDismiss } from './useDismiss';

export interface SidebarProps {
  onSwitchLanguage(language: Language): void;
  /** Leaves, to come back under another name. */
  onChangeName(): void;
}

export function Sidebar(props: SidebarProps) {
  return (
    <aside className={styles.beside}>
      <Content {...props} />
    </aside>
  );
}

export function FoldedSidebar(props: SidebarProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useDismiss(details);
  return (
    <details ref={details} className={styles.folded}>
      <summary>
        <MemberCount />
      </summary>
      <aside className={styles.panel}>
        <Content {...props} />
      </aside>
    </details>
  );
}

function Content({ onSwitchLanguage, onChangeName }: SidebarProps) {
  const texts = useTexts();
  const { name, tag } = useChat((state) => state.me);
  return (
    <>
      <div className={styles.members}>
        <h2>{texts.hereNow}</h2>
        <MemberList />
      </div>
      <div className={styles.tools}>
        <div className={styles.me}>
          <p>
            <bdi>{name}</bdi>
            <Tag tag={tag} />
          </p>
          {tag !== undefined && <small>{texts.tagHint}</small>}
        </div>
        <PushSwitch />
        <button type="button" onClick={onChangeName}>
          {texts.changeName}
        </button>
        <ExportButton />
        <LanguageSwitch onSwitch={onSwitchLanguage} />
        <SignOut />
      </div>
    </>
  );
}
