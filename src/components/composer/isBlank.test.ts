import { describe, expect, it } from 'vitest';
import { isBlank } from './isBlank';

describe('a text', () => {
  it.each([
    ['nothing', ''],
    ['blanks and line breaks', ' \n\t\u3000'],
    ['a zero width space', '\u200b'],
    ['a word joiner', '\u2060'],
    ['a Hangul filler', '\u3164'],
    ['a Braille blank', '\u2800'],
    ['joiners', '\u200d\u200d'],
    ['a variation selector', '\ufe0f'],
    ['marks of direction', '\u202e\u2066'],
  ])('of %s is blank', (_, text) => {
    expect(isBlank(text)).toBe(true);
  });

  it.each(['.', '一', '👩‍👩‍👧‍👦', '\u200b1\u200b', '\u0301', '\u28ff', '\ue000'])(
    'with something to see is not: %s',
    (text) => {
      expect(isBlank(text)).toBe(false);
    },
  );
});
