import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from './limits';
import { asEmoji, isReaction } from './reaction';

describe('a reaction', () => {
  it.each([
    ['a face', '😀'],
    ['a sign that is text by itself', '❤'],
    ['the same as an emoji', '❤️'],
    ['a hand with a tone of skin', '👍🏽'],
    ['a family', '👨‍👩‍👧‍👦'],
    ['a kiss of two tones', '👩🏻‍❤️‍💋‍👨🏿'],
    ['the flag of a country', '🇨🇳'],
    ['the flag of a region', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a flag that is joined', '🏳️‍⚧️'],
    ['a keycap', '#️⃣'],
    ['one that is younger than this Unicode', '\u{1fadd}'],
  ])('is %s', (_, text) => {
    expect(isReaction(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a digit', '1'],
    ['a Chinese character', '好'],
    ['two emoji', '😀😀'],
    ['two flags', '🇨🇳🇨🇳'],
    ['half a flag', '🇨'],
    ['an emoji and a blank', '😀 '],
    ['an emoji with marks piled on it', `😀${'\u0301'.repeat(9)}`],
    ['an emoji that writes from right to left', '\u202e😀'],
    ['an emoji that is joined to nothing', '😀\u200d'],
    ['a tone of skin alone', '\u{1f3fd}'],
    ['a joiner', '\u200d'],
    ['half a character', '\ud83d'],
    ['a line', '😀\n'],
    ['a chain without an end', `👨${'\u200d👨'.repeat(limits.reactionLength)}`],
  ])('is not %s', (_, text) => {
    expect(isReaction(text)).toBe(false);
  });

  it('is one character as people count, whatever is tried', () => {
    const parts = fc.constantFrom(
      ...[
        '😀',
        '❤',
        '\ufe0f',
        '\u200d',
        '🏽',
        '🇨',
        '🇳',
        '#',
        '\u20e3',
        '🏴',
        '\u{e0067}',
        '\u{e007f}',
      ],
      'a',
      '\u0301',
    );
    const segmenter = new Intl.Segmenter();
    let taken = 0;
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 6 }), (chosen) => {
        const text = chosen.join('');
        if (!isReaction(text)) return;
        taken += 1;
        expect([...segmenter.segment(text)]).toHaveLength(1);
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('the same emoji, sent by different keyboards,', () => {
  it.each([
    ['❤', '❤\uFE0F'],
    ['❤\uFE0F', '❤\uFE0F'],
    ['😀', '😀'],
    ['😀\uFE0F', '😀'],
    ['👍🏽', '👍🏽'],
    ['☝🏽', '☝🏽'],
    ['#\u20E3', '#\uFE0F\u20E3'],
    ['👩🏻\u200d❤\u200d💋\u200d👨🏿', '👩🏻\u200d❤\uFE0F\u200d💋\u200d👨🏿'],
    ['🇨🇳', '🇨🇳'],
  ])('%j is %j', (sent, shown) => {
    expect(asEmoji(sent)).toBe(shown);
    expect(isReaction(asEmoji(sent))).toBe(true);
  });
});
