/**
 * Reads what stands in one line of a message: code, links, mentions, bold and italics. Emphasis is meant
 * for how people write in a chat, so that 2*3*4, snake_case, *_* and a shrug stay what they are.
 */
import { characterAt, characterBefore, isSpaceless, isWord } from './characters';
import { type DelimiterRun, emphasise } from './emphasis';
import type { Inline } from './inline';

/** A link in a text, from `start` up to before `end`. */
export interface FoundLink {
  start: number;
  end: number;
  href: string;
  /** Who is really there, if the text may be taken for somebody else. */
  host: string | undefined;
}

/** Finds the links in a text, in order and apart from each other. */
export type FindLinks = (text: string) => FoundLink[];

const whitespace = /\s/;
/** What may stand before an underscore that opens, and behind one that closes. */
const beforeUnderscore = /^$|[\s([{"'“‘「『《（*]/;
const behindUnderscore = /^$|[\s\p{P}*]/u;
const delimiters = /\*+|_+|[@＠]/g;

export function parseLine(line: string, findLinks: FindLinks, names: readonly string[]): Inline[] {
  const pieces: (Inline | DelimiterRun)[] = [];
  for (const part of splitCode(line)) {
    if (part.isCode) pieces.push({ kind: 'code', text: line.slice(part.start, part.end) });
    else readLinks(line, part, findLinks, names, pieces);
  }
  return emphasise(pieces);
}

interface Part {
  start: number;
  end: number;
  isCode: boolean;
}

/** Code stands between two runs of equally many backticks. */
function splitCode(line: string): Part[] {
  const runs = [...line.matchAll(/`+/g)].map(({ index, 0: { length } }) => ({ index, length }));
  const nextOfLength = new Map<number, number>();
  const partner: (number | undefined)[] = new Array(runs.length);
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const { length } = runs[index] ?? { length: 0 };
    partner[index] = nextOfLength.get(length);
    nextOfLength.set(length, index);
  }
  const parts: Part[] = [];
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const open = runs[index];
    const closing = partner[index];
    const close = closing === undefined ? undefined : runs[closing];
    if (!open || !close || closing === undefined) continue;
    parts.push({ start: from, end: open.index, isCode: false });
    parts.push({ start: open.index + open.length, end: close.index, isCode: true });
    from = close.index + close.length;
    index = closing;
  }
  parts.push({ start: from, end: line.length, isCode: false });
  return parts;
}

function readLinks(
  line: string,
  { start, end }: Part,
  findLinks: FindLinks,
  names: readonly string[],
  pieces: (Inline | DelimiterRun)[],
): void {
  const part = line.slice(start, end);
  let from = start;
  for (const link of findLinks(part)) {
    const linkStart = start + link.start;
    readText(line, from, linkStart, names, pieces);
    pieces.push({
      kind: 'link',
      text: line.slice(linkStart, start + link.end),
      href: link.href,
      host: link.host,
    });
    from = start + link.end;
  }
  readText(line, from, end, names, pieces);
}

function readText(
  line: string,
  start: number,
  end: number,
  names: readonly string[],
  pieces: (Inline | DelimiterRun)[],
): void {
  let from = start;
  const text = (to: number) => {
    if (to > from) pieces.push({ kind: 'text', text: line.slice(from, to) });
  };
  for (const { 0: run, index: offset } of line.slice(start, end).matchAll(delimiters)) {
    const index = start + offset;
    // A name may have such characters in it.
    if (index < from) continue;
    const name = isAt(run) ? nameAt(line, index, end, names) : undefined;
    if (isAt(run) && name === undefined) continue;
    text(index);
    if (name === undefined) {
      pieces.push(delimiterRun(line, index, run));
      from = index + run.length;
    } else {
      from = index + 1 + name.length;
      pieces.push({ kind: 'mention', text: line.slice(index, from) });
    }
  }
  text(end);
}

function isAt(character: string): boolean {
  return character === '@' || character === '＠';
}

function nameAt(line: string, at: number, end: number, names: readonly string[]) {
  if (isWord(characterBefore(line, at))) return undefined;
  return names.find((name) => {
    const to = at + 1 + name.length;
    if (to > end || !line.startsWith(name, at + 1)) return false;
    return !(isWord(characterBefore(line, to)) && isWord(characterAt(line, to)));
  });
}

function delimiterRun(line: string, at: number, run: string): DelimiterRun {
  const before = characterBefore(line, at);
  const behind = characterAt(line, at + run.length);
  const opens = behind !== '' && !whitespace.test(behind);
  const closes = before !== '' && !whitespace.test(before);
  if (run.startsWith('*'))
    return {
      kind: 'run',
      character: '*',
      count: run.length,
      canOpen: run.length <= 3 && opens && !isWord(before),
      canClose: run.length <= 3 && closes && !isWord(behind),
    };
  return {
    kind: 'run',
    character: '_',
    count: run.length,
    canOpen: run.length === 1 && opens && (beforeUnderscore.test(before) || isSpaceless(before)),
    canClose: run.length === 1 && closes && (behindUnderscore.test(behind) || isSpaceless(behind)),
  };
}
