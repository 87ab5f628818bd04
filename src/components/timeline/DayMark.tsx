import { useFirstTexts, useLanguage } from '../../i18n/texts';
import { formatDay, isSameDay } from '../formatTime';
import styles from './MessageRow.module.css';

export function DayMark({ at }: { at: number }) {
  const texts = useFirstTexts();
  const language = useLanguage();
  const day = 24 * 3_600_000;
  const words = isSameDay(at, Date.now())
    ? texts.today
    : isSameDay(at, Date.now() - day)
      ? texts.timeline.yesterday
      : formatDay(language, at);
  return <p className={styles.day}>{words}</p>;
}
