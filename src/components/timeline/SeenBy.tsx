/** Who has read up to here: a few faces and a number, and all names for who asks. */
import { useTexts } from '../../i18n/texts';
import type { User } from '../../store/chatStore';
import { Avatar } from '../Avatar';
import { useShownName } from '../useShownName';
import styles from './SeenBy.module.css';

const shown = 3;

export function SeenBy({ users }: { users: readonly User[] }) {
  const { timeline } = useTexts();
  const shownName = useShownName();
  const words = timeline.seenBy(users.map(shownName));
  const more = users.length - shown;
  return (
    <div className={styles.seenBy} role="img" aria-label={words} title={words}>
      {users.slice(0, shown).map((user) => (
        <Avatar key={user.id} user={user} />
      ))}
      {more > 0 && <span className={styles.more}>+{more}</span>}
    </div>
  );
}
