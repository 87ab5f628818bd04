/**
 * How long to wait before the next try. Full jitter: a uniform draw under an exponential ceiling, so
 * that clients who lost their line together do not come back together, at the cap neither.
 *
 * The ceilings grow slowly: what ends within seconds is to be found mended within one more, and most
 * outages end within seconds. With the defaults they are 500, 575, 661, 760, 875, 1006, ..., 5000 ms
 * while somebody looks, and go on to 30,000 ms while the page is hidden.
 */
import type { Random } from './ports';

export interface BackoffPolicy {
  /** The ceiling of the first wait, in ms. */
  baseMs: number;
  /** By how much each ceiling is higher than the one before. */
  factor: number;
  /** No wait is longer while the page can be seen, in ms. */
  capMs: number;
  /** No wait is longer while it is hidden, in ms: nobody waits for it. */
  hiddenCapMs: number;
}

export const defaultBackoff: BackoffPolicy = {
  baseMs: 500,
  factor: 1.15,
  capMs: 5_000,
  hiddenCapMs: 30_000,
};

/** The longest that the wait before try `attempt` (0, 1, 2, ...) may be, in whole ms. */
export function backoffCeilingMs(
  { baseMs, factor, capMs, hiddenCapMs }: BackoffPolicy,
  attempt: number,
  isHidden = false,
): number {
  return Math.round(Math.min(isHidden ? hiddenCapMs : capMs, baseMs * factor ** attempt));
}

/** The wait before try `attempt` (0, 1, 2, ...), in whole ms. */
export function backoffDelayMs(
  policy: BackoffPolicy,
  attempt: number,
  random: Random,
  isHidden = false,
): number {
  return Math.floor(random() * backoffCeilingMs(policy, attempt, isHidden));
}
