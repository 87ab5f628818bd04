/**
 * When the banner of the line comes and goes. Pure: the time is told with every call, and `changesAt`
 * says when to call again though nothing has happened. A break that heals in its grace is never told; one
 * that was told is told as healed for a moment, and if the line breaks again meanwhile the banner stays.
 */
import type { LineWord } from './lineWord';

/** How long a break may last before anything is said of it, in ms. */
export const graceMs = 2_000;
/** How long a line that is back is told as such, in ms. */
export const recoveredMs = 2_000;

export interface LineWatch {
  /**
   * `calm`: nothing to say. `doubtful`: broken, in its grace. `shown`: broken, and told. `recovered`: back,
   * and told.
   */
  readonly phase: 'calm' | 'doubtful' | 'shown' | 'recovered';
  /** When the phase is over by itself; undefined if it is not. */
  readonly changesAt: number | undefined;
  /** What who listens has been told last: it lags by the grace, so that a short break is silent. */
  readonly told: LineWord | undefined;
}

export const calmWatch: LineWatch = { phase: 'calm', changesAt: undefined, told: undefined };

/**
 * `fine`: nothing is wrong. `at rest`: not open because a person wanted it so, which they know. `passing`:
 * broken, and it mends itself. `final`: broken until a person does something: told without grace.
 */
const kinds: Record<LineWord, 'fine' | 'at rest' | 'passing' | 'final'> = {
  idle: 'at rest',
  connecting: 'passing',
  open: 'fine',
  checking: 'passing',
  reconnecting: 'passing',
  offline: 'passing',
  suspended: 'passing',
  closed: 'at rest',
  'gave up': 'final',
  'signed out': 'final',
  'too many lines': 'final',
  'update needed': 'final',
  refused: 'final',
};

/** Whether only a person can help: this is said at once, and loudly. */
export function needsPerson(word: LineWord): boolean {
  return kinds[word] === 'final';
}

/** The next state of the watch, with the line as it is at `now` (ms, by any clock that goes forward). */
export function watchLine(watch: LineWatch, word: LineWord, now: number): LineWatch {
  const isOver = watch.changesAt !== undefined && now >= watch.changesAt;
  switch (kinds[word]) {
    case 'at rest':
      return calm(word);
    case 'final':
      return shown(word);
    case 'fine':
      if (watch.phase === 'shown') return recovered(word, now);
      return watch.phase === 'recovered' && !isOver ? watch : calm(word);
    case 'passing':
      if (watch.phase === 'shown' || watch.phase === 'recovered') return shown(word);
      if (watch.phase === 'doubtful') return isOver ? shown(word) : watch;
      return { phase: 'doubtful', changesAt: now + graceMs, told: watch.told };
  }
}

function calm(told: LineWord): LineWatch {
  return { phase: 'calm', changesAt: undefined, told };
}

function shown(told: LineWord): LineWatch {
  return { phase: 'shown', changesAt: undefined, told };
}

function recovered(told: LineWord, now: number): LineWatch {
  return { phase: 'recovered', changesAt: now + recoveredMs, told };
}
