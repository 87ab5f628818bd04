/** What the reader should know about the room as a whole. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatNotice, useChat } from '../store/chatStore';
import styles from './Notices.module.css';

export function Notices() {
  const texts = useTexts();
  const mode = useChat((state) => state.mode);
  const notices = useChat((state) => state.notices);
  const [dismissed, setDismissed] = useState<readonly ChatNotice[]>([]);
  return (
    <div className={styles.notices} aria-live="polite" data-focus-group>
      {mode === 'plain' && <p>{texts.plainMode}</p>}
      {notices
        .filter((notice) => !dismissed.includes(notice))
        .map((notice) => (
          <p key={notice.kind}>
            <span>{texts.notices[notice.kind]}</span>
            <button type="button" onClick={() => setDismissed([...dismissed, notice])}>
              {texts.dismiss}
            </button>
          </p>
        ))}
    </div>
  );
}
