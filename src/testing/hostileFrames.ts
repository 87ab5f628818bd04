/** Messages that are nearly frames: each of a known type, its fields such as some frame has, or anything else. */
import fc from 'fast-check';

const types = [
  ...['send', 'stream', 'auth', 'join', 'leave', 'sync', 'history', 'typing', 'read', 'watch'],
  ...['search', 'upload', 'unupload', 'link', 'refresh', 'signout', 'push', 'unpush', 'ping'],
  ...['pong', 'hello', 'ready', 'token', 'ack', 'err', 'msg', 'presence', 'reads', 'summary'],
  ...['found', 'uploading', 'uploaded', 'pushed', 'bye', '__proto__', ''],
];

const text = fc.oneof(
  fc.constantFrom(
    'a1',
    'lobby',
    '../etc',
    '',
    '\ud83d',
    '\u202e',
    '💓',
    'Ann #abcd',
    'reply',
    'edit',
  ),
  fc.constantFrom('image/png', 'whole', 'preview', 'https://push.example/x', 'f'.repeat(64)),
  fc.string({ unit: 'binary', maxLength: 50 }),
);
const number = fc.oneof(
  fc.integer({ min: -1, max: 5 }),
  fc.double(),
  fc.constantFrom(2 ** 53, -0, 1e308, 0.5),
);
const user = fc.record({ id: text, name: text, tag: text }, { requiredKeys: [] });
const position = fc.record(
  { room: text, epoch: text, seq: number, mid: text },
  { requiredKeys: [] },
);
const about = fc.record({ kind: text, seq: number, mid: text }, { requiredKeys: [] });
const file = fc.record(
  { upload: text, preview: text, sha256: text, name: text, type: text, size: number },
  { requiredKeys: [] },
);

/** What fits somewhere, by the names that frames have for it. */
const fields = {
  ...{ id: text, room: text, body: text, text, name: text, type: text, token: text, key: text },
  ...{
    mid: text,
    epoch: text,
    code: text,
    message: text,
    part: text,
    endpoint: text,
    sha256: text,
  },
  ...{ seq: number, at: number, n: number, before: number, limit: number, every: number },
  ...{ size: number, width: number, height: number, head: number, count: number, have: number },
  ...{ after: fc.oneof(number, fc.array(number, { maxLength: 3 })), more: fc.boolean() },
  ...{ from: user, user, about, file, cut: fc.boolean(), retry: fc.boolean() },
  ...{ resume: fc.array(position, { maxLength: 3 }), rooms: fc.array(position, { maxLength: 3 }) },
  ...{
    messages: fc.array(fc.record({ seq: number, mid: text, id: text, from: user, body: text })),
  },
};

const frame = fc
  .tuple(
    fc.record({ t: fc.constantFrom(...types), ...fields }, { requiredKeys: ['t'] }),
    fc.dictionary(
      fc.constantFrom(...Object.keys(fields), 'constructor', '__proto__'),
      fc.jsonValue(),
      {
        maxKeys: 1,
      },
    ),
  )
  .map(([known, other]) => ({ ...known, ...other }));

/** JSON of a frame, or of several. */
export const hostileMessage = fc
  .oneof(frame, fc.array(fc.oneof(frame, fc.jsonValue()), { maxLength: 4 }))
  .map((value) => JSON.stringify(value));
