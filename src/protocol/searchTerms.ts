/**
 * What it means that a message contains what somebody searches for, the same for every index and for a
 * page that looks through what it holds. Texts are compared without case, accents and forms of the same
 * character. Scripts that put blanks between words are searched by the beginnings of words, those that do
 * not (Chinese, Japanese, Korean, Thai and their like) by any part, and an emoji is found in the ones that
 * are made of it. Every word of a search has to be there, wherever; what is written without a blank, as
 * "foo-bar" or "用React", has to stand together.
 */

/** Accents of Latin, Greek and Cyrillic, and what makes a circle or a keycap of a character. */
const accents = /[\u0300-\u036f\u20d0-\u20f0]+/g;
/** Joiners, variation selectors, direction marks: what cannot be seen. */
const invisible = /\p{Default_Ignorable_Code_Point}+/gu;

/** One text, however it is written. Full-width letters and ligatures become plain ones (NFKC). */
function fold(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .normalize('NFD')
    .replace(accents, '')
    .normalize('NFC')
    .replace(invisible, '');
}

/** Characters of scripts without blanks between words. The marks that Kana share belong to no script. */
const unspaced =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\p{Script=Hangul}\\p{Script=Yi}' +
  '\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u3099\\u309a\\u30fc]';
const inWord = '[\\p{L}\\p{N}\\p{M}]';

/** What is searched in, piece by piece; everything else sets them apart. */
const pieces = new RegExp(
  [
    `(?<run>(?:(?=${unspaced})${inWord})+)`,
    `(?<word>(?:(?!${unspaced})[\\p{L}\\p{N}])(?:(?!${unspaced})${inWord})*)`,
    // Two marks are part of names: C++, C#, #topic.
    '(?<symbol>[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\p{Emoji_Modifier}\\p{So}\\p{Sc}+#])',
  ].join('|'),
  'gu',
);

/** Of a longer word, which mostly is none, only the beginning counts, in UTF-16 units. */
const maxWordLength = 64;

/** Of a longer search only so many words count: each costs as much as a search. */
const maxPhrases = 16;

interface Piece {
  readonly kind: 'run' | 'word' | 'symbol';
  readonly text: string;
}

function piecesOf(folded: string): Piece[] {
  const found: Piece[] = [];
  for (const { 0: text, groups } of folded.matchAll(pieces)) {
    if (groups?.run !== undefined) found.push({ kind: 'run', text });
    else if (groups?.symbol !== undefined) found.push({ kind: 'symbol', text });
    else found.push({ kind: 'word', text: beginningOf(text) });
  }
  return found;
}

/** Without half a character at its end. */
const beginningOf = (word: string) =>
  word.length <= maxWordLength
    ? word
    : word.slice(0, maxWordLength).replace(/[\ud800-\udbff]$/, '');

/** The words of a search, each as its pieces, each once. */
function wordsOf(search: string): Piece[][] {
  const words = new Map<string, Piece[]>();
  for (const word of fold(search).split(/\s+/u)) {
    const found = piecesOf(word);
    if (found.length > 0) words.set(joined(found), found);
    if (words.size === maxPhrases) break;
  }
  return [...words.values()];
}

/** Pieces set apart by one blank each. */
const joined = (found: readonly Piece[]) => found.map(({ text }) => ` ${text}`).join('');

/**
 * Says of texts whether they contain what is searched for: by looking through each of them. Undefined for
 * a search that has nothing to look for, as one of punctuation only.
 */
export function createMatcher(search: string): ((text: string) => boolean) | undefined {
  const words = wordsOf(search);
  if (words.length === 0) return undefined;
  // In an unspaced script a part may stand anywhere; all else begins where a piece does.
  const parts = words.map((word) => joined(word).slice(word[0]?.kind === 'run' ? 1 : 0));
  return (text) => {
    const looked = joined(piecesOf(fold(text)));
    return parts.every((part) => looked.includes(part));
  };
}

/**
 * The terms by which an index finds a text, in their order. A word and a symbol are one each; in an
 * unspaced script each character is one together with the next, if that follows without a gap.
 */
export function termsOf(text: string): string[] {
  return piecesOf(fold(text)).flatMap((piece) =>
    piece.kind === 'run' ? pairsOf(piece.text) : [piece.text],
  );
}

/** Terms that have to follow each other in a text. Of the last one the beginning is enough if `isOpen`. */
export interface Phrase {
  readonly terms: readonly string[];
  readonly isOpen: boolean;
}

/** What a text's terms must have for `createMatcher` to say yes: all of these, and no more. */
export function phrasesOf(search: string): Phrase[] {
  return wordsOf(search).map((word) => {
    const last = word.at(-1);
    const terms = word.flatMap((piece) => {
      if (piece.kind !== 'run') return [piece.text];
      const pairs = pairsOf(piece.text);
      // The last character may be followed by any other, and stands in the pair before already.
      return piece === last && pairs.length > 1 ? pairs.slice(0, -1) : pairs;
    });
    const isOneCharacter = last?.kind === 'run' && pairsOf(last.text).length === 1;
    return { terms, isOpen: last?.kind === 'word' || isOneCharacter };
  });
}

/** Each character with the next one; the last one alone. */
function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}
