/** Messages that were found, the newest first, each with what was searched for marked in it. */
import { useLanguage, useTexts } from '../i18n/texts';
import type { ChatMessage } from '../store/chatStore';
import { Avatar } from './Avatar';
import styles from './FoundList.module.css';
import { FileMention } from './files/FileMention';
import { formatTime } from './formatTime';
import { formatWhen } from './formatWhen';
import { excerptOf, partsOf } from './foundParts';
import { usePlainText } from './MessageBody/usePlainText';
import { ProgramMark } from './ProgramMark';
import { Tag } from './Tag';

export interface FoundListProps {
  found: readonly ChatMessage[];
  /** What was searched for. */
  text: string;
  onGoTo(seq: number): void;
}

export function FoundList({ found, text, onGoTo }: FoundListProps) {
  const { rooms: texts } = useTexts();
  if (found.length === 0) return null;
  return (
    <ol className={styles.list} aria-label={texts.search}>
      {found.map((message) => (
        <li key={`${message.author.id} ${message.id}`}>
          <Found message={message} text={text} onGoTo={onGoTo} />
        </li>
      ))}
    </ol>
  );
}

interface FoundProps {
  message: ChatMessage;
  text: string;
  onGoTo(seq: number): void;
}

function Found({ message: { seq, author, at, body, file }, text, onGoTo }: FoundProps) {
  const language = useLanguage();
  const words = usePlainText(body);
  const when = formatWhen(language, at, Date.now());
  const time = formatTime(language, at);
  return (
    <button
      type="button"
      data-stop=""
      className={styles.found}
      disabled={seq === undefined}
      onClick={() => seq !== undefined && onGoTo(seq)}
    >
      <Avatar user={author} />
      <span className={styles.head}>
        <bdi>{author.name}</bdi>
        <Tag tag={author.tag} />
        <ProgramMark user={author} />
        <time dateTime={new Date(at).toISOString()}>
          {when === time ? time : `${when} ${time}`}
        </time>
      </span>
      <span className={styles.body} dir="auto">
        {file && <FileMention file={file} />}
        {partsOf(excerptOf(words, text), text).map((part) =>
          part.isMatch ? <mark key={part.at}>{part.words}</mark> : part.words,
        )}
      </span>
    </button>
  );
}
