/** Who is in the room. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './MemberList.module.css';
import { Tag } from './Tag';

export function MemberList() {
  const texts = useTexts();
  const members = useChat((state) => state.members);
  const unnamed = useChat((state) => state.memberCount - state.members.length);
  const myId = useChat((state) => state.me.id);
  const isOpen = useChat((state) => state.connection.status === 'open');
  return (
    <ul className={styles.list} aria-label={texts.hereNow} data-stale={!isOpen}>
      {members.map(({ id, name, tag }) => (
        <li key={id}>
          <bdi>{name}</bdi>
          <Tag tag={tag} />
          {id === myId && <small> {texts.you}</small>}
        </li>
      ))}
      {unnamed > 0 && <li className={styles.unnamed}>{texts.moreMembers(unnamed)}</li>}
    </ul>
  );
}
