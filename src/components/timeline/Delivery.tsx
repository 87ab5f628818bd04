/** What became of one's own message, in words where it matters; a failed one waits for a decision. */
import { useTexts } from '../../i18n/texts';
import { type ChatMessage, type ChatMode, useChat } from '../../store/chatStore';
import { useSetComposerTarget } from '../../store/composerTarget';
import { failureText } from '../failureText';
import styles from './Delivery.module.css';

export function Delivery({ message }: { message: ChatMessage }) {
  const texts = useTexts();
  const mode = useChat((chat) => chat.mode);
  const { retry, remove } = useChat((chat) => chat.actions);
  const { edit } = useSetComposerTarget();
  const { id, state, hasLeft, failure } = message;
  if (state !== 'failed') {
    const isPlainSent = mode === 'plain' && state === 'sent';
    const isUnconfirmed = state === 'queued' && hasLeft;
    const words = isPlainSent
      ? texts.handedOver
      : isUnconfirmed
        ? texts.notConfirmed
        : texts.states[state];
    return (
      <div className={styles.delivery} data-state={state} title={words}>
        <span aria-hidden="true">{markOf(state, mode)}</span>
        <span className={state === 'sent' ? 'visuallyHidden' : ''}>{words}</span>
      </div>
    );
  }
  const reason = failureText(texts, failure);
  return (
    <div className={styles.delivery} data-state={state}>
      <span>
        <span aria-hidden="true">✕ </span>
        {reason ? texts.notSent(reason) : texts.states.failed}
      </span>
      <button type="button" onClick={() => retry(id)}>
        {texts.retry}
      </button>
      {mode === 'chat' && (
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

function markOf(state: 'queued' | 'sending' | 'sent', mode: ChatMode): string {
  if (state === 'queued') return '◷';
  if (state === 'sending') return '↑';
  return mode === 'plain' ? '→' : '✓';
}
