import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, type Phrase, phrasesOf, termsOf } from './searchTerms';

/** Whether a text contains a search: by looking, and by terms, which have to agree. */
function finds(search: string, text: string): boolean {
  const byLooking = createMatcher(search)?.(text) ?? false;
  expect({ search, text, found: byTerms(search, text) }).toEqual({
    search,
    text,
    found: byLooking,
  });
  return byLooking;
}

function byTerms(search: string, text: string): boolean {
  const phrases = phrasesOf(search);
  const terms = termsOf(text);
  return phrases.length > 0 && phrases.every((phrase) => isIn(terms, phrase));
}

function isIn(terms: readonly string[], { terms: sought, isOpen }: Phrase): boolean {
  return terms.some((_, start) =>
    sought.every((term, index) => {
      const there = terms[start + index];
      return index === sought.length - 1 && isOpen ? there?.startsWith(term) : there === term;
    }),
  );
}

describe('a search', () => {
  it.each([
    ['hello', 'Oh, HELLO there'],
    ['hel', 'hello'],
    ['there hello', 'hello there'],
    ['cafe', 'at the Café'],
    ['CAFÉ', 'cafe'],
    ['strasse', 'Straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['ёлка', 'елка'],
    ['hello', 'ｈｅｌｌｏ'],
    ['file', 'ﬁle'],
    ['foo-bar', 'a foo, bar'],
    ['3.14', 'pi is 3.1415'],
    ['c++', 'written in C++, mostly'],
    ['#topic', 'about #topic'],
    ['invisible', 'in\u200bvis\u00adible'],
  ])('%j finds the words of %j', (search, text) => {
    expect(finds(search, text)).toBe(true);
  });

  it.each([
    ['天气', '今天天气很好'],
    ['天', '今天'],
    ['气很', '今天天气很好'],
    ['好', '今天天气很好'],
    ['今天 很好', '今天天气很好'],
    ['用React', '我们用react写'],
    ['React写', '我们用React写'],
    ['パン', '美味しいﾊﾟﾝ'],
    ['ラーメン', 'ラーメン屋'],
    ['세요', '안녕하세요'],
    ['ภาษา', 'พูดภาษาไทย'],
    ['今天，天气', '今天 天气好'],
  ])('%j finds a part of %j', (search, text) => {
    expect(finds(search, text)).toBe(true);
  });

  it.each([
    ['👍', 'yes 👍🏽!'],
    ['👍🏽', 'yes👍🏽'],
    ['❤', 'I ❤️ it'],
    ['👩', 'the 👨‍👩‍👧 came'],
    ['👨‍👩‍👧', 'the 👨‍👩‍👧 came'],
    ['🇨🇳', 'from 🇨🇳'],
    ['好👍', '很好👍'],
  ])('%j finds an emoji in %j', (search, text) => {
    expect(finds(search, text)).toBe(true);
  });

  it.each([
    ['ello', 'hello'],
    ['hello world', 'hello'],
    ['foo-bar', 'bar foo'],
    ['foo-bar', 'food bar'],
    ['天天', '今天，天气'],
    ['天气', '天，气'],
    ['天氣', '天气'],
    ['か', 'が'],
    ['👍🏽', '👍'],
    ['c#', 'c'],
    ['用React', '用了React'],
  ])('%j is not in %j', (search, text) => {
    expect(finds(search, text)).toBe(false);
  });

  it.each(['', '   ', '...', '\u200b', '!?', '\u0301'.repeat(50)])(
    'of %j looks for nothing',
    (search) => {
      expect(createMatcher(search)).toBeUndefined();
      expect(phrasesOf(search)).toEqual([]);
    },
  );

  it('of many words, or of a very long one, looks for what it can', () => {
    const many = Array.from({ length: 50 }, (_, index) => `w${index}`).join(' ');
    expect(phrasesOf(many)).toHaveLength(16);
    expect(finds('x'.repeat(200), 'x'.repeat(100))).toBe(true);
    expect(finds('x'.repeat(60), 'x'.repeat(100))).toBe(true);
    expect(termsOf('\u0b3c'.repeat(10_000))).toEqual([]);
    expect(termsOf(`a${'\u0b3c'.repeat(10_000)}`)).toHaveLength(1);
  });
});

describe('the terms of a text', () => {
  // Few letters, so that what is searched for is often there.
  const letter = fc.constantFrom(
    ...'abAB é ß 1_-.,  天气今好がか가나ไท👍🏽❤️‍🇨🇳+#\u0301\u3099\u{20000}\ufe0f\ufffd',
  );
  const text = fc.oneof(
    fc.string({ unit: letter, maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );

  it('are found by a search exactly if looking through the text finds it', () => {
    fc.assert(
      fc.property(fc.string({ unit: letter, minLength: 1, maxLength: 6 }), text, (search, body) => {
        finds(search, body);
      }),
      { numRuns: 3_000 },
    );
  });

  it('are found by every part of the text that begins where a word does', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (body, from, length) => {
        const words = body.split(/\s+/u).filter((word) => createMatcher(word));
        const word = words[from % Math.max(1, words.length)];
        if (word === undefined) return;
        expect(finds(word, body)).toBe(true);
        // What NFKC makes of half a cluster is another text: only plain words are cut.
        if (/^[a-z0-9]+$/.test(word))
          expect(finds(word.slice(0, 1 + (length % word.length)), body)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('have no blank, quote or underscore, and no upper case of ASCII: an index may put them into a text', () => {
    fc.assert(
      fc.property(text, (body) => {
        expect(termsOf(body).filter((term) => /[\s"'_A-Z\0]/.test(term))).toEqual([]);
      }),
    );
  });
});
