/**
 * Pairs what opens and closes bold and italics. Every run of delimiters is put on a stack once and taken
 * off once, so that it takes time in proportion to their number; what finds no partner is text.
 */
import type { Inline } from './inline';

/** One to three of the same character, that may begin or end an emphasis. */
export interface DelimiterRun {
  kind: 'run';
  character: '*' | '_';
  count: number;
  canOpen: boolean;
  canClose: boolean;
}

/** Deeper emphasis stays text, as each level becomes an element inside of another. */
const deepest = 6;

interface Opener {
  character: '*' | '_';
  count: number;
  /** Its place in what was read; what stands behind it there may become its content. */
  at: number;
  /** How deep the content is nested; undefined while it has nothing but delimiters. */
  depth: number | undefined;
}

export function emphasise(pieces: readonly (Inline | DelimiterRun)[]): Inline[] {
  const read: Inline[] = [];
  const openers: Opener[] = [];
  /** How many openers there are, by their character and how many of it they have. */
  const open = { '*': [0, 0, 0, 0], _: [0, 0, 0, 0] };

  const count = (opener: Opener, change: 1 | -1) => {
    const counts = open[opener.character];
    counts[opener.count] = (counts[opener.count] ?? 0) + change;
  };

  const put = (node: Inline, depth: number | undefined) => {
    read.push(node);
    deepen(depth);
  };

  const deepen = (depth: number | undefined) => {
    const last = openers.at(-1);
    if (last && depth !== undefined) last.depth = Math.max(last.depth ?? 0, depth);
  };

  /** Takes the last opener for the text that it then is. */
  const giveUp = () => {
    const opener = openers.pop();
    if (!opener) return;
    count(opener, -1);
    read[opener.at] = textOf(opener);
    deepen(opener.depth);
  };

  /** Ends what the run can end, and tells how many of its characters found no partner. */
  const close = (run: DelimiterRun): number => {
    let left = run.count;
    while (open[run.character].some((openers, count) => openers > 0 && used(count, left) > 0)) {
      const opener = openers.at(-1);
      if (!opener) break;
      const taken = opener.character === run.character ? used(opener.count, left) : 0;
      if (taken === 0 || opener.depth === undefined || opener.depth >= deepest) {
        giveUp();
        continue;
      }
      const children = joined(read.splice(opener.at + 1));
      count(opener, -1);
      left -= taken;
      opener.count -= taken;
      opener.depth += 1;
      const { depth } = opener;
      if (opener.count > 0) count(opener, 1);
      else {
        read.pop();
        openers.pop();
      }
      put({ kind: taken === 2 ? 'bold' : 'italic', children }, depth);
    }
    return left;
  };

  for (const piece of pieces) {
    if (piece.kind !== 'run') {
      put(piece, 0);
      continue;
    }
    const { character } = piece;
    const rest = { character, count: piece.canClose ? close(piece) : piece.count };
    if (rest.count === 0) continue;
    if (piece.canOpen) {
      const opener = { ...rest, at: read.length, depth: undefined };
      openers.push(opener);
      count(opener, 1);
    }
    read.push(textOf(rest));
  }
  while (openers.length > 0) giveUp();
  return joined(read);
}

/** How many characters of an opener and a closer are a pair: two are bold, one is italic, three are both. */
function used(opening: number, closing: number): 0 | 1 | 2 {
  if (opening >= 2 && closing >= 2) return 2;
  return opening % 2 === 1 && closing % 2 === 1 ? 1 : 0;
}

function textOf({ character, count }: { character: string; count: number }): Inline {
  return { kind: 'text', text: character.repeat(count) };
}

/** Text that follows text becomes one. */
function joined(nodes: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (last?.kind === 'text' && node.kind === 'text')
      result[result.length - 1] = { kind: 'text', text: last.text + node.text };
    else result.push(node);
  }
  return result;
}
