import { expect, it } from 'vitest';
import { formatDuration } from './formatDuration';

it.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [60, '1:00'],
  [750, '12:30'],
  [3_750, '1:02:30'],
])('%f seconds are told as %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});
