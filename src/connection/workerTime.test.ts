import { describe, expect, it, vi } from 'vitest';
import { createFakeWorkers } from '../testing/fakeWorkers';
import { createManualTime } from '../testing/manualTime';
import { createWorkerTime } from './workerTime';

/** Workers whose clock a test moves, and which it can let fail. */
function setUp({ failing = false } = {}) {
  const time = createManualTime();
  const { workers, start } = createFakeWorkers(time);
  const startOrFail = () => {
    if (failing) throw new Error('no workers here');
    return start();
  };
  return { time, workers, workerTime: createWorkerTime(startOrFail, time) };
}
const turnIsOver = () => Promise.resolve();

describe('time from a worker', () => {
  it('calls back when it is due, once', () => {
    const { time, workers, workerTime } = setUp();
    const callback = vi.fn();
    workerTime.after(1_000, callback);
    expect(workers).toHaveLength(1);
    time.advance(999);
    expect(callback).not.toHaveBeenCalled();
    time.advance(60_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('does not call what was cancelled, and a late cancel harms nothing', () => {
    const { time, workerTime } = setUp();
    const [cancelled, fired] = [vi.fn(), vi.fn()];
    workerTime.after(1_000, cancelled)();
    const cancelLate = workerTime.after(1_000, fired);
    time.advance(1_000);
    cancelLate();
    expect(cancelled).not.toHaveBeenCalled();
    expect(fired).toHaveBeenCalledOnce();
  });

  it('keeps one worker while timers come and go, and ends it with the last', async () => {
    const { workers, workerTime } = setUp();
    let cancel = workerTime.after(1_000, () => {});
    for (let round = 0; round < 5; round += 1) {
      cancel();
      cancel = workerTime.after(1_000, () => {});
      await turnIsOver();
    }
    expect(workers).toHaveLength(1);
    expect(workers[0]?.isAlive).toBe(true);
    cancel();
    await turnIsOver();
    expect(workers[0]?.isAlive).toBe(false);
  });

  it('starts a worker anew when a timer is wanted again', async () => {
    const { time, workers, workerTime } = setUp();
    workerTime.after(1, () => {});
    time.advance(1);
    await turnIsOver();
    const callback = vi.fn();
    workerTime.after(1, callback);
    time.advance(1);
    expect(workers).toHaveLength(2);
    expect(callback).toHaveBeenCalledOnce();
  });
});

describe('without a worker', () => {
  it('the page’s own timers are used', () => {
    const { time, workerTime } = setUp({ failing: true });
    const [callback, cancelled] = [vi.fn(), vi.fn()];
    workerTime.after(1_000, callback);
    workerTime.after(1_000, cancelled)();
    time.advance(1_000);
    expect(callback).toHaveBeenCalledOnce();
    expect(cancelled).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it('that fails later, what was armed comes in its time all the same', () => {
    const { time, workers, workerTime } = setUp();
    const callback = vi.fn();
    workerTime.after(1_000, callback);
    time.advance(400);
    // What the event says is not looked at, and Node has no ErrorEvent to say it with.
    Reflect.apply(workers[0]?.onerror ?? (() => {}), undefined, []);
    expect(workers[0]?.isAlive).toBe(false);
    time.advance(599);
    expect(callback).not.toHaveBeenCalled();
    time.advance(1);
    expect(callback).toHaveBeenCalledOnce();
  });
});
