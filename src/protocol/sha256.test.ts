import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256';

describe('SHA-256', () => {
  it("is the platform's for every text", async () => {
    const ofPlatform = async (text: string) =>
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    const isSame = async (text: string) => expect(sha256(text)).toEqual(await ofPlatform(text));
    // Around the length of its blocks, where padding takes another one.
    for (const length of [0, 55, 56, 63, 64, 65, 119, 120]) await isSame('x'.repeat(length));
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    await fc.assert(fc.asyncProperty(text, async (each) => void (await isSame(each))));
  });
});
