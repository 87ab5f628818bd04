/** Above the field: which message is answered or changed, and the way out of it. */
import { useTexts } from '../../i18n/texts';
import type { ComposerTarget } from '../../store/composerTarget';
import { FileMention } from '../files/FileMention';
import { Icon } from '../Icon';
import { usePlainText } from '../MessageBody/usePlainText';
import { useShownName } from '../useShownName';
import styles from './TargetBanner.module.css';

/** One line of it is shown. */
const excerptLength = 200;

export interface TargetBannerProps {
  id: string;
  target: ComposerTarget;
  onCancel(): void;
}

export function TargetBanner({ id, target: { kind, message }, onCancel }: TargetBannerProps) {
  const { composer } = useTexts();
  const shownName = useShownName();
  const words = usePlainText(message.body).slice(0, excerptLength);
  const cancel = kind === 'edit' ? composer.cancelEdit : composer.cancelReply;
  return (
    <div className={styles.banner} data-kind={kind}>
      <p id={id} className={styles.words}>
        <strong className={styles.title}>
          {kind === 'edit' ? composer.editing : composer.replyingTo(shownName(message.author))}
        </strong>
        <span className={styles.excerpt} dir="auto">
          {words}
          {message.file && message.body === '' && <FileMention file={message.file} />}
        </span>
      </p>
      <button
        type="button"
        className="iconButton"
        aria-label={cancel}
        title={cancel}
        onClick={onCancel}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
