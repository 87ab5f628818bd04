/**
 * The graphemes of a text, which are what people take for characters, in order. Engines take time by the
 * square of a text's length for them, so it is given to them in pieces.
 */
const pieceLength = 256;

const segmenter = new Intl.Segmenter();

export function* graphemes(text: string): Generator<string> {
  let from = 0;
  let length = pieceLength;
  while (from < text.length) {
    const end = wholeUntil(text, from + length);
    const piece = text.slice(from, end);
    const isLast = end >= text.length;
    const segments = [...segmenter.segment(piece)];
    // The last one may go on in the next piece.
    if (!isLast) segments.pop();
    for (const { segment } of segments) {
      yield segment;
      from += segment.length;
    }
    // One that is longer than a piece (marks piled up) is looked at whole.
    length = segments.length === 0 ? length * 2 : pieceLength;
  }
}

/** `end`, or behind the pair of surrogates that it would cut in two. */
function wholeUntil(text: string, end: number): number {
  const isInPair = end > 0 && (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return isInPair ? end + 1 : end;
}
