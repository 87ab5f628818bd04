/** What is to be said of a message that was written before everybody's eyes: that it goes on, or broke off. */
import { useTexts } from '../../i18n/texts';
import type { ChatMessage } from '../../store/chatStore';
import styles from './StreamMark.module.css';

export function StreamMark({ live }: Pick<ChatMessage, 'live'>) {
  const { timeline } = useTexts();
  const end = live ?? 'cut';
  const words = timeline.streams[end];
  // Who sees it sees that it goes on.
  if (end === 'writing') return <span className="visuallyHidden">{words}</span>;
  return (
    <span className={styles.mark} data-part="stream" data-end={end}>
      {words}
    </span>
  );
}
