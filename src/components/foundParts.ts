/** Where in a text that what was searched for stands: every word of it, in any case. Pure. */

export interface FoundPart {
  words: string;
  isMatch: boolean;
  /** Where it begins in the text. */
  at: number;
}

/** So much of a text stands before the first match, and so much is shown in all, in UTF-16 units. */
const leadLength = 48;
const excerptLength = 240;

/** The text cut at the words of `wanted`: in order, and whole again when put together. */
export function partsOf(text: string, wanted: string): FoundPart[] {
  const pattern = patternOf(wanted);
  if (!pattern) return [{ words: text, isMatch: false, at: 0 }];
  let at = 0;
  return text
    .split(pattern)
    .map((words, index) => {
      const part = { words, isMatch: index % 2 === 1, at };
      at += words.length;
      return part;
    })
    .filter(({ words }) => words !== '');
}

/** The part of a long text around the first match. */
export function excerptOf(text: string, wanted: string): string {
  const first = patternOf(wanted)?.exec(text)?.index ?? 0;
  if (first < excerptLength / 2) return shortened(text, excerptLength);
  return `…${shortened(text.slice(wholeFrom(text, first - leadLength)), excerptLength)}`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, wholeFrom(text, length))}…`;
}

/** A place that is not in the middle of a surrogate pair. */
function wholeFrom(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}

function patternOf(wanted: string): RegExp | undefined {
  const words = wanted.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  // The longest first, so that a word that begins another leaves it whole.
  const alternatives = words
    .toSorted((one, other) => other.length - one.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`(${alternatives.join('|')})`, 'iu');
}
