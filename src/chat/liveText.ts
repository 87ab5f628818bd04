/**
 * A text that comes in pieces, each with the offset at which it begins: in any order, some twice, some never.
 * Pure. Only what joins on from the beginning is told; what lies beyond a gap is held until that is closed.
 */
import { limits } from '../protocol/limits';

/** Offsets and lengths are in UTF-16 code units. */
export interface LiveText {
  /** From the beginning on, without a gap. */
  readonly text: string;
  /** Pieces beyond the first gap, ascending; no two of them meet. */
  readonly held: readonly TextPiece[];
}

export interface TextPiece {
  readonly at: number;
  readonly text: string;
}

export const emptyLiveText: LiveText = { text: '', held: [] };

/** The longest text that a message may have: a code point takes two units at most. */
const maxLength = 2 * limits.bodyLength;

/**
 * Adds a piece. What is said twice counts as it was said first; what goes beyond the longest message is not
 * taken. The same object is given back if nothing has changed.
 */
export function takePiece(known: LiveText, { at, text }: TextPiece): LiveText {
  const { length } = known.text;
  const end = at + text.length;
  if (end > maxLength || end <= length) return known;
  if (at > length) return text === '' ? known : holdBack(known, { at, text });
  const [{ text: joined }, ...held] = merged([
    { at: 0, text: known.text },
    { at, text },
    ...known.held,
  ]);
  return { text: joined, held };
}

function holdBack(known: LiveText, piece: TextPiece): LiveText {
  const covers = ({ at, text }: TextPiece) =>
    at <= piece.at && at + text.length >= piece.at + piece.text.length;
  if (known.held.some(covers)) return known;
  const [first, ...others] = [...known.held, piece].sort((one, other) => one.at - other.at);
  return { ...known, held: first ? merged([first, ...others]) : [] };
}

type Pieces = [TextPiece, ...TextPiece[]];

/** Joins pieces that meet or overlap. They come in the order of their offsets. */
function merged([first, ...others]: Pieces): Pieces {
  const pieces: Pieces = [first];
  for (const next of others) {
    const last = pieces[pieces.length - 1] ?? first;
    const end = last.at + last.text.length;
    if (next.at > end) pieces.push(next);
    else
      pieces[pieces.length - 1] = { at: last.at, text: last.text + next.text.slice(end - next.at) };
  }
  return pieces;
}
