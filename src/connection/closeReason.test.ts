import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCloseCode, cutCloseReason } from './closeReason';

describe('a close reason', () => {
  it('stays as it is while it fits', () => {
    expect(cutCloseReason('bye')).toBe('bye');
    expect(cutCloseReason('x'.repeat(123))).toHaveLength(123);
  });

  it('is cut to 123 bytes without splitting a character', () => {
    expect(cutCloseReason('心'.repeat(50))).toBe('心'.repeat(41));
    expect(cutCloseReason(`${'x'.repeat(121)}💓`)).toBe('x'.repeat(121));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const cut = cutCloseReason(text);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(123);
      }),
    );
  });
});

describe('a close code', () => {
  it.each([1000, 3000, 4999])('%i may be sent by a page', (code) => {
    expect(() => checkCloseCode(code)).not.toThrow();
  });

  it.each([0, 999, 1001, 1006, 2999, 5000, Number.NaN])('%s may not', (code) => {
    expect(() => checkCloseCode(code)).toThrow(RangeError);
  });
});
