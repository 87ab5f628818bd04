/** When clients come back after a restart: spread over a window, each in a part of it that is its own. */

export type Window = readonly [minMs: number, maxMs: number];

/** No earlier than a restart takes, in ms. */
const earliestMs = 500;

/** The window is at least and at most so long, in ms. */
const shortestMs = 2_500;
const longestMs = 60_000;

/** How many may come back in a second. */
const returnsPerSecond = 500;

/** The window, in ms from now, in which so many clients come back. */
export function returnWindowMs(clients: number): Window {
  const neededMs = (clients / returnsPerSecond) * 1_000;
  return [earliestMs, earliestMs + Math.min(longestMs, Math.max(shortestMs, neededMs))];
}

/** The part of the window that belongs to client `index` of `clients`, in whole ms. */
export function partOf([minMs, maxMs]: Window, index: number, clients: number): [number, number] {
  const partMs = (maxMs - minMs) / clients;
  return [Math.round(minMs + index * partMs), Math.round(minMs + (index + 1) * partMs)];
}
