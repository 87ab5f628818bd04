/**
 * The people and the tools: beside the conversation where there is room, folded behind how many are
 * here where there is none.
 */
import { useRef } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { MemberCount } from './MemberCount';
import { MemberList } from './MemberList';
import { SettingsButton, ShortcutsButton } from './PanelButtons';
import styles from './Sidebar.module.css';
import { Tag } from './Tag';
import { useDismiss } from './useDismiss';

export function Sidebar() {
  return (
    <aside className={styles.beside}>
      <Content />
    </aside>
  );
}

export function FoldedSidebar() {
  const details = useRef<HTMLDetailsElement>(null);
  useDismiss(details);
  return (
    <details ref={details} className={styles.folded}>
      <summary>
        <MemberCount />
      </summary>
      <aside className={styles.panel}>
        <Content />
      </aside>
    </details>
  );
}

function Content() {
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
        <SettingsButton />
        <ShortcutsButton />
      </div>
    </>
  );
}
