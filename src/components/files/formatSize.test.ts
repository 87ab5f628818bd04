import { describe, expect, it } from 'vitest';
import { formatPart, formatSize } from './formatSize';

describe('a size', () => {
  it.each([
    [1, '1 byte', '1字节'],
    [999, '999 bytes', '999字节'],
    [1_000, '1 kB', '1 kB'],
    [4_520, '4.5 kB', '4.5 kB'],
    [999_949, '999.9 kB', '999.9 kB'],
    [999_950, '1 MB', '1 MB'],
    [25_000_000, '25 MB', '25 MB'],
    [7_300_000_000, '7.3 GB', '7.3 GB'],
  ])('of %i is written as each language does', (bytes, english, chinese) => {
    expect(formatSize('en', bytes)).toBe(english);
    expect(formatSize('zh-CN', bytes).replace(/\s/g, ' ')).toBe(chinese);
  });
});

describe('a part of a size', () => {
  it('is in the unit of the whole', () => {
    expect(formatPart('en', 3_210_000, 20_000_000)).toBe('3.2');
    expect(formatPart('en', 0, 20_000_000)).toBe('0');
    expect(formatPart('en', 512, 999)).toBe('512');
  });
});
