/** A message that was not sent: why, and what can be done with it. It waits for a decision. */
import { useTexts } from '../../i18n/texts';
import { type ChatMessage, useChat } from '../../store/chatStore';
import { useSetComposerTarget } from '../../store/composerTarget';
import { failureText, isWorthRetrying } from '../failureText';
import styles from './Delivery.module.css';

export function FailedDelivery({ message }: { message: ChatMessage }) {
  const texts = useTexts();
  const mode = useChat((chat) => chat.mode);
  const { retry, remove } = useChat((chat) => chat.actions);
  const { edit } = useSetComposerTarget();
  const { id, failure } = message;
  const reason = failureText(texts, failure);
  return (
    <div className={styles.delivery} data-delivery="failed">
      <span>
        <span aria-hidden="true">✕ </span>
        {reason ? texts.notSent(reason) : texts.states.failed}
      </span>
      {isWorthRetrying(failure) && (
        <button type="button" onClick={() => retry(id)}>
          {texts.retry}
        </button>
      )}
      {mode === 'chat' && !message.file && (
        <button type="button" onClick={() => edit(message)}>
          {texts.timeline.edit}
        </button>
      )}
      <button type="button" onClick={() => remove(id)}>
        {texts.delete}
      </button>
    </div>
  );
}
