/**
 * A modal dialog on the browser's own `<dialog>`: open for as long as it is drawn. Escape, the button
 * and a press beside it ask to close; the focus then goes back to where it came from. On a phone it
 * takes the whole screen.
 */
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
} from 'react';
import { useTexts } from '../i18n/texts';
import styles from './Dialog.module.css';
import { giveFocusTo } from './focus';

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
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const close = useEffectEvent(onClose);

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const opener = document.activeElement;
    element.showModal();
    // A browser may close a dialog without asking, at a second Escape.
    const onClosed = () => !element.open && close();
    element.addEventListener('close', onClosed);
    const forgetPresses = onPressBeside(element, close);
    return () => {
      element.removeEventListener('close', onClosed);
      forgetPresses();
      element.close();
      giveFocusTo(opener);
    };
  }, []);

  /** Left to the browser, one Escape may close two that were opened without a press (CloseWatcher groups). */
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      role={isQuestion ? 'alertdialog' : undefined}
      data-question={isQuestion}
      aria-labelledby={titleId}
      aria-describedby={describedBy}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        // A field for files tells of its own cancelling under the same name.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
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

/** Only a whole press beside it counts: a text that is selected with the pointer may end there. */
export function onPressBeside(dialog: HTMLDialogElement, call: () => void): () => void {
  let began = false;
  const onPointerDown = ({ target }: PointerEvent) => {
    began = target === dialog;
  };
  const onClick = ({ target }: MouseEvent) => {
    if (began && target === dialog) call();
  };
  dialog.addEventListener('pointerdown', onPointerDown);
  dialog.addEventListener('click', onClick);
  return () => {
    dialog.removeEventListener('pointerdown', onPointerDown);
    dialog.removeEventListener('click', onClick);
  };
}
