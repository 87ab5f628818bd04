/** What the reader should know about the room, and the page, as a whole. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatNotice, useChat } from '../store/chatStore';
import { LocalNotices } from './LocalNotices';
import styles from './Notices.module.css';
import { usePageControls } from './pageControls';
import { serverFileText } from './serverFileText';

export function Notices() {
  const texts = useTexts();
  const mode = useChat((state) => state.mode);
  const notices = useChat((state) => state.notices);
  const isUnreadable = useChat((state) => state.isUnreadable);
  const [dismissed, setDismissed] = useState<readonly ChatNotice[]>([]);
  return (
    <div className={styles.notices} aria-live="polite" data-focus-group>
      <UpdateNotice />
      <ServerFileNotice />
      <LocalNotices />
      {mode === 'plain' && <p>{texts.plainMode}</p>}
      {isUnreadable && <p>{texts.unreadable}</p>}
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

/** The page goes on as it is until the reader wants the newer one. */
function UpdateNotice() {
  const { offline } = useTexts();
  const { isUpdateReady, onReload } = usePageControls();
  if (!isUpdateReady) return null;
  return (
    <p>
      <span>{offline.newVersion}</span>
      <button type="button" onClick={onReload}>
        {offline.reload}
      </button>
    </p>
  );
}

function ServerFileNotice() {
  const texts = useTexts();
  const { serverFileProblem, isServerFromBefore, isOwnServer } = usePageControls();
  const [isDismissed, setDismissed] = useState(false);
  // Who names a server in the address has no need of the file.
  if (!serverFileProblem || !isOwnServer || isDismissed) return null;
  const { together, usingBefore, usingLocal } = texts.offline;
  const instead = isServerFromBefore ? usingBefore : usingLocal;
  return (
    <p>
      <span>{together(serverFileText(texts, serverFileProblem), instead)}</span>
      <button type="button" onClick={() => setDismissed(true)}>
        {texts.dismiss}
      </button>
    </p>
  );
}
