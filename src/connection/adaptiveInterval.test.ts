import { describe, expect, it } from 'vitest';
import { createAdaptiveInterval, type LimitMemory, type NetworkLimit } from './adaptiveInterval';

function setUp({ startMs = 25_000, remembered = undefined as NetworkLimit | undefined } = {}) {
  const clock = { now: 1_000_000 };
  let kept = remembered;
  const memory: LimitMemory = { get: () => kept, set: (limit) => (kept = limit) };
  const interval = createAdaptiveInterval(memory, () => clock.now);
  const currentMs = () => interval.currentMs(startMs);
  /** As many full silences as a step takes. */
  const surviveStep = () => {
    for (let round = 0; round < 3; round += 1) interval.survived(currentMs());
  };
  const grow = (steps: number) => {
    for (let step = 0; step < steps; step += 1) surviveStep();
    return currentMs();
  };
  return { clock, interval, currentMs, grow, kept: () => kept };
}

describe('an adaptive interval', () => {
  it('grows step by step to 4 min 30 s while silences are survived', () => {
    const { currentMs, grow } = setUp();
    const seen = [currentMs(), ...Array.from({ length: 7 }, () => grow(1))];
    expect(seen).toEqual([25_000, 37_500, 56_250, 84_375, 126_562, 189_843, 270_000, 270_000]);
  });

  it('does not grow by silences that were shorter: something else was said in between', () => {
    const { interval, currentMs } = setUp();
    currentMs();
    for (let round = 0; round < 100; round += 1) interval.survived(15_000);
    expect(currentMs()).toBe(25_000);
  });

  it('falls back when a heartbeat dies, and does not grow there again', () => {
    const { interval, currentMs, grow, kept } = setUp();
    grow(3);
    interval.died(84_000);
    expect(currentMs()).toBe(56_250);
    expect(kept()).toEqual({ silenceMs: 84_375, at: 1_000_000 });
    expect(grow(10)).toBe(56_250);
  });

  it('falls back further when it dies there too', () => {
    const { interval, currentMs, grow } = setUp();
    grow(3);
    interval.died(84_000);
    interval.died(56_000);
    expect(currentMs()).toBe(37_500);
    expect(grow(10)).toBe(37_500);
  });

  it('learns nothing from a line that dies at its first step, or right after it spoke', () => {
    const { interval, currentMs, grow, kept } = setUp();
    expect(currentMs()).toBe(25_000);
    interval.died(25_000);
    expect(grow(2)).toBe(56_250);
    interval.died(3_000);
    expect(currentMs()).toBe(56_250);
    expect(kept()).toBeUndefined();
  });

  it('begins again at its start, and grows to the remembered limit only', () => {
    const { grow } = setUp({ remembered: { silenceMs: 84_375, at: 1_000_000 } });
    expect(grow(10)).toBe(56_250);
  });

  it('tries the limit again after a day: it may be another network', () => {
    const { clock, grow } = setUp({ remembered: { silenceMs: 84_375, at: 1_000_000 } });
    grow(10);
    clock.now += 24 * 3_600_000 + 1;
    expect(grow(10)).toBe(270_000);
  });

  it('begins anew from another start, below the limit that it has found', () => {
    const { interval, grow } = setUp();
    grow(3);
    interval.died(84_000);
    expect(interval.currentMs(30_000)).toBe(30_000);
    for (let round = 0; round < 30; round += 1) interval.survived(interval.currentMs(30_000));
    expect(interval.currentMs(30_000)).toBe(67_500);
  });

  it('learns nothing before it was asked for an interval', () => {
    const { interval, currentMs, kept } = setUp();
    for (let round = 0; round < 3; round += 1) interval.survived(25_000);
    interval.died(25_000);
    expect(currentMs()).toBe(25_000);
    expect(kept()).toBeUndefined();
  });

  it('does not grow from a start that is longer than the longest', () => {
    const { grow } = setUp({ startMs: 300_000 });
    expect(grow(3)).toBe(300_000);
  });
});
