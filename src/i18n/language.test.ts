import { describe, expect, it } from 'vitest';
import { en } from './en';
import { loadTexts, pickLanguage } from './language';

const wishes = { query: null, stored: undefined, navigator: [] };

describe('the language', () => {
  it.each([
    ['the address before all', { query: 'zh', stored: 'en', navigator: ['en'] }, 'zh-CN'],
    ['then what was chosen before', { stored: 'zh-CN', navigator: ['en-GB'] }, 'zh-CN'],
    ['then the browser’s first that is spoken here', { navigator: ['fr', 'zh-TW', 'en'] }, 'zh-CN'],
    ['and English where none is', { navigator: ['fr'] }, 'en'],
    ['passing over what is no language', { query: 'klingon', stored: 'zh' }, 'zh-CN'],
  ] as const)('is %s', (_, wish, language) => {
    expect(pickLanguage({ ...wishes, ...wish })).toBe(language);
  });
});

/** Texts that list people take their names, and one that joins sentences takes those. */
const takesNames: Record<string, unknown[]> = {
  '.files.listed': [['x', 'y', 'z']],
  '.timeline.seenBy': [['x', 'y', 'z']],
  '.timeline.reactedBy': ['🎉', ['x', 'y', 'z']],
  '.offline.together': ['一句。', '两句。'],
};

/** Every text in a catalogue with its path; functions are called with something to say. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    return [[path, String(value(...(takesNames[path] ?? [2, 'x'])))]];
  }
  return Object.entries(value ?? {}).flatMap(([key, each]) => textsOf(each, `${path}.${key}`));
}

describe('the Chinese texts', () => {
  it('are as many as the English ones, none empty, and none left in English', async () => {
    const english = new Map(textsOf(en));
    const chinese = textsOf(await loadTexts('zh-CN'));
    expect(chinese.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
    for (const [path, text] of chinese) {
      expect(text, path).toMatch(/\p{Script=Han}|[：、，。（]/u);
      expect(text, path).not.toBe(english.get(path));
    }
  });
});

describe('the English texts', () => {
  it('count as English does', () => {
    expect(en.newMessages(1)).toBe('1 new message');
    expect(en.newMessages(2_000)).toBe('2,000 new messages');
  });
});
