/** A steady stream of numbered broadcasts from a server. */
import type { BenchServer } from './benchServer';

/** One every so often, in ms. */
export const everyMs = 100;

/** Broadcast `b k` is due `k` tenths of a second after the start. */
export function broadcastFrom(server: BenchServer, startedAt: number): NodeJS.Timeout {
  let next = 0;
  return setInterval(() => {
    const due = Math.floor((Date.now() - startedAt) / everyMs);
    for (; next <= due; next += 1) server.broadcast(`b ${next}`);
  }, 10);
}
