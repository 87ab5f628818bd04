import { describe, expect, it } from 'vitest';
import { slopePerHour } from './slope';

const minutes = (values: number[]) =>
  values.map((value, minute) => ({ atMs: minute * 60_000, value }));

describe('the slope of samples', () => {
  it('is what they grow by in an hour', () => {
    expect(slopePerHour(minutes([100, 101, 102, 103]))).toBeCloseTo(60);
    expect(slopePerHour(minutes([7, 5, 3]))).toBeCloseTo(-120);
  });

  it('is nothing where they go up and down alike', () => {
    expect(slopePerHour(minutes([5, 9, 9, 5]))).toBeCloseTo(0);
  });

  it('is of all of them, not of the first and the last', () => {
    expect(slopePerHour(minutes([0, 10, 20, 30, 0]))).toBeCloseTo(120);
  });

  it('is none of a single one', () => {
    expect(slopePerHour(minutes([5]))).toBeNaN();
  });
});
