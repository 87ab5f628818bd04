import { describe, expect, it, vi } from 'vitest';

/** Formatters are kept, so each reader has the module anew. */
async function readBy(...languages: string[]) {
  vi.resetModules();
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
  return import('./formatTime');
}
const at = new Date(2026, 0, 15, 20, 39).getTime();

describe('a time of day', () => {
  it.each([
    ['en', ['en-US'], '8:39 PM'],
    ['en', ['zh-CN', 'en-GB'], '20:39'],
    ['en', ['fr'], '8:39 PM'],
    ['zh-CN', ['zh-CN'], '20:39'],
    ['zh-CN', ['en-US'], '20:39'],
  ] as const)('in %s, for a reader of %j, is %s', async (language, languages, expected) => {
    const { formatTime } = await readBy(...languages);
    // A narrow no-break space stands before PM.
    expect(formatTime(language, at).replace(/\s/g, ' ')).toBe(expected);
  });
});
