/**
 * Asks before something that cannot be undone. The focus begins on the answer that changes nothing, and
 * Escape is that answer.
 */
import { useId } from 'react';
import { Dialog } from './Dialog';
import styles from './Question.module.css';

export interface QuestionProps {
  title: string;
  /** What would be lost. */
  text: string;
  /** The answer that does it. */
  confirm: string;
  /** The answer that leaves all as it is. */
  dismiss: string;
  onConfirm(): void;
  /** The question is answered, either way. */
  onClose(): void;
}

export function Question({ title, text, confirm, dismiss, onConfirm, onClose }: QuestionProps) {
  const textId = useId();
  const onYes = () => {
    onClose();
    onConfirm();
  };
  return (
    <Dialog title={title} describedBy={textId} isQuestion onClose={onClose}>
      <p id={textId} className={styles.text}>
        {text}
      </p>
      <div className={styles.answers}>
        <button type="button" onClick={onClose}>
          {dismiss}
        </button>
        <button type="button" className="primaryButton" onClick={onYes}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}
