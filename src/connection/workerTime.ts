/**
 * Time that ticks from a worker. Browsers let the timers of a hidden tab fire once a minute or less,
 * too late for a heartbeat; those of a worker keep time. Where there is no worker, the page's own
 * timers do what they can.
 */
import { type Cancel, systemTime, type Time } from './ports';

/** The part of a Worker that is used here. */
export interface TimerWorker {
  postMessage(message: { id: number; delayMs?: number }): void;
  onmessage: ((event: MessageEvent<number>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

interface Timer {
  dueAt: number;
  callback: () => void;
  /** Once the worker has failed. */
  cancelInPage?: Cancel;
}

/** The worker lives while a timer is armed. `start` throws where workers cannot be had. */
export function createWorkerTime(
  start: () => TimerWorker = startTimerWorker,
  fallback: Time = systemTime,
): Time {
  let worker: TimerWorker | undefined;
  let serial = 0;
  const timers = new Map<number, Timer>();
  /** Once a worker has failed, the page's own timers are used. */
  let hasFailed = false;

  function fire(id: number) {
    const timer = timers.get(id);
    timers.delete(id);
    timer?.callback();
    endIfIdle();
  }

  function armInPage(id: number, timer: Timer) {
    const delayMs = Math.max(0, timer.dueAt - fallback.now());
    timer.cancelInPage = fallback.after(delayMs, () => fire(id));
  }

  function fallBack() {
    worker?.terminate();
    worker = undefined;
    hasFailed = true;
    for (const [id, timer] of timers) armInPage(id, timer);
  }

  function startIfNeeded() {
    if (worker || hasFailed) return;
    try {
      worker = start();
      worker.onmessage = ({ data }) => fire(data);
      worker.onerror = fallBack;
    } catch {
      fallBack();
    }
  }

  /** Looked at once the turn is over: who cancels one timer mostly sets the next at once. */
  function endIfIdle() {
    queueMicrotask(() => {
      if (timers.size > 0) return;
      worker?.terminate();
      worker = undefined;
    });
  }

  return {
    now: fallback.now,
    after(delayMs, callback) {
      serial += 1;
      const id = serial;
      const timer: Timer = { dueAt: fallback.now() + delayMs, callback };
      startIfNeeded();
      timers.set(id, timer);
      if (worker) worker.postMessage({ id, delayMs });
      else armInPage(id, timer);
      return () => {
        if (!timers.delete(id)) return;
        timer.cancelInPage?.();
        worker?.postMessage({ id });
        endIfIdle();
      };
    },
  };
}

function startTimerWorker(): TimerWorker {
  return new Worker(new URL('./timerWorker.ts', import.meta.url), { type: 'module' });
}
