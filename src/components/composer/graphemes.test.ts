import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from './graphemes';

describe('the graphemes of a text', () => {
  it('are the same as if the text were looked at whole, wherever a piece ends', () => {
    const parts = fc.constantFrom(
      'x',
      'é',
      'e\u0301',
      '👩‍👩‍👧‍👦',
      '🇨🇳',
      '🇨',
      '\r\n',
      '심',
      '👍🏽',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 700, size: 'max' }), (written) => {
        const text = written.join('');
        const whole = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
        expect([...graphemes(text)]).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('may be longer than a piece', () => {
    const pile = `a${'\u0301'.repeat(5_000)}`;
    expect([...graphemes(`x${pile}y`)]).toEqual(['x', pile, 'y']);
  });
});
