import { describe, expect, it } from 'vitest';
import { codePointCount, limits } from '../../protocol/limits';
import { createSeededRandom } from '../../testing/seededRandom';
import { createStormTexts } from './stormTexts';

const next = createStormTexts('Ann', createSeededRandom(1));
const texts = Array.from({ length: 2_000 }, next);

describe('the texts of a storm', () => {
  it('are numbered, and no two alike', () => {
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.every((text, index) => text.startsWith(`Ann #${index + 1}`))).toBe(true);
  });

  it('are none the beginning of another', () => {
    const sorted = texts.toSorted();
    expect(sorted.filter((text, index) => sorted[index + 1]?.startsWith(text))).toEqual([]);
  });

  it('are as long as a message may be, and no longer', () => {
    expect(Math.max(...texts.map(codePointCount))).toBe(limits.bodyLength);
  });

  it('have emoji, Chinese and more than one line among them', () => {
    expect(texts.some((text) => /\p{Extended_Pictographic}/u.test(text))).toBe(true);
    expect(texts.some((text) => /\p{Script=Han}/u.test(text))).toBe(true);
    expect(texts.some((text) => text.includes('\n'))).toBe(true);
  });
});
