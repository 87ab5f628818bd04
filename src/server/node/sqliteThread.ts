/** Starts the thread that owns the message log's file. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SqliteThread } from '../log/threadCalls';

/**
 * Resolves once the log at `path` is open; only with `mayMake` is one made there if there is none.
 * Rejects with the reason if it cannot be opened.
 */
export async function startSqliteThread(path: string, mayMake: boolean): Promise<SqliteThread> {
  const worker = new Worker(new URL('./sqliteWorker.js', import.meta.url), {
    workerData: { path, mayMake },
  });
  // The first message says that the store is open; an error before it rejects.
  await once(worker, 'message');
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let isAskedToEnd = false;
  return {
    post(message) {
      isAskedToEnd ||= message.call === 'close';
      worker.postMessage(message);
    },
    onMessage: (receive) => void worker.on('message', receive),
    onDeath(died) {
      let reason = 'the thread of the message log ended';
      worker.on('error', (error) => {
        reason = error.message;
      });
      worker.on('exit', () => {
        if (!isAskedToEnd) died(reason);
      });
    },
    // It is never terminated: a thread that is stopped inside SQLite takes the process with it.
    ended: () => exited,
  };
}
