import { describe, expect, it } from 'vitest';
import { excerptOf, maxExcerptBytes } from './excerpt';

const bytesOf = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

describe('the beginning of a message', () => {
  it('is the message itself while that is short', () => {
    expect(excerptOf('hello, 世界 👋🏽')).toBe('hello, 世界 👋🏽');
    expect(excerptOf('x'.repeat(240))).toBe('x'.repeat(240));
  });

  it('has 240 characters as people count them, and says that there is more', () => {
    expect(excerptOf('x'.repeat(241))).toBe(`${'x'.repeat(240)}…`);
    const family = '👩‍👩‍👧';
    const [shown = ''] = excerptOf(family.repeat(500)).split('…');
    expect(shown.length % family.length).toBe(0);
    expect(shown.length).toBeGreaterThan(0);
  });

  it.each([
    ['ten thousand marks on one letter', `e${'\u0301'.repeat(9_999)}`],
    ['control characters, six bytes each in JSON', '\u0001'.repeat(10_000)],
    ['the widest characters', '🂡'.repeat(10_000)],
    ['quotes', '"'.repeat(10_000)],
  ])('fits a push when it is of %s', (_, text) => {
    const excerpt = excerptOf(text);
    expect(bytesOf(excerpt)).toBeLessThanOrEqual(maxExcerptBytes + 5);
    expect(excerpt.length).toBeGreaterThan(1);
    expect(excerpt.isWellFormed()).toBe(true);
  });

  it('does not end in the middle of a surrogate pair where it stopped looking', () => {
    expect(excerptOf(`x${'🂡'.repeat(5_000)}`).isWellFormed()).toBe(true);
  });
});
