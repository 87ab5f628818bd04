import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idPattern, limits } from './limits';
import { decodePiece, encodePiece, maxPieceBytes } from './piece';

const anyBytes = (least: number, most: number) =>
  fc.uint8Array({ minLength: least, maxLength: most }).map((bytes) => new Uint8Array(bytes));

describe('a piece of a file', () => {
  it('comes out as it went in, wherever it lies in memory', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(idPattern).filter((id) => id.length <= limits.idLength),
        fc.maxSafeNat(),
        anyBytes(1, 100),
        fc.nat({ max: 9 }),
        (id, at, bytes, before) => {
          const message = encodePiece({ id, at, bytes });
          const memory = new Uint8Array(before + message.length);
          memory.set(message, before);
          expect(decodePiece(memory.subarray(before))).toEqual({ id, at, bytes });
        },
      ),
    );
  });

  it('as large as one may be fits a frame', () => {
    const id = 'x'.repeat(limits.idLength);
    const bytes = new Uint8Array(maxPieceBytes(id));
    expect(encodePiece({ id, at: 0, bytes })).toHaveLength(limits.frameBytes);
  });

  it.each([
    ['nothing', []],
    ['another kind of message', [2, 1, 97, 0, 0, 0, 0, 0, 0, 0, 0, 5]],
    ['no bytes behind the head', [1, 1, 97, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['no id', [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]],
    ['an id that has to be escaped', [1, 1, 47, 0, 0, 0, 0, 0, 0, 0, 0, 5]],
    ['an id that is longer than the message', [1, 60, 97, 0, 0, 0, 0, 0, 0, 0, 0, 5]],
    ['a place beyond all files', [1, 1, 97, 255, 0, 0, 0, 0, 0, 0, 0, 5]],
  ])('is not seen in %s', (_, bytes) => {
    expect(decodePiece(new Uint8Array(bytes))).toBeUndefined();
  });

  it('is not seen in whatever comes, without an error', () => {
    fc.assert(fc.property(anyBytes(0, 200), (bytes) => void decodePiece(bytes)));
  });
});
