import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, partsOf } from './foundParts';

const marked = (text: string, wanted: string) =>
  partsOf(text, wanted)
    .map(({ words, isMatch }) => (isMatch ? `[${words}]` : words))
    .join('');

describe('what was searched for', () => {
  it.each([
    ['The kettle is ON', 'on', 'The kettle is [ON]'],
    ['tea and coffee', 'coffee tea', '[tea] and [coffee]'],
    ['teapot, tea', 'tea teapot', '[teapot], [tea]'],
    ['我带一点龙井来', '龙井', '我带一点[龙井]来'],
    ['a+b (c)', '+b (c', 'a[+b] [(c])'],
    ['nothing here', 'else', 'nothing here'],
    ['as it is', '  ', 'as it is'],
  ])('is marked in “%s”', (text, wanted, expected) => {
    expect(marked(text, wanted)).toBe(expected);
  });

  it('is marked in any text without changing it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (text, wanted) => {
          const parts = partsOf(text, wanted);
          expect(parts.map(({ words }) => words).join('')).toBe(text);
          let at = 0;
          for (const part of parts) {
            expect(part.at).toBe(at);
            at += part.words.length;
          }
        },
      ),
    );
  });
});

describe('the excerpt of a long text', () => {
  it('shows what was found, however far behind', () => {
    const text = `${'before '.repeat(200)}needle${' after'.repeat(200)}`;
    const excerpt = excerptOf(text, 'needle');
    expect(excerpt).toMatch(/^….*needle.*…$/);
    expect(excerpt.length).toBeLessThan(250);
  });

  it('begins at the start where that is near, and leaves a short text whole', () => {
    expect(excerptOf('a needle', 'needle')).toBe('a needle');
    expect(excerptOf(`a needle ${'x'.repeat(500)}`, 'needle')).toMatch(/^a needle x+…$/);
  });

  it('cuts no character in two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (length) => {
        const excerpt = excerptOf(`${'😀'.repeat(length)}x${'😀'.repeat(400)}`, 'x');
        expect(excerpt.isWellFormed()).toBe(true);
      }),
    );
  });
});
