import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import { LiveStream } from './liveStream';

const ann = { id: 'u1', name: 'Ann' };
const begin = () => new LiveStream('tea', ann, 'a', undefined);

describe('a text that is being written', () => {
  it('grows by what is new in a piece', () => {
    const stream = begin();
    expect(stream.merge({ at: 0, text: 'one ' })).toBe('grown');
    expect(stream.merge({ at: 2, text: 'e two' })).toBe('grown');
    expect(stream.merge({ at: 0, text: 'one' })).toBe('known');
    expect(stream.text).toBe('one two');
  });

  it('does not take what begins beyond its end', () => {
    const stream = begin();
    stream.merge({ at: 0, text: 'one' });
    expect(stream.merge({ at: 4, text: 'two' })).toBe('gap');
    expect(stream.text).toBe('one');
  });

  it('is no longer than a message may be, in code points', () => {
    const stream = begin();
    expect(stream.merge({ at: 0, text: '😀'.repeat(limits.bodyLength - 1) })).toBe('grown');
    const end = stream.text.length;
    expect(stream.merge({ at: end, text: 'ab' })).toBe('too long');
    expect(stream.merge({ at: end, text: 'a' })).toBe('grown');
    expect(stream.merge({ at: end + 1, text: 'b' })).toBe('too long');
    expect(stream.text.length).toBe(end + 1);
  });

  it('is what was written, whatever comes twice, late or never, once all of it came', () => {
    const pieceOf = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 30 }));
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.array(pieceOf), (text, pieces) => {
        const stream = begin();
        for (const [at, length] of pieces) {
          stream.merge({ at, text: text.slice(at, at + length) });
          expect(text.startsWith(stream.text)).toBe(true);
        }
        stream.merge({ at: 0, text });
        expect(stream.text).toBe(text);
      }),
    );
  });
});

describe('what is told of it', () => {
  it('goes on from what was told, and begins with all of it', () => {
    const stream = begin();
    expect(stream.since(undefined)).toEqual({ at: 0, text: '' });
    stream.merge({ at: 0, text: 'one two' });
    expect(stream.since(undefined)).toEqual({ at: 0, text: 'one two' });
    expect(stream.since(4)).toEqual({ at: 4, text: 'two' });
    expect(stream.since(7)).toEqual({ at: 7, text: '' });
  });

  it('says what it is about without the server’s id of that', () => {
    const about = { kind: 'reply', seq: 3, mid: 'm3' } as const;
    const stream = new LiveStream('tea', ann, 'a', about);
    expect(stream.frameOf({ at: 0, text: 'so' })).toEqual({
      ...{ t: 'stream', room: 'tea', id: 'a', from: ann, at: 0, text: 'so' },
      about: { kind: 'reply', seq: 3 },
    });
  });
});
