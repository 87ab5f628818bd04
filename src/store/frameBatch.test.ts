import { describe, expect, it, vi } from 'vitest';
import { type NextFrame, nextFrame, oncePerFrame } from './frameBatch';

function setUp() {
  const due: (() => void)[] = [];
  const schedule: NextFrame = (callback) => void due.push(callback);
  const paint = () => {
    for (const callback of due.splice(0)) callback();
  };
  const apply = vi.fn<(value: number) => void>();
  return { apply, paint, update: oncePerFrame(apply, schedule) };
}

describe('a burst of updates', () => {
  it('is applied once before the paint, with the latest', () => {
    const { apply, paint, update } = setUp();
    for (let value = 1; value <= 1_000; value += 1) update(value);
    expect(apply).not.toHaveBeenCalled();
    paint();
    expect(apply).toHaveBeenCalledExactlyOnceWith(1_000);
  });

  it('that goes on is applied in the next frame again', () => {
    const { apply, paint, update } = setUp();
    update(1);
    paint();
    update(2);
    paint();
    paint();
    expect(apply.mock.calls).toEqual([[1], [2]]);
  });
});

describe('the next frame', () => {
  it('comes once, whether the page is painted or hidden', () => {
    vi.useFakeTimers();
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
      frames.push(callback),
    );
    vi.stubGlobal('cancelAnimationFrame', (handle: number) => void frames.splice(handle - 1, 1));
    const painted = vi.fn();
    nextFrame(painted);
    frames[0]?.(0);
    vi.advanceTimersByTime(1_000);
    expect(painted).toHaveBeenCalledOnce();

    frames.length = 0;
    const hidden = vi.fn();
    nextFrame(hidden);
    vi.advanceTimersByTime(1_000);
    expect(hidden).toHaveBeenCalledOnce();
    expect(frames).toHaveLength(0);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});
