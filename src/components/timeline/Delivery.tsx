/** What became of one's own message, in words where it matters. */
import { useFirstTexts } from '../../i18n/texts';
import { type ChatMessage, type ChatMode, useChat } from '../../store/chatStore';
import { FailedDelivery } from '../later';
import styles from './Delivery.module.css';

export function Delivery({ message }: { message: ChatMessage }) {
  const texts = useFirstTexts();
  const mode = useChat((chat) => chat.mode);
  const { state, hasLeft } = message;
  if (state === 'failed') return <FailedDelivery message={message} />;
  const isPlainSent = mode === 'plain' && state === 'sent';
  const isUnconfirmed = state === 'queued' && hasLeft;
  const words = isPlainSent
    ? texts.handedOver
    : isUnconfirmed
      ? texts.notConfirmed
      : texts.states[state];
  return (
    <div className={styles.delivery} data-delivery={state} title={words}>
      <span aria-hidden="true">{markOf(state, mode)}</span>
      <span className={state === 'sent' ? 'visuallyHidden' : ''}>{words}</span>
    </div>
  );
}

function markOf(state: 'queued' | 'sending' | 'sent', mode: ChatMode): string {
  if (state === 'queued') return '◷';
  if (state === 'sending') return '↑';
  return mode === 'plain' ? '→' : '✓';
}
