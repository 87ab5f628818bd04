import { describe, expect, it } from 'vitest';
import { cleanFileName } from '../../chat/fileName';
import { createSeededRandom } from '../../testing/seededRandom';
import { createStormFiles, largestFileBytes } from './stormFiles';

const filesOf = (seed: number, count: number) =>
  Array.from({ length: count }, createStormFiles(createSeededRandom(seed)));

describe('the files of a storm', () => {
  const files = filesOf(1, 60);

  it('are the same for the same seed, and none like another', () => {
    const digests = files.map(({ sha256 }) => sha256);
    expect(filesOf(1, 60).map(({ sha256 }) => sha256)).toEqual(digests);
    expect(new Set([...digests, ...filesOf(2, 60).map(({ sha256 }) => sha256)]).size).toBe(120);
  });

  it('are of a few bytes, of some hundred kB, and a few of as many as there may be', () => {
    const sizes = files.map(({ bytes }) => bytes.length);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(sizes.filter((size) => size <= 1_000).length).toBeGreaterThan(15);
    expect(sizes.filter((size) => size > 100_000).length).toBeGreaterThan(15);
    const large = sizes.filter((size) => size === largestFileBytes).length;
    expect(large).toBeGreaterThan(0);
    expect(large).toBeLessThan(15);
  });

  it('have names that are sent as they are', () => {
    const names = files.map(({ name }) => name);
    expect(names.map(cleanFileName)).toEqual(names);
    expect(new Set(names).size).toBe(files.length);
  });
});
