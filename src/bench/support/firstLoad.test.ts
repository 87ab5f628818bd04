import { expect, it } from 'vitest';
import { wordsFor } from '../../build/firstLoadBudget';
import { firstLoadBytesIn } from './firstLoad';

it('reads the first load from what a build says of it', () => {
  const files = [{ fileName: 'index.js', gzipBytes: 98_765 }];
  expect(firstLoadBytesIn(`built\n${wordsFor({ files, gzipBytes: 98_765 }, 100_000)}\n`)).toBe(
    98_765,
  );
});

it('refuses a build that says nothing of it', () => {
  expect(() => firstLoadBytesIn('built in 2 s')).toThrow('built in 2 s');
});
