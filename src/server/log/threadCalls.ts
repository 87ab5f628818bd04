/**
 * Calls to a thread that has a store: each gets its answer, or a LogUnavailableError with the store's
 * reason, or with that of the thread's death.
 */
import { LogUnavailableError } from './log';
import type { StoreReply, StoreRequest } from './storeMessages';

/** One end of a channel to the other thread; messages arrive in order, as structured clones. */
export interface Channel<Sent, Received> {
  post(message: Sent): void;
  /** Calls `receive` for every message that arrives. */
  onMessage(receive: (message: Received) => void): void;
}

/** The other end, and what happens when it dies. */
export interface Thread<Request, Reply> extends Channel<Request, Reply> {
  /** Calls `died` once if the thread ends before its store was told to close. */
  onDeath(died: (reason: string) => void): void;
  /** Resolves when the thread has ended. It does so by itself once its store is closed. */
  ended(): Promise<void>;
}

/** The thread that has the message log's store. */
export type SqliteThread = Thread<StoreRequest, StoreReply>;

interface Waiting<Result> {
  resolve(result: Result): void;
  reject(error: LogUnavailableError): void;
}

export function createThreadCalls<Call, Result extends { error?: string }>(
  thread: Thread<Call & { n: number }, Result & { n: number }>,
): (call: Call) => Promise<Result> {
  const waiting = new Map<number, Waiting<Result>>();
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
