/** What stands beside the name of a program, so that nobody takes it for a person. */
import { useTexts } from '../i18n/texts';
import { isProgram, type User } from '../store/chatStore';
import styles from './ProgramMark.module.css';

export function ProgramMark({ user }: { user: Pick<User, 'id'> }) {
  const texts = useTexts();
  if (!isProgram(user)) return null;
  return (
    <span className={styles.mark} data-part="program" title={texts.programHint}>
      {texts.program}
    </span>
  );
}
