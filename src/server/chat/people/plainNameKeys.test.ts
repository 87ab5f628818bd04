import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKeys } from './nameKeys';
import { plainNameKeys } from './plainNameKeys';

const charactersOf = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
const ascii = charactersOf(0x20, 0x7e);
const chinese = charactersOf(0x4e00, 0x9fff);

describe('the keys of a plain name', () => {
  it('are what the table of all that looks alike makes of it, for each character', () => {
    const differing = [...ascii, ...chinese].filter((character) => {
      const keys = plainNameKeys(character);
      return keys && JSON.stringify(keys) !== JSON.stringify(nameKeys(character));
    });
    expect(differing).toEqual([]);
  });

  it('are the same for whole names', () => {
    const name = fc.string({ unit: fc.constantFrom(...ascii, ...chinese), minLength: 1 });
    fc.assert(
      fc.property(name, (text) => {
        const keys = plainNameKeys(text);
        if (keys) expect(keys).toEqual(nameKeys(text));
      }),
    );
  });

  it('are there for all of ASCII and for nearly every Chinese character', () => {
    expect(ascii.filter((each) => !plainNameKeys(each))).toEqual([]);
    expect(chinese.filter((each) => !plainNameKeys(each)).length).toBeLessThan(60);
    for (const name of ['Ann', 'Ian 2', '小明', '张伟', 'Ａｎｎ']) {
      expect(plainNameKeys(name)).toEqual(nameKeys(name));
    }
  });

  it('are not there for what only the whole table knows', () => {
    for (const name of ['Zoë', '\u0391nn', '\u0410nn', '\u571f\u58eb', '\u30ab']) {
      expect(plainNameKeys(name)).toBeUndefined();
    }
  });
});
