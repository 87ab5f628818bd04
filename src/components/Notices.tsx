/** What the reader should know about the room as a whole. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatNotice, useChat } from '../store/chatStore';
import styles from './Notices.module.css';
import { useLocalServer } from './pageControls';

export function Notices() {
  const texts = useTexts();
  const mode = useChat((state) => state.mode);
  const notices = useChat((state) => state.notices);
  const [dismissed, setDismissed] = useState<readonly ChatNotice[]>([]);
  return (
    <div className={styles.notices} aria-live="polite" data-focus-group>
      <LocalNotices />
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

/** What a person should know of the server in this browser, where it is not as it should be. */
function LocalNotices() {
  const { local, dismiss } = useTexts();
  const server = useLocalServer();
  const [isDismissed, setDismissed] = useState(false);
  if (!server) return null;
  const { host, storage } = server;
  return (
    <>
      {storage !== 'kept' && (
        <p data-storage={storage}>
          <span>{local.storage[storage]}</span>
          {storage === 'newer' && (
            <button type="button" onClick={() => location.reload()}>
              {local.reload}
            </button>
          )}
        </p>
      )}
      {host === 'alone' && !isDismissed && (
        <p>
          <span>{local.alone}</span>
          <button type="button" onClick={() => setDismissed(true)}>
            {dismiss}
          </button>
        </p>
      )}
    </>
  );
}
