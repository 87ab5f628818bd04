/**
 * The line as a heart trace: a spike for every answer, the newest at the right, higher the sooner it
 * came. Where the line was lost it runs flat.
 */
import type { Beat } from '../store/chatStore';
import styles from './HeartTrace.module.css';

const beatWidth = 20;
const shownBeats = 7;
const height = 28;
const middle = 17;
/** Room at the end for the dot that pulses with the newest beat. */
const tailWidth = 10;
const width = beatWidth * shownBeats + tailWidth;

export interface HeartTraceProps {
  beats: readonly Beat[];
  isAlive: boolean;
}

export function HeartTrace({ beats, isAlive }: HeartTraceProps) {
  const shown = beats.slice(-shownBeats);
  const latest = shown.at(-1);
  return (
    <svg
      className={styles.trace}
      data-alive={isAlive}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="xMaxYMid slice"
      aria-hidden="true"
    >
      <path d={tracePath(shown, isAlive)} />
      {isAlive && latest && (
        // A new element for each beat, so that its pulse starts anew.
        <circle key={latest.at} className={styles.pulse} cx={width - 4} cy={middle} r="3" />
      )}
    </svg>
  );
}

/** The trace as an SVG path: flat before the first beat, and flat at the end once the line is lost. */
export function tracePath(beats: readonly Beat[], isAlive: boolean): string {
  const lostBeats = isAlive ? 0 : 2;
  const slots = beats.slice(-(shownBeats - lostBeats));
  const start = beatWidth * (shownBeats - lostBeats - slots.length);
  const parts = slots.map((beat) =>
    beat.kind === 'beat' ? spike(beat.rttMs ?? 0) : flat(beatWidth),
  );
  return [`M0 ${middle}`, flat(start), ...parts, flat(beatWidth * lostBeats + tailWidth)].join(' ');
}

/** One beat, as a heart draws it; from full height at 0 ms down to a third at a second and more. */
function spike(rttMs: number): string {
  const strength = 1 - (2 / 3) * Math.min(1, rttMs / 1_000);
  const up = (13 * strength).toFixed(1);
  const whole = (20 * strength).toFixed(1);
  const down = (7 * strength).toFixed(1);
  return `h5 l2 -2 l2 2 h2 l2 -${up} l3 ${whole} l2 -${down} h2`;
}

function flat(width: number): string {
  return `h${width}`;
}
