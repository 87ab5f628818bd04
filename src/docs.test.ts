/**
 * What the pages of the project say of it is true: every file, heading and command that one names is there, and
 * the README says the same in both languages.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));

/** As paths from the root. */
const files = [...readdirSync(root), ...filesIn('.github'), ...filesIn('src')];
const names = new Set(files.map((file) => posix.basename(file)));
const pages = files.filter((file) => file.endsWith('.md'));

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
    posix.join(folder, path.split(sep).join('/')),
  );
}

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** The text without what is code: what stands in blocks is for a shell or a compiler to judge. */
const proseOf = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

const blocksOf = (text: string) =>
  [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)].map(([, language, code = '']) => ({
    language,
    code,
  }));

/** Where links and pictures lead: addresses elsewhere are left out. */
function linksOf(text: string): string[] {
  const prose = proseOf(text);
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)];
  const inHtml = [...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)];
  return [...inline, ...inHtml]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What each heading is called in an address, as GitHub does it. */
const anchorsOf = (text: string) =>
  [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

const sourceFile = /`((?:[\w@.-]+\/)*[\w@.-]+\.(?:tsx?|css|c|h|md|conf|service|html|yml))`/g;

/** Files of the project that are named as code, such as `src/chat/outbox.ts`. What is built is not among them. */
const namedFiles = (text: string) =>
  [...proseOf(text).matchAll(sourceFile)]
    .map(([, path = '']) => path)
    .filter((path) => !path.startsWith('dist'));

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

describe.each(pages)('%s', (page) => {
  const text = textOf(page);
  const folder = dirname(join(root, page));

  it('leads to files and headings that are there', () => {
    const dead = linksOf(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, page) : resolve(folder, path);
      if (!exists(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names files that are there, seen from its folder, from src or from the root', () => {
    const places = [folder, join(root, 'src'), root];
    const isThere = (path: string) =>
      path.includes('/') ? places.some((place) => exists(join(place, path))) : names.has(path);
    expect(namedFiles(text).filter((path) => !isThere(path))).toEqual([]);
  });

  it('asks for commands that there are', () => {
    const asked = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(asked));
  });
});

describe('the README in two languages', () => {
  const english = { page: 'README.md', text: textOf('README.md') };
  const chinese = {
    page: 'src/i18n/README.zh-CN.md',
    text: textOf('src/i18n/README.zh-CN.md'),
  };

  const levelsOf = ({ text }: typeof english) =>
    [...proseOf(text).matchAll(/^(#+) /gm)].map(([, signs]) => signs);
  /** A remark may be in another language. */
  const codeOf = ({ text }: typeof english) =>
    blocksOf(text).map(({ language, code }) => ({ language, code: code.replace(/ +# .*$/gm, '') }));
  /** From the root, sorted, with neither the link to the other nor what a picture's language is. */
  const targetsOf = ({ page, text }: typeof english) =>
    linksOf(text)
      .map((link) => relative(root, resolve(dirname(join(root, page)), link)))
      .filter((path) => path !== english.page && path !== chinese.page)
      .map((path) => path.replace('heartline-zh-CN-', 'heartline-en-'))
      .map((path) => path.replace('bench.zh-CN.svg', 'bench.svg'))
      .sort();
  /** Each with as many rows. */
  const rowsOf = ({ text }: typeof english) =>
    proseOf(text)
      .split('\n')
      .map((line) => (line.startsWith('|') ? line.split('|').length : 0))
      .join(' ')
      .match(/[1-9]\d*(?: [1-9]\d*)*/g);
  /** Figures of tables, as they stand. */
  const figuresOf = ({ text }: typeof english) =>
    proseOf(text)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .replace(/`[^`]*`/g, '')
          .match(/\d+(?:[.,]\d+)*/g)
          ?.sort(),
      );

  it('leads from each to the other', () => {
    expect(linksOf(english.text)).toContain(chinese.page);
    expect(linksOf(chinese.text)).toContain('../../README.md');
  });

  it.each([
    ['headings', levelsOf],
    ['blocks of code', codeOf],
    ['links', targetsOf],
    ['tables', rowsOf],
    ['lines of tables, with their figures', figuresOf],
  ])('has the same %s', (_, partsOf) => {
    expect(partsOf(english)?.length).toBeGreaterThan(3);
    expect(partsOf(chinese)).toEqual(partsOf(english));
  });
});
