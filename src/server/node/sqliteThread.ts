/** Starts the thread that owns the message log's file. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SqliteThread } from '../log/sqliteLog';

/** Resolves once the file is open. Rejects with the reason if it cannot be. */
export async function startSqliteThread(path: string): Promise<SqliteThread> {
  const worker = new Worker(new URL('./sqliteWorker.js', import.meta.url), {
    workerData: { path },
  });
  // The first message says that the store is open; an error before it rejects.
  await once(worker, 'message');
  let isAskedToEnd = false;
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (receive) => void worker.on('message', receive),
    onDeath(died) {
      worker.on('error', (error) => died(String(error)));
      worker.on('exit', (code) => {
        if (!isAskedToEnd) died(`the thread of the message log ended with ${code}`);
      });
    },
    async terminate() {
      isAskedToEnd = true;
      await worker.terminate();
    },
  };
}
