/**
 * How much of a file may be on its way at a time, after FAST TCP: as much as the line carries, and so little more
 * that a text hardly waits behind it. What a piece takes beyond the least that any took is time in a queue, in which
 * a text would stand as well; the window is what the line holds without a queue, and the queue that is allowed.
 * Pure; it takes its clock from outside.
 */

/** In bytes. */
export const leastWindowBytes = 8 * 1024;
export const largestWindowBytes = 512 * 1024;

/** Of a queue so many bytes are always allowed: what the line holds is never known better than that. */
export const leastQueueBytes = 4 * 1024;

/** What a queue may take at most, in ms; and at least, as clocks are coarse and machines busy. */
const longestQueueMs = 100;
const shortestQueueMs = 2;

/** Beside what a piece takes without a queue, this much of a queue is hardly felt. */
const queueShare = 0.25;

/** Nobody feels one of so many ms either, if it is no longer than the way itself. */
const unfeltQueueMs = 5;

/** For so long, in ms, the least that a piece took is taken to hold: the way may have become a longer one. */
const baseHoldsMs = 30_000;

/** So often, in ms, the line is let run empty: else the queue that stands would be taken for the way itself. */
const emptyEveryMs = 20_000;

/** After that so much of the window goes out at once, which is felt for a moment. */
const resumeShare = 0.75;

/**
 * No more than so many bytes leave in a ms, which is 100 Mbit/s: on a quicker way a file would share no line with texts,
 * but processors and a disk, where a text would wait as well.
 */
export const mostBytesPerMs = 12_500;

/** By so much the window grows at first: by more, the first queue would be a long one. */
const firstGrowth = 1.5;

/** A window shrinks by no more than this at a time: a machine that was busy for a moment looks like a queue. */
const mostBackOff = 0.7;

export interface UploadPace {
  /** In bytes. */
  windowBytes(): number;
  /** How long to wait before the next piece, in ms: 0 is now. */
  waitMs(): number;
  /** A piece of `bytes` has left. */
  left(bytes: number): void;
  /** A piece is there, and took `delayMs` from here to the server's word. */
  arrived(delayMs: number): void;
}

/**
 * What is learnt of one window: from the pieces that were sent under it, until one comes back that was sent after
 * the first of them had.
 */
interface Round {
  readonly begunAt: number;
  /** When the first of its pieces was there. */
  firstAt: number | undefined;
  /** What the quickest of them took: what one waits alone is a busy machine, and no queue. */
  leastMs: number;
}

export function createUploadPace(now: () => number): UploadPace {
  let windowBytes = 2 * leastWindowBytes;
  /** It grows by large steps until a queue shows. */
  let isStarting = true;
  let base = { ms: Number.POSITIVE_INFINITY, since: now() };
  let earlierBaseMs = Number.POSITIVE_INFINITY;
  let round = newRound();
  /** What the quickest piece took under the same window before, if that looked like too long a queue. */
  let doubtedMs: number | undefined;
  let emptiedAt = now();
  /** When what has left would have left at the highest rate. */
  let busyUntil = now();
  /** The window to come back to once the line has run empty. */
  let resumeBytes: number | undefined;

  function newRound(): Round {
    return { begunAt: now(), firstAt: undefined, leastMs: Number.POSITIVE_INFINITY };
  }

  function measure(delayMs: number) {
    const at = now();
    if (at - base.since > baseHoldsMs) {
      earlierBaseMs = base.ms;
      base = { ms: delayMs, since: at };
    }
    base.ms = Math.min(base.ms, delayMs);
  }

  function setWindow(bytes: number) {
    windowBytes = Math.min(largestWindowBytes, Math.max(leastWindowBytes, bytes));
    round = newRound();
  }

  /** The window after one under which the quickest piece took `leastMs`. */
  function learn(leastMs: number) {
    if (resumeBytes !== undefined) {
      // What went out last went into an empty line.
      const bytes = resumeShare * resumeBytes;
      resumeBytes = undefined;
      return setWindow(bytes);
    }
    if (now() - emptiedAt > emptyEveryMs) {
      emptiedAt = now();
      resumeBytes = windowBytes;
      return setWindow(leastWindowBytes);
    }
    const baseMs = Math.min(base.ms, earlierBaseMs);
    const targetMs = targetQueueMs(baseMs);
    if (isStarting && leastMs - baseMs <= targetMs / 2) return setWindow(firstGrowth * windowBytes);
    // A clock of whole ms may say that it took no time at all.
    const share = windowBytes / Math.max(1, Math.min(leastMs, doubtedMs ?? leastMs));
    const next = share * baseMs + Math.max(leastQueueBytes, share * targetMs);
    if (next >= windowBytes) {
      isStarting = false;
      doubtedMs = undefined;
      return setWindow((windowBytes + Math.min(next, 2 * windowBytes)) / 2);
    }
    if (isStarting) {
      // The last step was one too many.
      isStarting = false;
      return setWindow(Math.max(next, windowBytes / firstGrowth));
    }
    if (doubtedMs === undefined) {
      doubtedMs = leastMs;
      round = newRound();
      return;
    }
    doubtedMs = undefined;
    setWindow(Math.max(next, mostBackOff * windowBytes));
  }

  return {
    windowBytes: () => Math.floor(windowBytes),
    waitMs: () => Math.max(0, busyUntil - now()),
    left(bytes) {
      busyUntil = Math.max(busyUntil, now()) + bytes / mostBytesPerMs;
    },

    arrived(delayMs) {
      measure(delayMs);
      const sentAt = now() - delayMs;
      if (sentAt < round.begunAt) return;
      if (round.firstAt !== undefined && sentAt >= round.firstAt) return learn(round.leastMs);
      round.firstAt ??= now();
      round.leastMs = Math.min(round.leastMs, delayMs);
    },
  };
}

/** What a queue may take on a way that takes so long, in ms. */
function targetQueueMs(baseMs: number): number {
  const unfeltMs = Math.min(unfeltQueueMs, baseMs);
  return Math.min(longestQueueMs, Math.max(shortestQueueMs, unfeltMs, queueShare * baseMs));
}
