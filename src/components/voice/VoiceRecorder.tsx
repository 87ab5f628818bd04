/**
 * Records a voice note in the place of the field: asks for the microphone, shows the time and the level, and
 * ends by attaching the note, sending it, or giving it up. Loaded when it is first used.
 */
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { dateInName } from '../files/fileName';
import { formatDuration } from '../files/formatDuration';
import { Icon } from '../Icon';
import {
  endingOf,
  recordVoice,
  VoiceError,
  type VoiceProblem,
  type VoiceRecording,
} from './recordVoice';
import styles from './VoiceRecorder.module.css';

/** How it ended: by the person, at the longest there may be, or with the microphone. */
export type VoiceEnd = 'stop' | 'send' | 'too long' | 'ended';

export interface VoiceRecorderProps {
  onRecorded(note: File, end: VoiceEnd): void;
  onCancel(): void;
}

const longestMs = 5 * 60_000;
const tickMs = 100;
/** So many levels are shown: the latest seconds. */
const shownLevels = 48;

type State =
  | { status: 'asking' | 'ending' }
  | { status: 'recording'; recording: VoiceRecording; since: number }
  | { status: 'failed'; problem: VoiceProblem };

export function VoiceRecorder({ onRecorded, onCancel }: VoiceRecorderProps) {
  const { files, send } = useTexts();
  const { voice } = files;
  const [attempt, setAttempt] = useState(1);
  const [state, setState] = useState<State>({ status: 'asking' });
  const bar = useRef<HTMLFieldSetElement>(null);

  /** The recording that has ended: what ends it may come twice. */
  const ended = useRef<VoiceRecording>(undefined);

  const finish = (end: VoiceEnd) => {
    if (state.status !== 'recording' || ended.current === state.recording) return;
    ended.current = state.recording;
    setState({ status: 'ending' });
    state.recording.stop().then(
      (blob) => {
        const name = `${voice.name(dateInName(Date.now()))}.${endingOf(blob.type)}`;
        onRecorded(new File([blob], name, { type: blob.type }), end);
      },
      () => setState({ status: 'failed', problem: 'failed' }),
    );
  };
  const onEnded = useEffectEvent(() => finish('ended'));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the reason, not an input.
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    recordVoice({ signal, onEnded: () => onEnded() }).then(
      (recording) => setState({ status: 'recording', recording, since: performance.now() }),
      (error: unknown) => {
        if (signal.aborted) return;
        const problem = error instanceof VoiceError ? error.problem : 'failed';
        setState({ status: 'failed', problem });
      },
    );
    return () => ending.abort();
  }, [attempt]);

  const isRecording = state.status === 'recording';
  // By a key that is pressed without looking nothing is sent, and nothing lost.
  useEffect(() => {
    const name = isRecording ? 'stop' : 'cancel';
    bar.current?.querySelector<HTMLElement>(`[data-part="${name}"]`)?.focus();
  }, [isRecording]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // What was said is not lost by a key.
    if (state.status === 'recording') finish('stop');
    else onCancel();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <fieldset
      ref={bar}
      className={styles.bar}
      data-focus-group=""
      aria-label={voice.recording}
      onKeyDown={onKeyDown}
    >
      <button
        type="button"
        className="iconButton"
        data-part="cancel"
        aria-label={voice.cancel}
        title={voice.cancel}
        onClick={onCancel}
      >
        <Icon name="trash" />
      </button>
      <div className={styles.middle}>
        {state.status === 'failed' && (
          <>
            <p role="alert">{voice.problems[state.problem]}</p>
            <button
              type="button"
              onClick={() => {
                setState({ status: 'asking' });
                setAttempt(attempt + 1);
              }}
            >
              {voice.tryAgain}
            </button>
          </>
        )}
        {state.status === 'asking' && <p role="status">{voice.asking}</p>}
        {isRecording && (
          <Progress
            recording={state.recording}
            since={state.since}
            onLongest={() => finish('too long')}
          />
        )}
      </div>
      <button
        type="button"
        className="iconButton"
        data-part="stop"
        aria-label={voice.stop}
        title={voice.stop}
        disabled={!isRecording}
        onClick={() => finish('stop')}
      >
        <Icon name="stop" />
      </button>
      <button
        type="button"
        className={`primaryButton ${styles.send}`}
        disabled={!isRecording}
        onClick={() => finish('send')}
      >
        {send}
      </button>
    </fieldset>
  );
}

interface ProgressProps {
  recording: VoiceRecording;
  /** By `performance.now()`. */
  since: number;
  onLongest(): void;
}

function Progress({ recording, since, onLongest }: ProgressProps) {
  const { files } = useTexts();
  const [elapsedMs, setElapsedMs] = useState(0);
  const [levels, setLevels] = useState<readonly { tick: number; level: number }[]>([]);

  const tick = useEffectEvent(() => {
    const now = performance.now() - since;
    setElapsedMs(now);
    const next = { tick: Math.round(now), level: recording.level() };
    setLevels((before) => [...before, next].slice(-shownLevels));
    if (now >= longestMs) onLongest();
  });

  useEffect(() => {
    const timer = setInterval(() => tick(), tickMs);
    return () => clearInterval(timer);
  }, []);

  return (
    <>
      <span className={styles.light} aria-hidden="true" />
      <span className="visuallyHidden" role="status">
        {files.voice.recording}
      </span>
      <span className={styles.time} role="timer">
        {formatDuration(elapsedMs / 1_000)}
      </span>
      <span className={styles.levels} aria-hidden="true" data-part="level">
        {levels.map(({ tick, level }) => (
          <span key={tick} style={{ blockSize: `${Math.round(8 + level * 92)}%` }} />
        ))}
      </span>
    </>
  );
}
