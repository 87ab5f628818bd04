import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileMarkup } from '../../testing/hostileMarkup';
import { findLinks } from './links';
import { plainText } from './plainText';

const plain = (body: string) => plainText(body, findLinks);
const letters = (text: string) => text.match(/[\p{L}\p{M}\p{N}]/gu)?.join('') ?? '';

describe('a message in plain words', () => {
  it.each([
    ['**bold**, *italic* and `code`', 'bold, italic and code'],
    ['这很**重要**，真的', '这很重要，真的'],
    ['> said before\n> and again\nmy answer', 'said before\nand again\nmy answer'],
    ['> > deep\nless so', 'deep\nless so'],
    ['```ts\nlet a = `b`;\n```', 'ts\nlet a = `b`;'],
    ['```let a;```', 'let a;'],
    ['see **https://a.example/_b_**', 'see https://a.example/_b_'],
  ])('has no marks: %j', (body, text) => {
    expect(plain(body)).toBe(text);
  });

  it.each([
    '2*3*4 in snake_case',
    '[docs](https://a.example/x)',
    '**',
    '*open',
    '> ',
    '¯\\_(ツ)_/¯',
  ])('keeps what is no mark in the timeline: %s', (body) => {
    expect(plain(body)).toBe(body);
  });

  it('of which only the beginning is there is without the mark that began its code', () => {
    expect(plain('look\n```ts\nlet a;\nlet b…')).toBe('look\nts\nlet a;\nlet b…');
    expect(plain('look, no code…')).toBe('look, no code…');
    expect(plain('```\nlet a;\n```\nand so on…')).toBe('let a;\nand so on…');
  });

  it('has every letter that was written, in order', () => {
    const cut = fc.constantFrom('', '…');
    fc.assert(
      fc.property(hostileMarkup, cut, (body, end) => {
        expect(letters(plain(body + end))).toBe(letters(body));
      }),
      { numRuns: 3_000 },
    );
  });
});
