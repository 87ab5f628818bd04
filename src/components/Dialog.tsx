/**
 * A modal dialog on the browser's own `<dialog>`: open for as long as it is drawn. Escape, the button
 * and a press beside it ask to close; the focus then goes back to where it came from. On a phone it
 * takes the whole screen.
 */
import { type ReactNode, useId } from 'react';
import { useTexts } from '../i18n/texts';
import styles from './Dialog.module.css';
import { useModal } from './useModal';

export interface DialogProps {
  title: string;
  /** The dialog is to go: whoever draws it draws it no longer. */
  onClose(): void;
  children: ReactNode;
  /** A question that has to be answered: no close button, and smaller, on a phone too. */
  isQuestion?: boolean;
  /** What says the rest of a question. */
  describedBy?: string | undefined;
}

export function Dialog({ title, onClose, children, isQuestion = false, describedBy }: DialogProps) {
  const texts = useTexts();
  const titleId = useId();
  const modal = useModal(onClose);

  return (
    <dialog
      {...modal}
      className={styles.dialog}
      role={isQuestion ? 'alertdialog' : undefined}
      data-question={isQuestion}
      aria-labelledby={titleId}
      aria-describedby={describedBy}
    >
      <div className={styles.sheet}>
        <header className={styles.head}>
          <h2 id={titleId}>{title}</h2>
          {!isQuestion && (
            <button
              type="button"
              className={styles.close}
              aria-label={texts.line.close}
              title={texts.line.close}
              onClick={onClose}
            >
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <path d="M3.5 3.5l9 9m0-9l-9 9" />
              </svg>
            </button>
          )}
        </header>
        <div className={styles.body}>{children}</div>
      </div>
    </dialog>
  );
}
