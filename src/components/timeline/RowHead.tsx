/** Who has written it, when, and whether it was changed since: to the second for who points at it. */
import { useLanguage, useTexts } from '../../i18n/texts';
import type { ChatMessage } from '../../store/chatStore';
import { Avatar } from '../Avatar';
import { formatExactTime, formatTime } from '../formatTime';
import { ProgramMark } from '../ProgramMark';
import { Tag } from '../Tag';
import styles from './RowHead.module.css';

export function RowHead({ id, message }: { id: string; message: ChatMessage }) {
  const texts = useTexts();
  const language = useLanguage();
  const { author, at, edited, deleted } = message;
  return (
    <div id={id} className={styles.head}>
      <Avatar user={author} />
      <span className={styles.who}>
        <bdi className={styles.author} data-part="author">
          {author.name}
        </bdi>
        <Tag tag={author.tag} />
        <ProgramMark user={author} />
      </span>{' '}
      <time dateTime={new Date(at).toISOString()} title={formatExactTime(language, at)}>
        {formatTime(language, at)}
      </time>{' '}
      {edited !== undefined && deleted === undefined && (
        <span className={styles.edited} title={formatExactTime(language, edited)}>
          {texts.timeline.edited}
        </span>
      )}
    </div>
  );
}
