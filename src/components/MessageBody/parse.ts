/**
 * Reads the small markup of a message into a tree: quotes, code, and what `parseLine` knows of a line.
 * Nothing is ever refused: what is not markup is text, as it was written. Takes time in proportion to the
 * length of the text, whatever it is.
 */
import type { Inline } from './inline';
import { type FindLinks, parseLine } from './parseLine';

export type Block =
  /** Lines with what stands in them; a line break is text. */
  | { kind: 'text'; children: Inline[] }
  | { kind: 'code'; text: string; language: string }
  | { kind: 'quote'; children: Block[] };

export interface ParseOptions {
  findLinks: FindLinks;
  /** The names that a mention may have. */
  names: readonly string[];
}

/** Deeper quotes are text: each level is drawn inside of the one before. */
const deepestQuote = 3;

const quoteMark = /^>(?: |$)/;
const fence = '```';
const languageName = /^[\w+#.-]{0,24}$/;

export function parse(body: string, { findLinks, names }: ParseOptions): Block[] {
  const longestFirst = names
    .filter((name) => name !== '' && (body.includes(`@${name}`) || body.includes(`＠${name}`)))
    .sort((a, b) => b.length - a.length);
  const inline = (line: string) => parseLine(line, findLinks, longestFirst);
  return parseBlocks(body.split('\n'), inline, 0);
}

function parseBlocks(
  lines: readonly string[],
  inline: (line: string) => Inline[],
  depth: number,
): Block[] {
  const blocks: Block[] = [];
  const closings = closingFences(lines);
  let text: Inline[] | undefined;
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    const closing = opensFence(line) ? closings[index + 1] : undefined;
    if (closing !== undefined) {
      blocks.push(codeBlock(lines.slice(index, closing + 1)));
      index = closing + 1;
      text = undefined;
    } else if (depth < deepestQuote && quoteMark.test(line)) {
      const quoted: string[] = [];
      while (index < lines.length && quoteMark.test(lines[index] ?? '')) {
        quoted.push((lines[index] ?? '').replace(quoteMark, ''));
        index += 1;
      }
      blocks.push({ kind: 'quote', children: parseBlocks(quoted, inline, depth + 1) });
      text = undefined;
    } else {
      if (text) text.push({ kind: 'text', text: '\n' });
      else {
        text = [];
        blocks.push({ kind: 'text', children: text });
      }
      for (const node of inline(line)) text.push(node);
      index += 1;
    }
  }
  return blocks;
}

function opensFence(line: string): boolean {
  return line.startsWith(fence) && !line.slice(fence.length).includes('`');
}

/** Ends with three backticks, which are the only ones in the line. */
function closesFence(line: string): boolean {
  const trimmed = line.trimEnd();
  return trimmed.endsWith(fence) && trimmed.indexOf('`') === trimmed.length - fence.length;
}

/** For each line the first one from there on that closes a fence. */
function closingFences(lines: readonly string[]): (number | undefined)[] {
  const closings: (number | undefined)[] = new Array(lines.length);
  let next: number | undefined;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (closesFence(lines[index] ?? '')) next = index;
    closings[index] = next;
  }
  return closings;
}

function codeBlock(lines: readonly string[]): Block {
  const opening = (lines[0] ?? '').slice(fence.length);
  const isLanguage = languageName.test(opening.trimEnd());
  const closing = (lines.at(-1) ?? '').trimEnd().slice(0, -fence.length);
  const content = [
    ...(isLanguage ? [] : [opening]),
    ...lines.slice(1, -1),
    ...(closing === '' ? [] : [closing]),
  ];
  return { kind: 'code', text: content.join('\n'), language: isLanguage ? opening.trimEnd() : '' };
}
