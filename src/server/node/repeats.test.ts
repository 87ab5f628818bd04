import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { createRepeats } from './repeats';

function setUp() {
  const time = createManualTime();
  const told: [string, number][] = [];
  const repeats = createRepeats<string>(time, (what, times) => told.push([what, times]));
  return { time, told, repeats };
}

describe('what happens again and again', () => {
  it('is told at once the first time, then every 10 s with how often it was', () => {
    const { time, told, repeats } = setUp();
    for (let n = 0; n < 1_000; n += 1) repeats.happened('flood');
    expect(told).toEqual([['flood', 1]]);
    time.advance(10_000);
    expect(told).toEqual([
      ['flood', 1],
      ['flood', 999],
    ]);
    repeats.happened('flood');
    expect(told).toHaveLength(2);
    time.advance(10_000);
    expect(told.at(-1)).toEqual(['flood', 1]);
  });

  it('is told at once again after a rest without it', () => {
    const { time, told, repeats } = setUp();
    repeats.happened('once');
    time.advance(10_000);
    expect(time.armed).toBe(0);
    repeats.happened('once');
    expect(told).toHaveLength(2);
  });

  it('keeps nothing else from being told', () => {
    const { told, repeats } = setUp();
    repeats.happened('one');
    repeats.happened('another');
    expect(told.map(([what]) => what)).toEqual(['one', 'another']);
  });

  it('is told at the end, and leaves no timer', () => {
    const { time, told, repeats } = setUp();
    repeats.happened('flood');
    repeats.happened('flood');
    repeats.close();
    expect(told.at(-1)).toEqual(['flood', 1]);
    expect(time.armed).toBe(0);
  });
});
