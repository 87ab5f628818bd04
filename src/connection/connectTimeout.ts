/**
 * How long a try may take, opening and handshake together. In a network that swallows everything a try
 * hangs, and would still hang when the network is back: so a try that should have succeeded long ago,
 * by what the last one took, is begun anew. But the network may have become a slow one: so every third
 * try is a patient one, each twice as patient as the one before.
 */

/** A try may take this many times as long as the last one that succeeded. */
const slack = 10;

/** It may always take this long, in ms. */
const leastMs = 1_000;

const patientEvery = 3;

/**
 * What try `attempt` (0, 1, 2, ... since the line was last stable) may take, in ms. `lastMs` is how
 * long it took when it last succeeded; undefined if it never did. `mostMs` is never exceeded.
 */
export function connectTimeoutMs(
  attempt: number,
  lastMs: number | undefined,
  mostMs: number,
): number {
  if (lastMs === undefined) return mostMs;
  const expectedMs = Math.max(leastMs, slack * lastMs);
  const isPatient = attempt > 0 && attempt % patientEvery === 0;
  return Math.min(mostMs, isPatient ? expectedMs * 2 ** (attempt / patientEvery) : expectedMs);
}
