/** The message that this one answers, in a line or two. A press leads to it. */
import { useEffect } from 'react';
import { useTexts } from '../../i18n/texts';
import { type Quoted, useChat } from '../../store/chatStore';
import { useGoToMessage } from '../../store/soughtMessage';
import { FileMention } from '../files/FileMention';
import { usePlainText } from '../MessageBody/usePlainText';
import { useShownName } from '../useShownName';
import styles from './Quote.module.css';

/** As much as two lines can show, in UTF-16 units; the rest is not put into the page. */
const excerptLength = 240;

export function Quote({ quoted, isTabStop }: { quoted: Quoted; isTabStop: boolean }) {
  const texts = useTexts();
  const shownName = useShownName();
  const goTo = useGoToMessage();
  const { loadQuote } = useChat((state) => state.actions);
  const { seq, author, body, deleted, file } = quoted;
  const words = usePlainText(body ?? '').slice(0, excerptLength);
  const isUnknown = author === undefined && deleted === undefined;

  useEffect(() => {
    if (isUnknown) loadQuote(seq);
  }, [isUnknown, seq, loadQuote]);

  return (
    <button
      type="button"
      className={styles.quote}
      tabIndex={isTabStop ? 0 : -1}
      title={texts.timeline.showMessage}
      onClick={() => goTo(seq)}
    >
      <span className="visuallyHidden">{texts.timeline.inAnswerTo}</span>{' '}
      {author && <bdi className={styles.author}>{shownName(author)}</bdi>}{' '}
      <span className={styles.text} dir="auto">
        {deleted !== undefined
          ? texts.timeline.deleted
          : isUnknown
            ? texts.timeline.quoteComing
            : words}
        {file && deleted === undefined && !body && <FileMention file={file} />}
      </span>
    </button>
  );
}
