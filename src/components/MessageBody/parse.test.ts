import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzing } from '../../testing/fuzzing';
import { hostileMarkup as hostile } from '../../testing/hostileMarkup';
import type { Inline } from './inline';
import { findLinks } from './links';
import { type Block, parse } from './parse';

const read = (body: string, names: string[] = []) => parse(body, { findLinks, names });

/** A tree in short: `bold(text)`, with text in quotation marks where it stands alone. */
function shape(nodes: readonly (Block | Inline)[]): string {
  return nodes
    .map((node) => {
      if ('children' in node) {
        const inner = shape(node.children);
        return node.kind === 'text' ? inner : `${node.kind}(${inner})`;
      }
      return node.kind === 'text' ? node.text : `${node.kind}(${node.text})`;
    })
    .join('');
}

function textOf(nodes: readonly (Block | Inline)[]): string {
  return nodes.map((node) => ('children' in node ? textOf(node.children) : node.text)).join('');
}

function linksOf(nodes: readonly (Block | Inline)[]): Extract<Inline, { kind: 'link' }>[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'link') return [node];
    return 'children' in node ? linksOf(node.children) : [];
  });
}

function depthOf(nodes: readonly (Block | Inline)[]): number {
  return Math.max(0, ...nodes.map((node) => ('children' in node ? 1 + depthOf(node.children) : 1)));
}

describe('emphasis', () => {
  it.each([
    ['**bold** and *italic* and _italic_', 'bold(bold) and italic(italic) and italic(italic)'],
    ['***both***', 'italic(bold(both))'],
    ['*italic with **bold** in it*', 'italic(italic with bold(bold) in it)'],
    ['**bold with _italic_ in it**', 'bold(bold with italic(italic) in it)'],
    ['这很**重要**，真的', '这很bold(重要)，真的'],
    ['写得_真的_很好', '写得italic(真的)很好'],
    ['**你好。**然后', 'bold(你好。)然后'],
    ['a *crossing **pair* of** them', 'a italic(crossing **pair) of** them'],
    ['**two *one** left', 'bold(two *one) left'],
  ])('is drawn: %s', (body, tree) => {
    expect(shape(read(body))).toBe(tree);
  });

  it.each([
    '2*3*4 and x**2 + y**2',
    'snake_case_name and __init__',
    'a * b * c',
    '* one\n* two',
    '*open\nnot closed here*',
    '¯\\_(ツ)_/¯',
    '>_< ^_^ *_* T_T -_-',
    '**',
    '****',
    '*not closed',
  ])('is not what people write otherwise: %s', (body) => {
    expect(shape(read(body))).toBe(body);
  });
});

describe('code', () => {
  it.each([
    ['run `npm *test*` now', 'run code(npm *test*) now'],
    ['``a ` b``', 'code(a ` b)'],
    ['`https://a.example`', 'code(https://a.example)'],
    ['```js\nlet a = `b`;\n  *c*\n```', 'code(let a = `b`;\n  *c*)'],
    ['before\n```\ncode\n```\nbehind', 'beforecode(code)behind'],
    ['```one();\ntwo();```', 'code(one();\ntwo();)'],
    ['> ```\n> quoted\n> ```', 'quote(code(quoted))'],
  ])('is kept as it was written: %j', (body, tree) => {
    expect(shape(read(body))).toBe(tree);
  });

  it('names its language, if it has one', () => {
    expect(read('```ts\nx\n```')).toEqual([{ kind: 'code', text: 'x', language: 'ts' }]);
  });

  it('that does not end is text', () => {
    expect(shape(read('a ` b'))).toBe('a ` b');
    expect(shape(read('```\nopen'))).toBe('```\nopen');
  });
});

describe('a quote', () => {
  it('takes the lines that begin with > and a space', () => {
    expect(shape(read('> one\n> *two*\n>\n> three\nfour'))).toBe(
      'quote(one\nitalic(two)\n\nthree)four',
    );
    expect(shape(read('>no\n>:('))).toBe('>no\n>:(');
  });

  it('may hold a quote, three levels deep and no deeper', () => {
    expect(shape(read('> > > > deep'))).toBe('quote(quote(quote(> deep)))');
  });
});

describe('a link', () => {
  it.each([
    ['https://a.example/b?c=d#e', 'https://a.example/b?c=d#e'],
    ['www.a.com', 'https://www.a.com/'],
    ['HTTP://A.example', 'http://a.example/'],
    ['WWW.heartline.example/b', 'https://www.heartline.example/b'],
    ['ann@a.com', 'mailto:ann@a.com'],
    ['mailto:ann@a.com', 'mailto:ann@a.com'],
    ['http://localhost:3000/', 'http://localhost:3000/'],
  ])('is known: %s', (body, href) => {
    expect(linksOf(read(body))).toMatchObject([{ text: body, href }]);
  });

  it.each([
    ['请看https://a.example/b，谢谢', 'https://a.example/b'],
    ['网址：www.heartline.example。', 'www.heartline.example'],
    ['写给我：bob@a.com', 'bob@a.com'],
    ['看www.a.com', 'www.a.com'],
    ['(see https://a.example/b)', 'https://a.example/b'],
    ['（https://a.example/b）', 'https://a.example/b'],
    ['**https://a.example/b**', 'https://a.example/b'],
    ['_https://a.example/b_', 'https://a.example/b'],
    ['https://a.example/_b_.', 'https://a.example/_b_'],
    ['https://a.example/b*c*d', 'https://a.example/b*c*d'],
  ])('ends where the sentence goes on: %s', (body, text) => {
    expect(linksOf(read(body)).map((link) => link.text)).toEqual([text]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt://a.example/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://a.example/',
    '//a.example',
    'www.',
    'www.a',
    'www..a.com',
    'xwww.a.com',
    'a.com',
    'https://bank.example@evil.example/',
    'https://user:secret@evil.example/',
    'https://a.example/\u202Egpj.exe',
    'https://a\u200B.example/',
  ])('is not made of: %s', (body) => {
    expect(linksOf(read(body))).toEqual([]);
    expect(textOf(read(body))).toBe(body);
  });

  it('whose letters look like others names who is really there', () => {
    const [link] = linksOf(read('https://аpple.com/'));
    expect(link).toMatchObject({ text: 'https://аpple.com/', host: 'xn--pple-43d.com' });
    expect(linksOf(read('https://a.example/心'))[0]?.host).toBeUndefined();
  });
});

describe('a mention', () => {
  it('is of somebody who is known, the longest name first', () => {
    const names = ['Ann', 'Ann Lee', '小明'];
    expect(shape(read('@Ann Lee and @Ann, ＠小明你好', names))).toBe(
      'mention(@Ann Lee) and mention(@Ann), mention(＠小明)你好',
    );
  });

  it('is not within a word, nor a part of one', () => {
    expect(shape(read('mail@Ann @Anna @nobody', ['Ann']))).toBe('mail@Ann @Anna @nobody');
  });

  it('may stand in bold', () => {
    expect(shape(read('**@Ann**', ['Ann']))).toBe('bold(mention(@Ann))');
  });
});

describe('whatever is written', () => {
  it('is shown whole, without the marks that were understood', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const shown = textOf(read(body, ['Ann']));
        const left = withoutInOrder(body, shown);
        expect(left).toBeDefined();
        // A fence may have named a language; all else that is gone is a mark or a break between blocks.
        expect(left?.replace(/```[\w+#.-]*\s*(?=\n|$)/g, '')).toMatch(/^[*_`>\s]*$/);
      }),
      fuzzing(3_000),
    );
  });

  it('without marks is shown as it is', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[*_`>]/.test(text));
    fc.assert(
      fc.property(plain, (body) => {
        expect(textOf(read(body))).toBe(body);
      }),
    );
  });

  it('links nowhere but to http, https and mailto', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        for (const { href } of linksOf(read(body))) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
      }),
      fuzzing(3_000),
    );
  });

  it('is nested no deeper than can be drawn', () => {
    const nested = Array.from({ length: 1_000 }, (_, i) => (i % 2 ? '*a ' : '_a ')).join('');
    const closed =
      nested + Array.from({ length: 1_000 }, (_, i) => (i % 2 ? ' b_' : ' b*')).join('');
    expect(depthOf(read(closed))).toBeLessThan(12);
    expect(textOf(read(closed)).length).toBeGreaterThan(3_900);
    expect(depthOf(read('> '.repeat(5_000)))).toBeLessThan(6);
  });
});

describe('the time that reading takes', () => {
  /** Of this process alone, in ms, so that a busy machine counts for little. */
  const timeOf = (body: string) => {
    const from = process.cpuUsage();
    read(body, ['Ann']);
    return process.cpuUsage(from).user / 1_000;
  };

  it.each([
    ...[
      '*',
      '_',
      '`',
      '>',
      '> ',
      '[',
      '(',
      '@',
      '*a ',
      '_a ',
      '*`a`',
      'a*',
      '*a*',
      '**a',
      '_*',
      '* _',
    ],
    ...['`a``', '```\n', '```a\n', '> ```\n', '> > > \n', '@Ann', '*_`>[(', 'http://', 'http://a.'],
    ...[
      'www.',
      'mailto:',
      'a@',
      '://',
      'https://a.example/(',
      '\u0301',
      '\u202E',
      '心',
      '👩‍👩‍👧‍👦',
    ],
  ])(
    'grows with the length of the text, not with its square: %j',
    (part) => {
      const body = part.repeat(Math.ceil(5_000 / part.length));
      timeOf(body);
      const once = Math.min(...[1, 2, 3].map(() => timeOf(body)));
      const longer = Math.min(...[1, 2].map(() => timeOf(body.repeat(20))));
      // By the square it would be 400 times as long.
      expect(longer, `${once} ms for the short one`).toBeLessThan(100 * once + 50);
    },
    30_000,
  );
});

/** What `whole` has more than `part`, if `part` stands in it in order; undefined if it does not. */
function withoutInOrder(whole: string, part: string): string | undefined {
  // From the end, so that of several like characters the last is the one that was kept.
  let left = '';
  let at = part.length - 1;
  for (let index = whole.length - 1; index >= 0; index -= 1) {
    if (at >= 0 && whole[index] === part[at]) at -= 1;
    else left = `${whole[index]}${left}`;
  }
  return at < 0 ? left : undefined;
}
