import { describe, expect, it } from 'vitest';
import { nameKeys } from './nameKeys';

const areOne = (one: string, other: string) =>
  nameKeys(one).some((key) => nameKeys(other).includes(key));

describe('two names', () => {
  it.each([
    ['in other capitals', 'Ann', 'aNN'],
    ['with more blanks', 'Ann Lee', 'Ann   Lee'],
    ['with a wide blank', 'Ann Lee', 'Ann\u3000Lee'],
    ['in wide letters', 'Ann', 'Ａｎｎ'],
    ['in letters that mathematicians use', 'Ann', '𝓐𝓷𝓷'],
    ['with a Cyrillic letter', 'Ann', 'Аnn'],
    ['with a Greek letter', 'Ann', 'Αnn'],
    ['in Greek capitals', 'Ann', 'ΑΝΝ'],
    ['with a lunate sigma', 'Carol', '\u03f2arol'],
    ['with a capital one', 'Carol', '\u03f9arol'],
    ['with a halfwidth line for a small L', 'Carol', 'Caro\uffe8'],
    ['with marks put together otherwise', 'Zoë', 'Zoe\u0308'],
    ['with a joiner inside', 'Ann', 'An\u200dn'],
    ['with a variation selector', 'Ann', 'Ann\ufe0f'],
    ['with a small L for a capital i', 'Ian', 'lan'],
    ['with a one for a small L', 'Ali', 'A1i'],
    ['with a zero for a capital o', 'Otto', '0tto'],
    ['in small Cyrillic', 'Собака', 'собака'],
    ['with what looks like a tag', 'Ann', 'Ann ⚫39gc'],
    ['with what looks like a tag, in Cyrillic', 'Ann', 'Аnn ★39gс'],
  ])('are one %s', (_, one, other) => {
    expect(areOne(one, other)).toBe(true);
  });

  it.each([
    ['Ann', 'Anna'],
    ['Ann', 'Anne'],
    ['Ian', 'Lan'],
    ['小明', '小红'],
    ['Zoë', 'Zoo'],
    ['👩‍🚀', '👩‍🎨'],
    ['กา', 'กี'],
    ['Ann Lee', 'AnnLee'],
    ['Ann', 'Ann Dale'],
    ['Jean', 'Jean-Paul'],
    ['约翰', '约翰·史密斯达'],
  ])('are two: %s and %s', (one, other) => {
    expect(areOne(one, other)).toBe(false);
  });
});
