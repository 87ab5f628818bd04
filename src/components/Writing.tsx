/** Who else is writing at this moment. Read out to nobody: it comes and goes too often for that. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { fullName } from './fullName';
import styles from './Writing.module.css';

export function Writing() {
  const texts = useTexts();
  const writing = useChat((state) => state.writing);
  const isOpen = useChat(({ connection }) => connection.status === 'open');
  const [first, second] = writing;
  // The line is there when it is empty, too, so that nothing moves when somebody begins.
  return (
    <p className={styles.writing}>
      {isOpen && first && (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{texts.writing(fullName(first), second && fullName(second), writing.length)}</bdi>
        </>
      )}
    </p>
  );
}
