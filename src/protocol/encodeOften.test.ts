import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeServerMessage, encode } from './codec';
import { encodeAck, encodeMessage } from './encodeOften';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const room = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/);
const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const at = fc.nat(Number.MAX_SAFE_INTEGER);
const anyText = fc.string({ unit: 'binary', minLength: 1 });

describe('a frame that is written often', () => {
  it('as an ack is what any encoder would write', () => {
    const ack = fc.record(
      {
        t: fc.constant('ack' as const),
        id,
        room,
        seq,
        mid: id,
        at,
        dup: fc.constant(true as const),
      },
      { requiredKeys: ['t', 'id', 'room', 'seq', 'mid', 'at'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(ack, (frame) => {
        expect(encodeAck(frame)).toBe(encode(frame));
      }),
    );
  });

  it('as a message is what any encoder would write, whatever is in it', () => {
    const from = fc.record(
      { id, name: anyText, tag: id },
      { requiredKeys: ['id', 'name'], noNullPrototype: true },
    );
    const message = fc.record(
      {
        t: fc.constant('msg' as const),
        room,
        epoch: id,
        seq,
        mid: id,
        id,
        from,
        body: anyText,
        at,
        about: fc.record(
          { kind: fc.constantFrom('reply' as const, 'edit' as const, 'react' as const), seq },
          { noNullPrototype: true },
        ),
        file: fc.record(
          {
            sha256: fc.constant('0f'.repeat(32)),
            name: fc.constantFrom('a.png', '报告 "2".pdf'),
            type: fc.constant('image/png'),
            size: fc.integer({ min: 1 }),
            width: fc.integer({ min: 1, max: 99 }),
          },
          { requiredKeys: ['sha256', 'name', 'type', 'size'], noNullPrototype: true },
        ),
        cut: fc.constant(true as const),
        edited: at,
        deleted: at,
      },
      {
        requiredKeys: ['t', 'room', 'epoch', 'seq', 'mid', 'id', 'from', 'body', 'at'],
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(message, (frame) => {
        expect(encodeMessage(frame)).toBe(encode(frame));
        // A second time, when the author is known.
        expect(encodeMessage(frame)).toBe(encode(frame));
      }),
    );
  });

  it('can be read again', () => {
    const ack = { t: 'ack', id: 'a', room: 'tea', seq: 7, mid: 'm7', at: 1, dup: true } as const;
    expect(decodeServerMessage(encodeAck(ack))).toEqual([{ frame: ack }]);
  });
});
