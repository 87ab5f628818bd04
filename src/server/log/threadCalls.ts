/**
 * Calls to the thread that has the store: each gets its answer, or a LogUnavailableError with the
 * store's reason, or with that of the thread's death.
 */
import { LogUnavailableError } from './log';
import type { StoreCall, StoreReply, StoreRequest, StoreResult } from './storeMessages';

/** One end of a channel to the other thread; messages arrive in order, as structured clones. */
export interface Channel<Sent, Received> {
  post(message: Sent): void;
  /** Calls `receive` for every message that arrives. */
  onMessage(receive: (message: Received) => void): void;
}

/** The other end, and what happens when it dies. */
export interface SqliteThread extends Channel<StoreRequest, StoreReply> {
  /** Calls `died` once if the thread ends before its store was told to close. */
  onDeath(died: (reason: string) => void): void;
  /** Resolves when the thread has ended. It does so by itself once its store is closed. */
  ended(): Promise<void>;
}

interface Waiting {
  resolve(result: StoreResult): void;
  reject(error: LogUnavailableError): void;
}

export function createThreadCalls(thread: SqliteThread): (call: StoreCall) => Promise<StoreResult> {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let death: string | undefined;

  thread.onMessage((reply) => {
    const caller = waiting.get(reply.n);
    waiting.delete(reply.n);
    if (reply.error === undefined) caller?.resolve(reply);
    else caller?.reject(new LogUnavailableError(reply.error));
  });
  thread.onDeath((reason) => {
    death = reason;
    for (const { reject } of waiting.values()) reject(new LogUnavailableError(reason));
    waiting.clear();
  });

  return (call) => {
    if (death !== undefined) return Promise.reject(new LogUnavailableError(death));
    calls += 1;
    const n = calls;
    return new Promise((resolve, reject) => {
      waiting.set(n, { resolve, reject });
      thread.post({ ...call, n });
    });
  };
}
