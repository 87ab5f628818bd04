/**
 * When the next flush may begin. What comes after a rest leaves at once; what comes shortly after a flush
 * waits for the next one and travels together with its neighbours. The rest grows with what a flush
 * costs, so that telling everybody takes about a seventh of the time: in a large room a write for each line is
 * nearly all that a message costs, and two in one write cost as much as one. It is never shorter than a
 * frame of a screen, as nobody sees more than one change in that time, and never long enough to be felt.
 */

export interface FlushPace {
  /** How long to wait before the next flush, in ms: 0 is now. */
  delayMs(nowMs: number): number;
  /** A flush ended at `nowMs`, and took `durationMs`. */
  flushed(nowMs: number, durationMs: number): void;
}

export interface FlushPaceOptions {
  /** One frame of a screen at 60 Hz, in ms. */
  minRestMs?: number;
  /** What a message may have to wait at most, in ms. */
  maxRestMs?: number;
  /** How long to rest, as a multiple of what the flush took. */
  restPerWork?: number;
}

export function createFlushPace(options: FlushPaceOptions = {}): FlushPace {
  const { minRestMs = 16, maxRestMs = 60, restPerWork = 6 } = options;
  let restsUntil = Number.NEGATIVE_INFINITY;
  return {
    delayMs: (nowMs) => Math.max(0, restsUntil - nowMs),
    flushed(nowMs, durationMs) {
      const restMs = Math.min(maxRestMs, Math.max(minRestMs, restPerWork * durationMs));
      restsUntil = nowMs + restMs;
    },
  };
}
