import { describe, expect, it } from 'vitest';
import { measure } from './messageLength';

const family = '👩‍👩‍👧‍👦';

describe('the length of a message', () => {
  it('is told when little is left', () => {
    expect(measure('x'.repeat(9_499))).toEqual({
      left: undefined,
      excess: 0,
      isFarTooLong: false,
      hasLargeCharacters: false,
    });
    expect(measure('心'.repeat(9_500)).left).toBe(500);
    expect(measure('x'.repeat(10_000))).toMatchObject({ left: 0, excess: 0 });
  });

  it('is the server’s limit in code points, never in UTF-16 units', () => {
    expect(measure('💓'.repeat(10_000))).toMatchObject({ left: 0, excess: 0 });
    expect(measure('💓'.repeat(10_001))).toMatchObject({ excess: 1, hasLargeCharacters: false });
  });

  it('is exceeded by as many characters as have to go', () => {
    const text = 'x'.repeat(9_990) + family.repeat(3);
    expect(measure(text)).toMatchObject({ excess: 2, hasLargeCharacters: true });
    expect(measure('x'.repeat(9_990) + family)).toMatchObject({ left: 3, excess: 0 });
  });

  it('is counted no further once nobody would shorten it by hand', () => {
    expect(measure('x'.repeat(20_000))).toMatchObject({ excess: 10_000, isFarTooLong: false });
    expect(measure('x'.repeat(20_001))).toMatchObject({ excess: 10_000, isFarTooLong: true });
    expect(measure(family.repeat(12_000))).toMatchObject({ excess: 10_000, isFarTooLong: true });
  });

  it('is taken in no time, however much was pasted', () => {
    const from = performance.now();
    expect(measure('好x'.repeat(10_000_000)).isFarTooLong).toBe(true);
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});
