/** What is nearly a frame, on its way through the parser of frames. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeClientMessage, decodeServerMessage, encode } from '../protocol/codec';
import { decodePiece } from '../protocol/piece';
import { fuzzing } from './fuzzing';
import { hostileMessage } from './hostileFrames';

it('is read or refused with the reason, and what is read is read alike once more', () => {
  const read = new Set<string>();
  fc.assert(
    fc.property(
      fc.oneof({ weight: 9, arbitrary: hostileMessage }, fc.string(), fc.json()),
      (text) => {
        for (const decode of [decodeClientMessage, decodeServerMessage]) {
          for (const decoded of decode(text)) {
            if ('error' in decoded) {
              expect(decoded.error.message).not.toBe('');
              continue;
            }
            read.add(decoded.frame.t);
            expect(decode(encode(decoded.frame))).toEqual([decoded]);
          }
        }
      },
    ),
    fuzzing(3_000),
  );
  // What is always refused shows nothing.
  expect(read.size).toBeGreaterThan(12);
});

it('is taken for a piece of a file or not, whatever its bytes are', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.nat(70), fc.uint8Array({ maxLength: 100 }))
      .map(([idLength, rest]) => Uint8Array.of(1, idLength, ...rest)),
  );
  fc.assert(
    fc.property(bytes, (message) => {
      const piece = decodePiece(new Uint8Array(message));
      if (piece) expect(piece.bytes.length).toBeLessThan(message.length);
    }),
    fuzzing(1_000),
  );
});
