/**
 * How long a message is, in two ways: in code points, as the server counts, and in graphemes, which are
 * what people take for characters. An emoji is one of these and may be ten of those.
 */
import { graphemes } from './graphemes';

/** The longest message, in code points, as the server has it. */
export const longestMessage = 10_000;

/** From how many code points on it is told how many are left. */
const toldFrom = 9_500;

/** So many characters that have to go are counted: to count all of a book takes a second with every key. */
const mostExcess = 10_000;

export interface MessageLength {
  /** How many more code points there may be, once few are left; each is at most one more character. */
  left: number | undefined;
  /** How many characters have to go before it can be sent. */
  excess: number;
  /** More of them have to go than that. */
  isFarTooLong: boolean;
  /** Some of its characters count as several. */
  hasLargeCharacters: boolean;
}

const short = { left: undefined, excess: 0, isFarTooLong: false, hasLargeCharacters: false };

export function measure(text: string): MessageLength {
  // Short in UTF-16 units is short in code points; the other way round it need not be.
  if (text.length < toldFrom) return short;
  const { count, end, codePoints } = whatFits(text);
  if (end < text.length) {
    const excess = countUpTo(mostExcess + 1, graphemes(text.slice(end)));
    const isFarTooLong = excess > mostExcess;
    const hasLargeCharacters = count < codePoints;
    return { ...short, excess: Math.min(excess, mostExcess), isFarTooLong, hasLargeCharacters };
  }
  if (codePoints < toldFrom) return short;
  return { ...short, left: longestMessage - codePoints, hasLargeCharacters: count < codePoints };
}

function countUpTo(most: number, items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) {
    count += 1;
    if (count === most) break;
  }
  return count;
}

/** The longest beginning of whole characters that may be sent. */
function whatFits(text: string) {
  let count = 0;
  let codePoints = 0;
  let end = 0;
  for (const grapheme of graphemes(text)) {
    const size = countUpTo(longestMessage + 1, grapheme);
    if (codePoints + size > longestMessage) break;
    codePoints += size;
    count += 1;
    end += grapheme.length;
  }
  return { count, codePoints, end };
}
