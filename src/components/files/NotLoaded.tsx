/** Says that a file could not be loaded, and tries it again. */
import { useTexts } from '../../i18n/texts';
import styles from './NotLoaded.module.css';
import { staysPut } from './staysPut';

export function NotLoaded({ isTabStop, onAgain }: { isTabStop: boolean; onAgain(): void }) {
  const { files } = useTexts();
  return (
    <div className={styles.note}>
      <span role="alert">{files.notLoaded}</span>
      <button type="button" tabIndex={isTabStop ? 0 : -1} {...staysPut} onClick={onAgain}>
        {files.tryAgain}
      </button>
    </div>
  );
}
