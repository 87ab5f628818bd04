/**
 * When everybody comes back after a restart. All at once they would find a server that only just stands,
 * so the window grows with their number, and each gets a slice of it for itself: the returns are spread
 * evenly by design, and not by luck.
 */

/** A time from now, in ms: [earliest, latest]. */
export type WindowMs = readonly [min: number, max: number];

/** A restart takes so long, in ms: who came sooner would find nobody. */
const earliestMs = 500;

/** A few people come back within so long, in ms. */
const leastLatestMs = 3_000;

/** However many they are, nobody is away for longer than this, in ms. */
const mostLatestMs = 60_000;

/** A handshake, a sign-in and a page of each room for each of them: a small machine does this many. */
const returnsPerSecond = 500;

/** The window in which so many connections come back. */
export function returnWindow(connections: number): WindowMs {
  const latestMs = earliestMs + (connections / returnsPerSecond) * 1_000;
  return [earliestMs, Math.round(Math.min(mostLatestMs, Math.max(leastLatestMs, latestMs)))];
}

/** The part of a window that belongs to the one at `index` of `count`, in whole ms. */
export function sliceOf([min, max]: WindowMs, index: number, count: number): WindowMs {
  const at = (slice: number) => Math.round(min + ((max - min) * slice) / count);
  return [at(index), at(index + 1)];
}
