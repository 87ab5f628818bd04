/** How many people are here; without a line, as of when there was one, and marked so. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './MemberCount.module.css';

export function MemberCount() {
  const texts = useTexts();
  const count = useChat((state) => state.memberCount);
  const isOld = useChat((state) => state.connection.status !== 'open');
  return (
    <span
      className={styles.count}
      data-old={isOld}
      title={isOld ? texts.line.asOfBefore : undefined}
    >
      {texts.membersCount(count)}
      {isOld && <span className="visuallyHidden">, {texts.line.asOfBefore}</span>}
    </span>
  );
}
