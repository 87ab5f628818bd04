/** How a line to a chat server beats until the server's hello says otherwise. */
import type { HeartbeatPolicy } from '../connection/contract';
import { encode } from '../protocol/codec';

export const defaultTiming = { intervalMs: 25_000, timeoutMs: 10_000 };

export const chatHeartbeat: HeartbeatPolicy = {
  ...defaultTiming,
  ping: (n) => encode({ t: 'ping', n }),
  // The session reads the pongs itself: they carry more than a sign of life.
  isPong: () => false,
};
