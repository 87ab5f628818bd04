/** Leads up to where the reader stopped reading before, while that is above the screen. */
import { useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { useChatStoreApi } from '../../store/chatStore';
import { nextFrame } from '../../store/frameBatch';
import { useGoToMessage } from '../../store/soughtMessage';
import styles from './Notes.module.css';
import { firstOfOthers } from './rows';

export interface UnreadButtonProps {
  /** The place after which everything was unread when the room was opened, */
  after: number;
  /** and that of what was said last then. */
  upTo: number;
}

export function UnreadButton({ after, upTo }: UnreadButtonProps) {
  const texts = useTexts();
  const store = useChatStoreApi();
  const goTo = useGoToMessage();
  const [isAwaited, setAwaited] = useState(false);

  const goToFirst = () => {
    setAwaited(false);
    const { messages } = store.getState();
    const seq = messages[firstOfOthers(messages, after, upTo)]?.seq;
    if (seq !== undefined) goTo(seq);
  };
  const onClick = () => {
    setAwaited(true);
    store
      .getState()
      .actions.loadBackTo(after + 1)
      // What was loaded is in the store with the next frame.
      .then(() => nextFrame(goToFirst))
      .catch(() => setAwaited(false));
  };

  return (
    <button type="button" className={styles.unread} onClick={onClick} aria-busy={isAwaited}>
      <span aria-hidden="true">↑ </span>
      {texts.timeline.jumpToUnread}
    </button>
  );
}
