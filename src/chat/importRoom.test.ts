import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzing } from '../testing/fuzzing';
import { importRoom } from './importRoom';
import { exportOf } from './roomExport';
import type { ChatMessage, User } from './types';

const ann: User = { id: 'u1', name: 'Ann' };
const bob: User = { id: 'u2', name: 'Bob', tag: 'x7' };

const row = (seq: number | undefined, fields: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `c${seq}`,
  seq,
  author: ann,
  mine: true,
  body: `number ${seq}`,
  at: 1_000,
  state: 'sent',
  hasLeft: true,
  failure: undefined,
  ...fields,
});
const rows = [
  row(1, { author: bob, edited: 2_000 }),
  row(3, {
    replyTo: { seq: 1, author: bob, body: 'number 1' },
    reactions: [{ emoji: '👍', users: [ann, bob], mine: true }],
  }),
  row(4, { body: '', deleted: 3_000 }),
  row(5, {
    body: '',
    file: { name: 'sea.jpg', type: 'image/jpeg', size: 9, width: 4, height: 3, hasPreview: true },
  }),
  row(undefined, { state: 'failed', failure: { code: 'x', message: 'no' } }),
];
const file = () => JSON.stringify(exportOf('lobby', rows));
/** The file with something else in it. */
const changed = (change: (content: ReturnType<typeof exportOf>) => unknown) =>
  importRoom(JSON.stringify(change(exportOf('lobby', rows)))).problem;
const withMessage = (fields: object) =>
  changed(({ room, messages: [first, ...others] }) => ({
    room,
    messages: [{ ...first, ...fields }, ...others],
  }));

describe('an exported room', () => {
  it('says of each message what people saw, and nothing that was not there', () => {
    expect(exportOf('lobby', rows).messages.slice(0, 2)).toEqual([
      {
        id: 'c1',
        seq: 1,
        author: 'Bob',
        tag: 'x7',
        body: 'number 1',
        at: 1_000,
        state: 'sent',
        edited: 2_000,
      },
      {
        id: 'c3',
        seq: 3,
        author: 'Ann',
        body: 'number 3',
        at: 1_000,
        state: 'sent',
        replyTo: 1,
        reactions: { '👍': ['Ann', 'Bob ·x7'] },
      },
    ]);
  });

  it('is read as it was, but as nobody’s own', () => {
    const { imported } = importRoom(file());
    expect(imported?.room).toBe('lobby');
    expect(imported?.messages.every(({ mine }) => !mine)).toBe(true);
    const [first, second, third, fourth, last] = imported?.messages ?? [];
    expect(first).toMatchObject({ seq: 1, author: { name: 'Bob', tag: 'x7' }, edited: 2_000 });
    expect(second).toMatchObject({
      replyTo: { seq: 1, author: { name: 'Bob' }, body: 'number 1' },
      reactions: [{ emoji: '👍', users: [{ name: 'Ann' }, { name: 'Bob', tag: 'x7' }] }],
    });
    expect(second?.reactions?.[0]?.users[1]).toEqual(first?.author);
    expect(third).toMatchObject({ body: '', deleted: 3_000 });
    // Its bytes are not in the export: what is shown of them is not there either.
    const sea = { name: 'sea.jpg', type: 'image/jpeg', size: 9, width: 4, height: 3 };
    expect(fourth).toMatchObject({ file: { ...sea, hasPreview: false } });
    expect(last).toMatchObject({ seq: undefined, state: 'failed' });
  });

  it('is the same when it is exported again', () => {
    const { imported } = importRoom(file());
    expect(JSON.stringify(exportOf('lobby', imported?.messages ?? []))).toBe(file());
  });

  it('of an earlier version is read too', () => {
    const old = { id: 'a', seq: 1, author: 'Ann', body: 'hello', at: 1, state: 'sent' };
    const { imported } = importRoom(JSON.stringify({ room: 'lobby', messages: [old] }));
    expect(imported?.messages).toMatchObject([{ id: 'a', body: 'hello' }]);
  });

  it('may begin with a byte order mark', () => {
    expect(importRoom(`\ufeff${file()}`).imported?.messages).toHaveLength(rows.length);
  });
});

describe('a file that is no export', () => {
  it('is refused, and it is said what it is not', () => {
    expect(importRoom('hello').problem).toEqual({ kind: 'not json' });
    expect(importRoom(file().slice(0, -1)).problem).toEqual({ kind: 'not json' });
    for (const other of ['null', '[]', '{}', '"text"', '{"room":"lobby","messages":7}']) {
      expect(importRoom(other).problem).toEqual({ kind: 'no export' });
    }
    expect(changed(({ messages }) => ({ room: '../etc', messages }))).toEqual({
      kind: 'no export',
    });
  });

  it('is refused for one bad message, of which the place and the field are told', () => {
    const bad = (field: string) => ({ kind: 'bad message', message: 1, field });
    expect(withMessage({ body: 7 })).toEqual(bad('body'));
    expect(withMessage({ at: 'noon' })).toEqual(bad('at'));
    expect(withMessage({ at: 9e15 })).toEqual(bad('at'));
    expect(withMessage({ seq: 0 })).toEqual(bad('seq'));
    expect(withMessage({ state: 'lost' })).toEqual(bad('state'));
    expect(withMessage({ author: 'A\u202enn' })).toEqual(bad('author'));
    expect(withMessage({ file: { name: '../x', type: 'a/b', size: 1 } })).toEqual(bad('file'));
    expect(withMessage({ reactions: { '👍': 'Ann' } })).toEqual(bad('reactions'));
    expect(withMessage({ reactions: { ['x'.repeat(33)]: [] } })).toEqual(bad('reactions'));
    expect(changed(({ room }) => ({ room, messages: [null] }))).toEqual(bad(''));
    expect(
      changed(({ room, messages }) => ({ room, messages: [...messages, { id: 'x' }] })),
    ).toMatchObject({ kind: 'bad message', message: rows.length + 1 });
  });

  it('is refused if a message comes twice, or out of order', () => {
    const again = ({ room, messages }: ReturnType<typeof exportOf>) => ({
      room,
      messages: [...messages, messages[0]],
    });
    expect(changed(again)).toEqual({ kind: 'not in order', message: rows.length + 1 });
    const unsentTwice = ({ room, messages }: ReturnType<typeof exportOf>) => ({
      room,
      messages: [...messages, messages.at(-1)],
    });
    expect(changed(unsentTwice)).toEqual({ kind: 'not in order', message: rows.length + 1 });
  });

  it('is refused if it holds more than can be shown', () => {
    const messages = `[${'0,'.repeat(1_000_000)}0]`;
    expect(importRoom(`{"room":"lobby","messages":${messages}}`).problem).toEqual({
      kind: 'too many messages',
      count: 1_000_001,
      most: 1_000_000,
    });
  });

  it('never stops the page, whatever it is', () => {
    const text = fc.oneof(fc.constantFrom('Ann', '', 'sent', '💓', '\ud83d', '../x'), fc.string());
    const number = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.double());
    const given = {
      ...{ id: text, seq: fc.option(number), author: text, tag: text, body: text, at: number },
      state: fc.constantFrom('queued', 'sending', 'sent', 'failed', 'lost'),
      ...{ edited: number, deleted: number, replyTo: number },
      file: fc.record({ name: text, type: text, size: number, width: number, height: number }),
      reactions: fc.dictionary(text, fc.array(fc.oneof(text, fc.record({ name: text })))),
    };
    const required = ['id', 'author', 'body', 'at', 'state'] as const;
    const nearly = fc.record(given, { requiredKeys: [...required] });
    let imports = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(nearly, fc.jsonValue()), { maxLength: 3 }), (messages) => {
        for (const each of [messages, { room: 'lobby', messages }]) {
          const { imported, problem } = importRoom(JSON.stringify(each));
          expect((imported === undefined) !== (problem === undefined)).toBe(true);
          if (imported) imports += 1;
        }
      }),
      fuzzing(1_000),
    );
    expect(imports).toBeGreaterThan(20);
  });
});
