/**
 * The state of the line in words, shape and colour: what it is, why, what comes next, and the button
 * for what a person can do about it.
 */
import type { Texts } from '../i18n/en';
import { useTexts } from '../i18n/texts';
import {
  type ConnectionState,
  type ConnectionStatus,
  type LossCause,
  useChat,
} from '../store/chatStore';
import { HeartTrace } from './HeartTrace';
import styles from './StatusBadge.module.css';
import { useSecondsUntil } from './useSecondsUntil';

const canDisconnect: readonly ConnectionStatus[] = ['connecting', 'open', 'waiting', 'offline'];
const canReconnect: readonly ConnectionStatus[] = [
  'idle',
  'waiting',
  'offline',
  'closed',
  'failed',
];

export function StatusBadge() {
  const texts = useTexts();
  const connection = useChat((state) => state.connection);
  const { disconnect, reconnect } = useChat((state) => state.actions);
  const { status } = connection;
  return (
    <section className={styles.badge} aria-label={texts.connection}>
      <Trace isAlive={status === 'open'} />
      <div className={styles.words}>
        <span role="status" className={styles.status} data-connection-state={status}>
          {connection.isChecking ? texts.checking : texts.status[toldStatus(connection)]}
        </span>
        <RoundTrip />
      </div>
      <Outlook connection={connection} />
      <div className={styles.buttons}>
        {canReconnect.includes(status) && (
          <button type="button" className={styles.reconnect} onClick={reconnect}>
            {texts.reconnect}
          </button>
        )}
        {canDisconnect.includes(status) && (
          <button type="button" onClick={disconnect}>
            {texts.disconnect}
          </button>
        )}
      </div>
    </section>
  );
}

/** An outage has many short tries: to say each would be a flicker, and a flood in a screen reader. */
function toldStatus({ status, attempt }: ConnectionState): ConnectionStatus {
  return status === 'connecting' && attempt > 0 ? 'waiting' : status;
}

function Trace({ isAlive }: { isAlive: boolean }) {
  const beats = useChat((state) => state.beats);
  return <HeartTrace beats={beats} isAlive={isAlive} />;
}

function RoundTrip() {
  const texts = useTexts();
  const rttMs = useChat((state) => state.rttMs);
  if (rttMs === undefined) return null;
  return (
    <span className={styles.small} title={texts.roundTripLabel}>
      {texts.roundTrip(rttMs)}
    </span>
  );
}

/** Why the line is not open, and when it is tried next. */
function Outlook({ connection }: { connection: ConnectionState }) {
  const texts = useTexts();
  const { status, cause, diagnosis, attempt, retryAt } = connection;
  const seconds = useSecondsUntil(retryAt);
  // Tries without a network are not counted.
  const nextTry = Math.max(1, attempt);
  if (!cause || status === 'open' || status === 'closed') return null;
  const isFinal = cause.kind === 'closed' && cause.code >= 4500 && cause.code <= 4999;
  return (
    <p className={styles.outlook}>
      {saysNothing(cause) && diagnosis ? texts.diagnoses[diagnosis] : causeText(texts, cause)}
      {status === 'failed' && !isFinal && ` ${texts.gaveUp}`}
      {status !== 'failed' && (
        <span className={styles.countdown} role="timer" aria-live="off">
          {seconds === undefined ? texts.tryingNow(nextTry) : texts.nextTry(seconds, nextTry)}
        </span>
      )}
    </p>
  );
}

/** Only an HTTP request could tell more. */
function saysNothing(cause: LossCause): boolean {
  return cause.kind === 'connect timeout' || (cause.kind === 'closed' && cause.code === 1006);
}

/** Why a line was lost, in words. */
function causeText(texts: Texts, cause: LossCause): string {
  if (cause.kind !== 'closed') return texts.causes[cause.kind];
  return texts.closeCodes[cause.code] ?? texts.causes.closed(cause.code, cause.reason);
}
