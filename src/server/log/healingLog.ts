/**
 * A log that comes back by itself: when the one behind it is lost (its thread has died, its file was
 * replaced), it is opened anew, again and again until that succeeds. Meanwhile every call rejects at
 * once, so that nobody waits for what may take long.
 */
import { LogUnavailableError, type MessageLog } from './log';
import { reasonOf } from './reasonOf';

export interface HealingLogOptions {
  /**
   * Opens the log; rejects with the reason if it cannot. `lost` is called, once, when the log that was
   * opened can no longer be used. Only the first time may it make a new log: later there was one, and
   * what was acknowledged is in it.
   */
  open(mayMake: boolean, lost: (reason: string) => void): Promise<MessageLog>;
  /** Calls back in `delayMs` unless cancelled. */
  after(delayMs: number, callback: () => void): () => void;
  /** Told why the log is lost, and each new reason why it cannot be opened. */
  onLost(reason: string): void;
  /** Told that it is there again. */
  onBack(): void;
}

/** Between two tries, in ms: twice as long after each, up to the longest. */
const firstDelayMs = 100;
const longestDelayMs = 2_000;

/** Resolves with the log once it is open for the first time; rejects if it cannot be opened. */
export async function openHealingLog(options: HealingLogOptions): Promise<MessageLog> {
  let current: MessageLog | undefined;
  let reason = '';
  let isClosed = false;
  let cancelTry: (() => void) | undefined;
  let opening: Promise<void> | undefined;
  /** Counts the logs: what is heard of an earlier one is no news. */
  let generation = 0;

  async function open(): Promise<MessageLog> {
    generation += 1;
    const opened = generation;
    return options.open(opened === 1, (why) => {
      if (opened !== generation || isClosed) return;
      current = undefined;
      sayLost(why);
      tryLater(firstDelayMs);
    });
  }

  function sayLost(why: string) {
    if (why === reason) return;
    reason = why;
    options.onLost(why);
  }

  function tryLater(delayMs: number) {
    cancelTry?.();
    cancelTry = options.after(delayMs, () => {
      opening = open().then(
        (log) => {
          current = log;
          reason = '';
          options.onBack();
        },
        (error: unknown) => {
          sayLost(reasonOf(error));
          if (!isClosed) tryLater(Math.min(2 * delayMs, longestDelayMs));
        },
      );
    });
  }

  function call<Result>(use: (log: MessageLog) => Promise<Result>): Promise<Result> {
    return current ? use(current) : Promise.reject(new LogUnavailableError(reason));
  }

  current = await open();
  return {
    append: (draft) => call((log) => log.append(draft)),
    head: (room) => call((log) => log.head(room)),
    textsUpTo: (room, seq) => call((log) => log.textsUpTo(room, seq)),
    after: (room, seq, limit) => call((log) => log.after(room, seq, limit)),
    before: (room, seq, limit) => call((log) => log.before(room, seq, limit)),
    check: () => call((log) => log.check()),
    async close() {
      isClosed = true;
      cancelTry?.();
      await opening;
      const last = current;
      current = undefined;
      reason = 'the log is closed';
      await last?.close();
    },
  };
}
