/** Who is in the room, oneself first; and who of them is writing at this moment. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Avatar } from './Avatar';
import styles from './MemberList.module.css';
import { ProgramMark } from './ProgramMark';
import { Tag } from './Tag';

export function MemberList() {
  const texts = useTexts();
  const members = useChat((state) => state.members);
  const unnamed = useChat((state) => state.memberCount - state.members.length);
  const writing = useChat((state) => state.writing);
  const myId = useChat((state) => state.me.id);
  const isOpen = useChat((state) => state.connection.status === 'open');
  const me = members.filter(({ id }) => id === myId);
  const others = members.filter(({ id }) => id !== myId);
  return (
    <ul className={styles.list} aria-label={texts.hereNow} data-stale={!isOpen}>
      {[...me, ...others].map((member) => (
        <li key={member.id}>
          <span className={styles.face}>
            <Avatar user={member} />
          </span>
          <span className={styles.name}>
            <bdi>{member.name}</bdi>
            <Tag tag={member.tag} />
            <ProgramMark user={member} />
            {member.id === myId && <small> {texts.you}</small>}
          </span>
          {isOpen && writing.some(({ id }) => id === member.id) && <Writes />}
        </li>
      ))}
      {unnamed > 0 && <li className={styles.unnamed}>{texts.moreMembers(unnamed)}</li>}
    </ul>
  );
}

function Writes() {
  const { rooms: texts } = useTexts();
  return (
    <span className={styles.writes} title={texts.isWriting}>
      <i />
      <i />
      <i />
      <span className="visuallyHidden">{texts.isWriting}</span>
    </span>
  );
}
