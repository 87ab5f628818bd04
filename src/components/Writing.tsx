/** Who else is writing at this moment. Read out to nobody: it comes and goes too often for that. */
import { useTexts } from '../i18n/texts';
import { type User, useChat } from '../store/chatStore';
import { fullName } from './fullName';
import styles from './Writing.module.css';

/** So much of a name leaves room for what it says of it, on a phone too. */
const shownLength = 16;

export function Writing() {
  const texts = useTexts();
  const writing = useChat((state) => state.writing);
  const isOpen = useChat(({ connection }) => connection.status === 'open');
  const [first, second] = writing;
  if (!isOpen || !first) return null;
  return (
    <>
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <bdi className={styles.words}>
        {texts.writing(shortName(first), second && shortName(second), writing.length)}
      </bdi>
    </>
  );
}

function shortName(user: User): string {
  const name = [...fullName(user)];
  return name.length <= shownLength ? name.join('') : `${name.slice(0, shownLength).join('')}…`;
}
