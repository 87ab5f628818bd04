/** A change of a message that the room does not have yet, and what can be done where it was refused. */
import { useTexts } from '../../i18n/texts';
import { type PendingChange, useChat } from '../../store/chatStore';
import { failureText } from '../failureText';
import styles from './Delivery.module.css';

export function Change({ change: { id, kind, state, failure } }: { change: PendingChange }) {
  const texts = useTexts();
  const { retry, remove } = useChat((chat) => chat.actions);
  const words = texts.timeline.changes[kind];
  if (state !== 'failed') {
    return (
      <div className={styles.delivery} data-state={state}>
        {words.waits}
      </div>
    );
  }
  return (
    <div className={styles.delivery} data-state={state}>
      <span>
        <span aria-hidden="true">✕ </span>
        {words.failed(failureText(texts, failure))}
      </span>
      <button type="button" onClick={() => retry(id)}>
        {texts.retry}
      </button>
      <button type="button" onClick={() => remove(id)}>
        {texts.timeline.discardChange}
      </button>
    </div>
  );
}
