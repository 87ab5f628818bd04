/** Logs that no event comes to: a live one as it stood at a moment, and a record, up to where it is shown. */
import type { LineEvent, LineLog, Recording } from '../../store/labStore';

/** The log as it is now: the live one goes on without it. */
export function frozenLog(log: LineLog): LineLog {
  const { firstNumber, nextNumber } = log;
  const events: LineEvent[] = [];
  for (let number = firstNumber; number < nextNumber; number += 1) {
    const event = log.at(number);
    if (event) events.push(event);
  }
  return {
    firstNumber,
    nextNumber,
    at: (number) => events[number - firstNumber],
    listen: () => () => {},
  };
}

/** A record that is played: what has happened up to a moment in it is in its log. */
export interface PlayedLog extends LineLog {
  readonly startsAt: number;
  readonly endsAt: number;
  /** Where it is shown, in ms since 1970. */
  readonly playhead: number;
  /** Shows it as it was at this moment, within its bounds. */
  seek(at: number): void;
}

/** The events are numbered anew, as those of a file may have holes. It begins at its end. */
export function createPlayedLog(recording: Pick<Recording, 'events'>): PlayedLog {
  const events = recording.events.map((event, number): LineEvent => ({ ...event, number }));
  const moments = risingMoments(events);
  const startsAt = moments[0] ?? 0;
  const endsAt = moments.at(-1) ?? 0;
  let playhead = endsAt;
  let nextNumber = events.length;
  return {
    firstNumber: 0,
    get nextNumber() {
      return nextNumber;
    },
    startsAt,
    endsAt,
    get playhead() {
      return playhead;
    },
    at: (number) => (number < nextNumber ? events[number] : undefined),
    listen: () => () => {},
    seek(at) {
      playhead = Math.min(endsAt, Math.max(startsAt, at));
      nextNumber = countUpTo(moments, playhead);
    },
  };
}

/** A clock may be set back in the middle of a record; its events still come one after the other. */
function risingMoments(events: readonly LineEvent[]): readonly number[] {
  let latest = Number.NEGATIVE_INFINITY;
  return events.map(({ at }) => {
    latest = Math.max(latest, at);
    return latest;
  });
}

/** How many of the rising `moments` are not after `at`. */
function countUpTo(moments: readonly number[], at: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
