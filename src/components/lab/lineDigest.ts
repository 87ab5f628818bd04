/**
 * What is known of a line from all that was seen of it so far: how long answers take, and how it went from
 * state to state. It reads each event of the log once, and keeps what the log forgets.
 */
import type { LineLog, StateEvent } from '../../store/labStore';

export interface LineDigest {
  /** Round trips of the latest pings that were answered, in ms, the oldest first. */
  readonly roundTripsMs: readonly number[];
  /** Changes of state, the oldest first. */
  readonly transitions: readonly StateEvent[];
  /** How many pings were answered, and how many changes of state there were, in all. */
  readonly answers: number;
  readonly changes: number;
}

export interface LineDigestReader {
  readonly digest: LineDigest;
  /** Reads what is new. True if there was any. */
  read(log: LineLog): boolean;
}

const keptRoundTrips = 200;
const keptTransitions = 50;

export function createLineDigest(): LineDigestReader {
  const roundTripsMs: number[] = [];
  const transitions: StateEvent[] = [];
  const digest = { roundTripsMs, transitions, answers: 0, changes: 0 };
  let nextNumber = 0;

  const forget = () => {
    roundTripsMs.length = 0;
    transitions.length = 0;
    Object.assign(digest, { answers: 0, changes: 0 });
    nextNumber = 0;
  };

  return {
    digest,
    read(log) {
      // A record that is wound back.
      const isBack = log.nextNumber < nextNumber;
      if (isBack) forget();
      const from = Math.max(nextNumber, log.firstNumber);
      for (let number = from; number < log.nextNumber; number += 1) {
        const event = log.at(number);
        if (event?.kind === 'answer' && event.to === 'ping') {
          push(roundTripsMs, event.rttMs, keptRoundTrips);
          digest.answers += 1;
        } else if (event?.kind === 'state') {
          push(transitions, event, keptTransitions);
          digest.changes += 1;
        }
      }
      const isNew = isBack || log.nextNumber > nextNumber;
      nextNumber = log.nextNumber;
      return isNew;
    },
  };
}

function push<Item>(items: Item[], item: Item, most: number): void {
  items.push(item);
  if (items.length > most) items.shift();
}

/**
 * The value that `percent` of `values` do not exceed, by nearest rank; undefined without values.
 */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}
