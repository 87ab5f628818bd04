/**
 * What a message says in plain words, for where it is only hinted at: in the list of rooms, in what an
 * answer answers. It is read as the timeline reads it, so that what goes are the marks that it understands.
 * No letter is ever lost.
 */
import type { Inline } from './inline';
import { type Block, parse } from './parse';
import type { FindLinks } from './parseLine';

const fence = '\n```';

/** Without `findLinks` an address is text like any other. */
export function plainText(body: string, findLinks: FindLinks = () => []): string {
  const text = textOfBlocks(parseExcerpt(body, findLinks)).trim();
  // What is made of marks alone still says something.
  return text === '' ? body : text;
}

/** The beginning of a long message has lost the end of its code, and is code all the same. */
function parseExcerpt(body: string, findLinks: FindLinks): Block[] {
  const options = { findLinks, names: [] };
  if (body.endsWith('…')) {
    const ended = parse(body + fence, options);
    if (ended.at(-1)?.kind === 'code') return ended;
  }
  return parse(body, options);
}

function textOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n');
}

function textOfBlock(block: Block): string {
  switch (block.kind) {
    case 'quote':
      return textOfBlocks(block.children);
    case 'text':
      return textOfInlines(block.children);
    case 'code':
      // Who writes on the line of the fence may have meant no language.
      return block.language === '' ? block.text : `${block.language}\n${block.text}`;
  }
}

function textOfInlines(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => ('children' in node ? textOfInlines(node.children) : node.text))
    .join('');
}
