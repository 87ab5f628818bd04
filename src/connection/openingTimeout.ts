/**
 * How long a socket may take to open before the try is given up. In a network that swallows
 * everything a try hangs, and would still hang when the network is back: so a try that should have
 * succeeded long ago, by what the last one took, is begun anew. Each that fails gives the next more
 * time, for the network may have become a slow one.
 */
export interface OpeningPolicy {
  /** What opening and handshake together may take at most, in ms. */
  connectTimeoutMs: number;
  /** By how much more time the next try gets. */
  factor: number;
}

/** Opening may take this many times as long as it took last. */
const slack = 10;

/** It may always take this long, in ms. */
const leastMs = 1_000;

/**
 * What try `attempt` (0, 1, 2, ... since the line was last stable) may take to open its socket, in
 * ms. `lastMs` is how long it took when it last succeeded; undefined if it never did.
 */
export function openingTimeoutMs(
  { connectTimeoutMs, factor }: OpeningPolicy,
  attempt: number,
  lastMs: number | undefined,
): number {
  if (lastMs === undefined) return connectTimeoutMs;
  const expectedMs = Math.max(leastMs, slack * lastMs);
  return Math.round(Math.min(connectTimeoutMs, expectedMs * factor ** Math.max(0, attempt - 1)));
}
