import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/limits';
import { emptyLiveText, type TextPiece, takePiece } from './liveText';

const piece = (at: number, text: string): TextPiece => ({ at, text });
const taken = (...pieces: TextPiece[]) => pieces.reduce(takePiece, emptyLiveText);

describe('a text that comes in pieces', () => {
  it('grows by what joins on, and by nothing that was said before', () => {
    expect(
      taken(piece(0, 'one '), piece(4, 'two '), piece(4, 'two '), piece(0, 'one two thr')).text,
    ).toBe('one two thr');
  });

  it('shows nothing beyond a gap, and all of it once that is closed', () => {
    const gap = taken(piece(0, 'one '), piece(8, 'three '), piece(14, 'four'));
    expect(gap.text).toBe('one ');
    expect(takePiece(gap, piece(4, 'two ')).text).toBe('one two three four');
  });

  it('is closed by the whole, however many gaps there were', () => {
    const gaps = taken(piece(2, 'c'), piece(4, 'e'), piece(9, 'j'));
    expect(gaps.text).toBe('');
    expect(takePiece(gaps, piece(0, 'abcdefghijk'))).toEqual({ text: 'abcdefghijk', held: [] });
  });

  it('is the same object where a piece says nothing new', () => {
    const known = taken(piece(0, 'abc'), piece(6, 'ghi'));
    for (const old of [
      piece(0, 'ab'),
      piece(3, ''),
      piece(6, 'gh'),
      piece(7, 'hi'),
      piece(20, ''),
    ]) {
      expect(takePiece(known, old)).toBe(known);
    }
  });

  it('takes nothing beyond the longest message, so that what is held has bounds', () => {
    const longest = 2 * limits.bodyLength;
    expect(taken(piece(longest, 'x'))).toBe(emptyLiveText);
    expect(taken(piece(1, 'x'.repeat(longest)))).toBe(emptyLiveText);
    const held = Array.from({ length: 500 }, (_, at) => piece(at + 1, 'x'.repeat(1_000)));
    expect(taken(...held).held).toHaveLength(1);
  });

  it('is a beginning of what was written at any time, and all of it in the end', () => {
    const whole = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const cuts = fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { maxLength: 40 });
    fc.assert(
      fc.property(whole, cuts, (text, ranges) => {
        let known = emptyLiveText;
        const isCovered = new Set<number>();
        for (const [from, length] of ranges) {
          const said = text.slice(from, from + length);
          known = takePiece(known, piece(from, said));
          for (let at = from; at < from + said.length; at += 1) isCovered.add(at);
          let end = 0;
          while (isCovered.has(end)) end += 1;
          expect(known.text).toBe(text.slice(0, end));
          expect(known.held.reduce((sum, each) => sum + each.text.length, end)).toBe(
            isCovered.size,
          );
        }
        expect(takePiece(known, piece(0, text)).text).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
