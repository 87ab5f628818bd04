import { describe, expect, it } from 'vitest';
import { idPattern, limits } from '../../../protocol/limits';
import { createIdSeries } from './idSeries';

describe('a series of ids', () => {
  it('has none twice, and each is one that the protocol takes', () => {
    const newId = createIdSeries('aB3_-xYz9012');
    const ids = Array.from({ length: 5_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(idPattern);
      expect(id.length).toBeLessThan(limits.idLength);
    }
  });

  it('shares none with another series', () => {
    expect(createIdSeries('a')()).not.toBe(createIdSeries('b')());
  });
});
