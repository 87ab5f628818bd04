import { describe, expect, it } from 'vitest';
import { positionOf, valueAt } from './Amount';

const scales = [
  { min: 1, max: 270, isLogarithmic: true },
  { min: 0.5, max: 60, isLogarithmic: true },
  { min: 0, max: 30_000, isLogarithmic: true },
  { min: 0, max: 100 },
];

describe('a slider', () => {
  it('has its ends where the numbers end', () => {
    for (const scale of scales) {
      expect(valueAt(0, scale)).toBe(scale.min);
      expect(valueAt(200, scale)).toBe(scale.max);
      expect(positionOf(scale.min, scale)).toBe(0);
      expect(positionOf(scale.max, scale)).toBe(200);
    }
  });

  it('never goes back on its way up, and stays within its ends', () => {
    for (const scale of scales) {
      const values = Array.from({ length: 201 }, (_, position) => valueAt(position, scale));
      expect(values.toSorted((one, other) => one - other)).toEqual(values);
      expect(values.every((value) => value >= scale.min && value <= scale.max)).toBe(true);
    }
  });

  it('has round numbers', () => {
    const [seconds, , ms] = scales;
    if (!seconds || !ms) throw new Error('there are scales');
    expect(valueAt(60, seconds)).toBe(5.4);
    expect(valueAt(150, seconds)).toBe(67);
    expect(valueAt(150, ms)).toBe(5_300);
  });

  it('is where a number that was typed is nearest', () => {
    const scale = { min: 0, max: 100 };
    expect(positionOf(30, scale)).toBe(60);
    expect(positionOf(400, scale)).toBe(200);
  });
});
