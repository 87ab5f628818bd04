/**
 * The state of the line in the page's head: a word, a shape and a colour, how long the last answer took,
 * and the buttons for what a person can do. Its size is the same in every state, so that nothing jumps
 * when the line is lost; why it was, and what comes next, is in the banner.
 */
import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { HeartTrace } from './later';
import { canDisconnect, canReconnect } from './lineButtons';
import { lineWordOf } from './lineWord';
import styles from './StatusBadge.module.css';

export interface StatusBadgeProps {
  /** Where there is little room: its buttons are elsewhere. */
  isCompact?: boolean;
}

export function StatusBadge({ isCompact = false }: StatusBadgeProps) {
  const texts = useFirstTexts();
  const status = useChat((state) => state.connection.status);
  // Else it would come and go with every try.
  const isTryingAgain = useChat(
    ({ connection }) => connection.status === 'connecting' && connection.attempt > 0,
  );
  const word = useChat((state) => lineWordOf(state.connection));
  const { disconnect, reconnect } = useChat((state) => state.actions);
  return (
    <section className={styles.badge} aria-label={texts.connection} data-focus-group>
      <Trace isAlive={status === 'open'} />
      <div className={styles.words}>
        {/* Silent by itself: the banner tells who listens, once and not for a moment's break. */}
        <span
          role="status"
          aria-live="off"
          className={styles.status}
          data-connection-state={status}
          data-line={word}
        >
          {texts.line.states[word]}
        </span>
        <RoundTrip />
      </div>
      {!isCompact && (
        <div className={styles.buttons}>
          {(canReconnect(status) || isTryingAgain) && (
            <button type="button" className={styles.reconnect} onClick={reconnect}>
              {texts.reconnect}
            </button>
          )}
          {canDisconnect(status) && (
            <button type="button" onClick={disconnect}>
              {texts.disconnect}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Trace({ isAlive }: { isAlive: boolean }) {
  const beats = useChat((state) => state.beats);
  return (
    <div className={styles.trace}>
      <HeartTrace beats={beats} isAlive={isAlive} />
    </div>
  );
}

function RoundTrip() {
  const texts = useFirstTexts();
  const rttMs = useChat((state) => state.rttMs);
  if (rttMs === undefined) return null;
  return (
    <span className={styles.small} title={texts.roundTripLabel}>
      {texts.roundTrip(rttMs)}
    </span>
  );
}
