/** Starts a thread that has a store, out of this build. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../log/threadCalls';

/**
 * Resolves once the thread has said that it is ready: with its first message. Rejects with the reason if
 * it ends instead.
 */
export async function startThread<Request extends { call: string }, Reply>(
  file: URL,
  workerData: unknown,
): Promise<Thread<Request, Reply>> {
  const worker = new Worker(file, { workerData });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const endedEarly = exited.then(() => {
    throw new Error('the thread ended before it was ready');
  });
  await Promise.race([once(worker, 'message'), endedEarly]);
  let isAskedToEnd = false;
  return {
    post(message) {
      isAskedToEnd ||= message.call === 'close';
      worker.postMessage(message);
    },
    onMessage: (receive) => void worker.on('message', receive),
    onDeath(died) {
      let reason = 'the thread ended';
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
