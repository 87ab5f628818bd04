/**
 * How long a message is, in two ways: in code points, as the server counts, and in graphemes, which are
 * what people take for characters. An emoji is one of these and may be ten of those.
 */
import { graphemes } from './graphemes';

/** The longest message, in code points, as the server has it. */
export const longestMessage = 10_000;

/** From how many code points on it is told how many are left. */
const toldFrom = 9_500;

export interface MessageLength {
  /** How many more code points there may be, once few are left; each is at most one more character. */
  left: number | undefined;
  /** How many characters have to go before it can be sent. */
  excess: number;
  /** Some of its characters count as several. */
  hasLargeCharacters: boolean;
}

export function measure(text: string): MessageLength {
  // Short in UTF-16 units is short in code points; the other way round it need not be.
  const isShort = text.length < toldFrom;
  const length = isShort ? text.length : codePointsIn(text);
  if (length < toldFrom) return { left: undefined, excess: 0, hasLargeCharacters: false };
  if (length <= longestMessage) {
    const hasLargeCharacters = graphemesIn(text) < length;
    return { left: longestMessage - length, excess: 0, hasLargeCharacters };
  }
  const { count, end, codePoints } = whatFits(text);
  const rest = graphemesIn(text.slice(end));
  return { left: undefined, excess: rest, hasLargeCharacters: count < codePoints };
}

function codePointsIn(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function graphemesIn(text: string): number {
  let count = 0;
  for (const _ of graphemes(text)) count += 1;
  return count;
}

/** The longest beginning of whole characters that may be sent. */
function whatFits(text: string) {
  let count = 0;
  let codePoints = 0;
  let end = 0;
  for (const grapheme of graphemes(text)) {
    const size = codePointsIn(grapheme);
    if (codePoints + size > longestMessage) break;
    codePoints += size;
    count += 1;
    end += grapheme.length;
  }
  return { count, codePoints, end };
}
