import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClientMessage, decodeServerMessage, encode } from './codec';
import { limits } from './limits';

const errorOf = (text: string) => {
  const [first] = decodeClientMessage(text);
  return first && 'error' in first ? first.error : undefined;
};
const send = (fields: object) =>
  JSON.stringify({ t: 'send', id: 'a1', room: 'lobby', body: 'hi', ...fields });

describe('a message from a client', () => {
  it('is one frame', () => {
    expect(decodeClientMessage(send({}))).toEqual([
      { frame: { t: 'send', id: 'a1', room: 'lobby', body: 'hi' } },
    ]);
  });

  it('or several frames in an array', () => {
    const text = encode([
      { t: 'ping', n: 1 },
      { t: 'join', room: 'lobby' },
    ]);
    expect(decodeClientMessage(text)).toEqual([
      { frame: { t: 'ping', n: 1 } },
      { frame: { t: 'join', room: 'lobby' } },
    ]);
  });

  it('loses the fields that nobody knows', () => {
    expect(
      decodeClientMessage('{"t":"ping","n":1,"colour":"red","__proto__":{"admin":true}}'),
    ).toEqual([{ frame: { t: 'ping', n: 1 } }]);
  });

  it('may hold one bad frame among good ones', () => {
    expect(decodeClientMessage('[{"t":"ping","n":1},7,{"t":"ping","n":2}]')).toEqual([
      { frame: { t: 'ping', n: 1 } },
      { error: { code: 'bad_frame', message: 'a frame is a JSON object' } },
      { frame: { t: 'ping', n: 2 } },
    ]);
  });

  it.each([
    ['is no JSON', 'hello', 'bad_json', 'not JSON'],
    ['is JSON, but no object', '"hello"', 'bad_frame', 'JSON object'],
    ['has no type', '{}', 'unknown_type', '"t"'],
    ['has an unknown type', '{"t":"shout"}', 'unknown_type', '"t"'],
    ['lacks a field', '{"t":"join"}', 'bad_frame', '"room"'],
    ['has a field of the wrong kind', send({ body: 7 }), 'bad_frame', '"body"'],
    ['has an empty body', send({ body: '' }), 'bad_frame', 'needs a text'],
    [
      'has a body that is too long',
      send({ body: 'x'.repeat(limits.bodyLength + 1) }),
      'bad_frame',
      'at most 10000',
    ],
    ['names a room with a path in it', send({ room: '../etc' }), 'bad_frame', '"room"'],
    ['has an id of a megabyte', send({ id: 'x'.repeat(1e6) }), 'bad_frame', '"id"'],
    [
      'has a wrong field deep inside',
      '{"t":"auth","name":"Ann","resume":[{"room":"x"}]}',
      'bad_frame',
      '"resume.0.epoch"',
    ],
  ])('that %s is refused with the reason', (_, text, code, words) => {
    expect(errorOf(text)).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('keeps its own id in the error, so that the sender knows which message was refused', () => {
    expect(errorOf(send({ body: '' }))?.id).toBe('a1');
  });

  it('carries no more frames than the limit', () => {
    const many = Array.from({ length: limits.framesPerMessage + 1 }, () => ({ t: 'ping', n: 1 }));
    expect(decodeClientMessage(JSON.stringify(many))).toHaveLength(1);
    expect(errorOf(JSON.stringify(many))?.code).toBe('bad_frame');
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeClientMessage(text).every((each) => 'frame' in each || 'error' in each)).toBe(
          true,
        );
      }),
    );
  });
});

describe('the body of a message', () => {
  it('of the longest length fits a frame, whatever its characters are', () => {
    for (const character of ['x', '心', '💓', '"', '\u0001']) {
      const text = send({ body: character.repeat(limits.bodyLength) });
      expect(errorOf(text)).toBeUndefined();
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(limits.frameBytes);
    }
  });

  it('has half characters replaced, since no log could keep them', () => {
    expect(decodeClientMessage(send({ body: 'a\ud83d' }))).toMatchObject([
      { frame: { body: 'a\ufffd' } },
    ]);
  });
});

describe('a piece of what is written before all eyes', () => {
  const decodePiece = (text: string) =>
    decodeClientMessage(JSON.stringify({ t: 'stream', id: 'a', room: 'tea', at: 0, text }));

  it.each(['half \ud83d', '\udc93 a heart', 'in \ud83d between'])(
    'is refused where it has half a surrogate pair: %j',
    (text) => {
      expect(decodePiece(text)).toMatchObject([
        { error: { code: 'bad_frame', message: expect.stringContaining('broken') } },
      ]);
    },
  );

  it('has whole ones as they are', () => {
    expect(decodePiece('a 💓')).toMatchObject([{ frame: { text: 'a 💓' } }]);
  });
});

describe('a name', () => {
  const nameError = (name: string) => errorOf(JSON.stringify({ t: 'auth', name }));

  it.each([
    'Ann',
    '小明',
    "O'Brien-Núñez",
    '👩‍🚀 Zoë',
    'Gal·la',
    'Nguyễn',
    'สมชาย',
    'प्रिया',
    'محمد',
  ])('may be %s', (name) => {
    expect(nameError(name)).toBeUndefined();
  });

  it('is trimmed', () => {
    expect(decodeClientMessage('{"t":"auth","name":"  Ann "}')).toMatchObject([
      { frame: { name: 'Ann' } },
    ]);
  });

  it.each([
    ['empty', ''],
    ['only spaces', '   '],
    ['10,000 long', 'x'.repeat(10_000)],
    ['with a control character', 'An\u0007n'],
    ['with a line break', 'Ann\nBob'],
    ['with a direction override', 'Ann\u202egnp'],
    ['nothing that can be seen', '\u200b\u2060'],
    ['a blank that counts as a letter', '\u3164'],
    ['hidden characters in it', 'Ann\u200b'],
    ['only joiners', '\u200d\u200d'],
    ['a pile of marks', `A${'\u0301'.repeat(18)}`],
    ['half a character', '\ud83d'],
    ['a name and a tag', 'Ann ·wh3p'],
    ['a name and what looks like a tag', 'Ann\u00a0•wh3p'],
  ])('may not be %s', (_, name) => {
    expect(nameError(name)).toMatchObject({
      code: 'bad_frame',
      message: expect.stringContaining('"name"'),
    });
  });
});

describe('a message from a server', () => {
  it('is refused when it is not what the protocol says', () => {
    expect(decodeServerMessage('{"t":"hello","v":"one"}')).toMatchObject([
      { error: { code: 'bad_frame' } },
    ]);
  });

  it('comes back as it was sent', () => {
    const ack = { t: 'ack', id: 'a1', room: 'lobby', seq: 7, mid: 'm7', at: 1 } as const;
    expect(decodeServerMessage(encode(ack))).toEqual([{ frame: ack }]);
  });
});
