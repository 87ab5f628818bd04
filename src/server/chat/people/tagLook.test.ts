import { describe, expect, it } from 'vitest';
import { plainOf, wholeOf } from './nameText';
import { withoutTagLook } from './tagLook';

const base = (name: string) => withoutTagLook(plainOf(wholeOf(name)));

/** What somebody could put where a tag has its dot. */
const dots = [...'·•‧∙⋅・･᛫⸱⸳ꞏ﹒🞄●◦˙⦁ㆍᐧ．٠ꓸ⁕※○∘⚬ː'];

describe('a name that ends like a tag', () => {
  it.each(dots)('counts as the name before it, whatever the dot: %s', (dot) => {
    expect(base(`Ann ${dot}39gc`)).toBe('Ann');
  });

  it.each([
    ['another blank', 'Ann\u2003·39gc'],
    ['wide letters', 'Ann ·３９ｇｃ'],
    ['a Cyrillic letter', 'Ann ●39gс'],
    ['something behind it', 'Ann ●39gc.'],
    ['marks on it', 'Ann ●3\u03079gc'],
    ['capitals', 'Ann ●39GC'],
    ['no blank', 'Ann●39gc'],
    ['blanks on both sides', 'Ann ● 39gc'],
    ['a picture', 'Ann ⚫39gc'],
    ['a dash', 'Ann -39gc'],
    ['a star', 'Ann *39gc'],
    ['two dots', 'Ann ●●39gc'],
  ])('counts as the name before it, with %s', (_, name) => {
    expect(base(name)).toBe('Ann');
  });

  it.each([
    'Ann',
    'Ann Dale',
    'Ann (k3f9)',
    'Jean-Paul',
    'Tom & Dave',
    'Tom #1234',
    'Ann_2024',
    'Conan O’Neil',
    'Saint–Paul',
    'J. Dean',
    '约翰·史密斯达',
    'ジョン・スミスさ',
    'Анна Белова',
    'नीरजकमल',
    '·39gc',
    '1234',
  ])('is none that is called %s', (name) => {
    // But for a bracket at its end, which makes no other name.
    expect(name.startsWith(base(name)) && name.length - base(name).length <= 1).toBe(true);
  });
});
