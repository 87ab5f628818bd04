/**
 * How long to wait before the next try. Full jitter: a uniform draw under an exponential ceiling, so
 * that clients who lost their line together do not come back together, at the cap neither.
 *
 * With the defaults the ceilings are 500, 1000, 2000, 4000, 8000, 15000, 15000, ... ms.
 */
import type { Random } from './ports';

export interface BackoffPolicy {
  /** The ceiling of the first wait, in ms. */
  baseMs: number;
  /** No wait is longer, in ms. */
  capMs: number;
}

export const defaultBackoff: BackoffPolicy = { baseMs: 500, capMs: 15_000 };

/** The longest that the wait before try `attempt` (0, 1, 2, ...) may be, in ms. */
export function backoffCeilingMs(policy: BackoffPolicy, attempt: number): number {
  return Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
}

/** The wait before try `attempt` (0, 1, 2, ...), in whole ms. */
export function backoffDelayMs(policy: BackoffPolicy, attempt: number, random: Random): number {
  return Math.floor(random() * backoffCeilingMs(policy, attempt));
}
