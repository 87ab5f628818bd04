/** Why what is in the field was not sent. */
import { useTexts } from '../../i18n/texts';
import styles from './ProblemNote.module.css';
import type { Problem } from './useMessage';

export function ProblemNote({ problem }: { problem: Problem }) {
  const { composer } = useTexts();
  return (
    <p className={styles.problem} role="alert">
      {composer.problems[problem]}
    </p>
  );
}
