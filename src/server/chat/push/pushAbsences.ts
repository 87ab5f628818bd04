/**
 * Who is away: without any open connection, at once when they left on purpose, after a grace otherwise.
 * What is said in the grace is for who turns out to be away all the same.
 */
import type { Cancel, Time } from '../../../connection/ports';

export interface Absences {
  /** A connection of the user has opened. */
  came(userId: string): void;
  /**
   * A connection of the user has ended. When it was the last one, the user is away in `graceMs`; what
   * was said since `seenUntil` (ms, by the clock) they may not have seen.
   */
  left(userId: string, seenUntil: number, graceMs: number): void;
  /** Since when the user is away, in ms; undefined while they are not, or may still come back unseen. */
  since(userId: string): number | undefined;
  /** Whether the user has come or gone since the start: who has not is away once the start is over. */
  isKnown(userId: string): boolean;
  /** Leaves no timer. */
  clear(): void;
}

export interface AbsencesOptions {
  time: Time;
  /** How long after the start everybody may still come back unseen, in ms. */
  startGraceMs: number;
  hasConnection(userId: string): boolean;
  /** The grace is over, and the user has not come back: what was said since `seenUntil` was missed. */
  onMissed(userId: string, seenUntil: number): void;
}

interface Absence {
  since: number;
  cancel: Cancel;
}

/** How long it is remembered when a user left, in ms: longer than a message takes to be looked at. */
const rememberedMs = 5_000;

export function createAbsences(options: AbsencesOptions): Absences {
  const { time, startGraceMs, hasConnection, onMissed } = options;
  const startedAt = time.now();
  const absences = new Map<string, Absence>();

  function forget(userId: string) {
    absences.get(userId)?.cancel();
    absences.delete(userId);
  }

  function forgetLater(userId: string, absence: Absence) {
    const startLeftMs = startedAt + startGraceMs - time.now();
    absence.cancel = time.after(Math.max(0, startLeftMs) + rememberedMs, () =>
      absences.delete(userId),
    );
  }

  return {
    came: forget,

    left(userId, seenUntil, graceMs) {
      if (hasConnection(userId)) return;
      forget(userId);
      const absence: Absence = { since: time.now() + graceMs, cancel: () => {} };
      absences.set(userId, absence);
      if (graceMs === 0) return forgetLater(userId, absence);
      absence.cancel = time.after(graceMs, () => {
        // A timer may fire late: until now nobody was told.
        absence.since = time.now();
        forgetLater(userId, absence);
        onMissed(userId, seenUntil);
      });
    },

    since(userId) {
      if (hasConnection(userId)) return undefined;
      const since = absences.get(userId)?.since ?? startedAt + startGraceMs;
      return since <= time.now() ? since : undefined;
    },

    isKnown: (userId) => absences.has(userId) || hasConnection(userId),

    clear() {
      for (const { cancel } of absences.values()) cancel();
      absences.clear();
    },
  };
}
