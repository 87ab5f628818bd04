/**
 * What is wrong with the line, why, what comes next and what waits for it, across the page; and what could
 * not be sent, with what can be done about it. It comes after a grace and never flickers. Who listens is
 * told each state once, and never the number that ticks.
 */
import { useState } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { bannerOf } from './bannerOf';
import { FailedMessages } from './FailedMessages';
import { formatExactTime, formatTime, isSameDay } from './formatTime';
import styles from './LineBanner.module.css';
import { lineReason } from './lineReason';
import { needsPerson } from './lineWatch';
import { type LineWord, lineWordOf } from './lineWord';
import { usePageControls } from './pageControls';
import { Question } from './Question';
import { useCountdown } from './useCountdown';
import { useLineWatch } from './useLineWatch';

export interface LineBannerProps {
  /** The head has no buttons for the line: the banner connects again. */
  isPhone: boolean;
}

export function LineBanner({ isPhone }: LineBannerProps) {
  const texts = useTexts();
  const word = useChat((state) => lineWordOf(state.connection));
  const outbox = useChat((state) => state.outbox);
  const watch = useLineWatch(word);
  const banner = bannerOf(watch, word, outbox);
  const { told } = watch;
  return (
    <div data-focus-group>
      {/* What needs a person is an alert below. */}
      <div className="visuallyHidden">
        <p aria-live="polite">{told && !needsPerson(told) && texts.line.states[told]}</p>
      </div>
      {banner && (
        <section className={styles.banner} aria-label={texts.line.notice} data-line={banner.line}>
          {banner.line && <Line word={banner.line} waiting={banner.waiting} isPhone={isPhone} />}
          {banner.failed > 0 && <Failed count={banner.failed} />}
        </section>
      )}
    </div>
  );
}

interface LineProps extends LineBannerProps {
  word: LineWord;
  waiting: number;
}

function Line({ word, waiting, isPhone }: LineProps) {
  const texts = useTexts();
  const hasFailed = useChat((state) => state.connection.attempt > 0);
  const reason = useChat((state) => lineReason(texts, state.connection));
  // Nothing leaves before a person connects again.
  const isHeldBack = word === 'closed' || word === 'idle' || needsPerson(word);
  const isPassing = word !== 'open' && !isHeldBack;
  return (
    <div className={styles.part}>
      <span className={styles.sign} data-line={word} aria-hidden="true" />
      <div className={styles.words}>
        <p role={needsPerson(word) ? 'alert' : undefined}>
          <strong>{texts.line.told[word === 'connecting' && hasFailed ? 'not yet' : word]}</strong>{' '}
          {reason}
        </p>
        <p className={styles.small}>
          <NextTry word={word} />{' '}
          {waiting > 0
            ? (isHeldBack ? texts.line.heldBack : texts.line.waiting)(waiting)
            : isPassing && <span className={styles.roomy}>{texts.line.goOn}</span>}
        </p>
        <AsOf />
      </div>
      <LineButton word={word} isPhone={isPhone} />
    </div>
  );
}

/** Without a word the room as it was would pass for the room as it is. */
function AsOf() {
  const { offline } = useTexts();
  const language = useLanguage();
  const at = useChat((state) => state.asOf);
  if (at === undefined) return null;
  const format = isSameDay(at, Date.now()) ? formatTime : formatExactTime;
  return <p className={styles.small}>{offline.asOf(format(language, at))}</p>;
}

function NextTry({ word }: { word: LineWord }) {
  const { line } = useTexts();
  const { attempt, retryAt } = useChat((state) => state.connection);
  const seconds = useCountdown(retryAt);
  if (!isBetweenTries(word, attempt)) return null;
  // Tries without a network are not counted.
  const nextTry = Math.max(1, attempt);
  return (
    <span role="timer" aria-live="off">
      {seconds === undefined ? line.tryingNow(nextTry) : line.nextTry(seconds, nextTry)}
    </span>
  );
}

function LineButton({ word, isPhone }: Pick<LineProps, 'word' | 'isPhone'>) {
  const { line, reconnect: toReconnect } = useTexts();
  const { reconnect } = useChat((state) => state.actions);
  const attempt = useChat((state) => state.connection.attempt);
  const isSignInAsked = useChat((state) => state.connection.diagnosis === 'sign in');
  const { onReload, onReloadFromNetwork } = usePageControls();
  if (word === 'update needed' || isSignInAsked) {
    // What wants to be signed in to is in the network, and not in what is kept of the page here.
    return (
      <button type="button" onClick={isSignInAsked ? onReloadFromNetwork : onReload}>
        {line.reload}
      </button>
    );
  }
  // Right below the head's button it would be the same one again.
  if (!isPhone || word === 'open' || word === 'checking') return null;
  const isWaiting = isBetweenTries(word, attempt);
  if (word === 'connecting' && !isWaiting) return null;
  return (
    <button type="button" className={styles.primary} onClick={reconnect}>
      {isWaiting ? line.retryNow : toReconnect}
    </button>
  );
}

/** The next try comes by itself. */
function isBetweenTries(word: LineWord, attempt: number): boolean {
  return word === 'reconnecting' || word === 'offline' || (word === 'connecting' && attempt > 0);
}

function Failed({ count }: { count: number }) {
  const { line } = useTexts();
  const { retryAll, removeAll } = useChat((state) => state.actions);
  const [open, setOpen] = useState<'list' | 'question'>();
  const close = () => setOpen(undefined);
  return (
    <div className={styles.part}>
      <span className={styles.sign} data-line="failed" aria-hidden="true" />
      <p role="alert" className={styles.words}>
        <strong>{line.failed(count)}</strong>
      </p>
      <div className={styles.buttons}>
        <button type="button" onClick={() => setOpen('list')}>
          {line.showFailed}
        </button>
        <button type="button" onClick={retryAll}>
          {line.retryAll}
        </button>
        <button type="button" className={styles.danger} onClick={() => setOpen('question')}>
          {line.deleteAll}
        </button>
      </div>
      {open === 'list' && <FailedMessages count={count} onClose={close} />}
      {open === 'question' && (
        <Question
          title={line.deleteAllQuestion(count)}
          text={line.deleteAllHint}
          confirm={line.deleteAll}
          dismiss={line.keep}
          onConfirm={removeAll}
          onClose={close}
        />
      )}
    </div>
  );
}
