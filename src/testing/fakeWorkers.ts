/** Timer workers whose clock a test moves. */
import type { TimerWorker } from '../connection/workerTime';
import type { ManualTime } from './manualTime';

export interface FakeTimerWorker extends TimerWorker {
  isAlive: boolean;
}

/** Starts workers on the clock of `time`, and keeps count of them. */
export function createFakeWorkers(time: ManualTime) {
  const workers: FakeTimerWorker[] = [];
  function start(): FakeTimerWorker {
    const cancels = new Map<number, () => void>();
    const worker: FakeTimerWorker = {
      isAlive: true,
      onmessage: null,
      onerror: null,
      postMessage({ id, delayMs }) {
        cancels.get(id)?.();
        if (delayMs === undefined) return;
        const due = () => worker.onmessage?.(new MessageEvent('message', { data: id }));
        cancels.set(id, time.after(delayMs, due));
      },
      terminate() {
        worker.isAlive = false;
        for (const cancel of cancels.values()) cancel();
      },
    };
    workers.push(worker);
    return worker;
  }
  return { workers, start };
}
