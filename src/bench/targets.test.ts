import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { keyOf } from './support/results';
import { benchmarkNames, isAskedOf, type Target, targets } from './targets';

describe('the targets', () => {
  it('name every benchmark that there is, and none besides', async () => {
    const files = await readdir(new URL('.', import.meta.url));
    const benchmarks = files.filter((file) => file.endsWith('.bench.ts'));
    expect(benchmarks.map((file) => file.replace('.bench.ts', '')).sort()).toEqual(
      [...benchmarkNames].sort(),
    );
  });

  it('are each of a figure of its own', () => {
    for (const name of benchmarkNames) {
      const asked: readonly Target[] = targets[name];
      expect(new Set(asked.map(keyOf)).size).toBe(asked.length);
    }
  });

  it('ask lists that hold every row for no more than they can hold', () => {
    expect(isAskedOf('plain', 10_000, 1_000)).toBe(true);
    expect(isAskedOf('plain', 10_000, 5_000)).toBe(false);
    expect(isAskedOf('chatscope', 100_000, 200)).toBe(false);
    expect(isAskedOf('react-virtuoso', 100_000, 5_000)).toBe(true);
  });
});
