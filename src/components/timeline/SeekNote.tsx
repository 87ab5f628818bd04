/** Says what became of a message that was sought, where it is not simply there. */
import { useTexts } from '../../i18n/texts';
import { Icon } from '../Icon';
import styles from './Notes.module.css';
import type { Seek } from './useSeek';

export function SeekNote({ seek: { status, dismiss } }: { seek: Seek }) {
  const texts = useTexts();
  return (
    <div className={styles.note} aria-live="polite">
      {status !== 'idle' && (
        <p className={styles.words}>
          {texts.timeline.seek[status]}
          {status !== 'loading' && (
            <button
              type="button"
              className="iconButton"
              aria-label={texts.dismiss}
              onClick={dismiss}
            >
              <Icon name="close" />
            </button>
          )}
        </p>
      )}
    </div>
  );
}
