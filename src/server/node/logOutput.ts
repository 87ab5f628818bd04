/**
 * Standard error as the log's target. Whoever reads it may be slow, gone, or a disk that is full:
 * then lines are lost, and the chat goes on.
 */
import { pino } from 'pino';
import type { LogTarget } from './serverLog';

/** Lines that wait for a slow reader, in bytes, before further ones are lost. */
const mostWaitingBytes = 1024 * 1024;

/** What the last lines may take to be read when the process ends, in ms. */
const lastLinesTimeoutMs = 500;

export interface LogOutput {
  readonly target: LogTarget;
  /** Resolves when all lines so far are written, or it has taken too long. */
  written(): Promise<void>;
}

/** One for a process: its last lines are written as the process ends, however that comes. */
export function openLogOutput(): LogOutput {
  let giveUpAt = Number.POSITIVE_INFINITY;
  const target = pino.destination({
    dest: 2,
    // Written in the background: a reader that is slow would stop everything else.
    sync: false,
    maxLength: mostWaitingBytes,
    retryEAGAIN: () => Date.now() < giveUpAt,
  });
  // There is nowhere to tell that nothing can be told.
  target.on('error', () => {});
  process.prependListener('exit', () => {
    giveUpAt = Date.now() + lastLinesTimeoutMs;
    try {
      target.flushSync();
    } catch {
      // Nobody reads.
    }
    target.destroy();
  });
  return {
    target,
    written: () =>
      new Promise((resolve) => {
        setTimeout(resolve, lastLinesTimeoutMs).unref();
        target.flush(() => resolve());
      }),
  };
}
