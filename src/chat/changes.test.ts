import { beforeEach, describe, expect, it } from 'vitest';
import type { About } from '../protocol/about';
import type { LoggedMessage } from '../protocol/message';
import { ann, bob, createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const about = (
  seq: number,
  kind: About['kind'],
  target: number,
  fields: Partial<LoggedMessage> = {},
): LoggedMessage => ({ ...logged(seq), about: { kind, seq: target }, ...fields });
const live = (message: LoggedMessage) =>
  world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...message });
const ack = (id: string, seq: number) =>
  world.serverSends({ t: 'ack', id, room: 'lobby', seq, mid: `m${seq}`, at: seq });
const refuse = (id: string, code: string) =>
  world.serverSends({ t: 'err', id, code, retry: false, message: 'for developers' });
const row = (seq: number) => world.shown.messages.find((each) => each.seq === seq);
const actions = () => world.session.actions;

describe('an edit of one’s own message', () => {
  it('shows at once, goes out, and is the room’s once it has come', async () => {
    world.connect(logged(1, ann));
    expect(actions().edit('c1', 'better')).toBe(true);
    expect(row(1)).toMatchObject({ body: 'better', change: { kind: 'edit', state: 'queued' } });
    await settle();
    expect(world.sentOf('send')).toEqual([
      {
        t: 'send',
        id: 'id1',
        room: 'lobby',
        body: 'better',
        about: { kind: 'edit', seq: 1, mid: 'm1' },
      },
    ]);
    expect(world.shown.outbox).toEqual({ waiting: 1, failed: 0 });
    ack('id1', 2);
    expect(row(1)).toMatchObject({ body: 'better', change: undefined });
    live(about(2, 'edit', 1, { from: ann, id: 'id1', body: 'better' }));
    expect(world.shown.messages).toMatchObject([{ body: 'better', edited: 2 }]);
    expect(world.shown.outbox).toEqual({ waiting: 0, failed: 0 });
  });

  it('that the server refuses gives back the text, with the reason, and can be given up', async () => {
    world.connect(logged(1, ann));
    actions().edit('c1', 'better');
    await settle();
    refuse('id1', 'no_message');
    expect(row(1)).toMatchObject({
      body: 'number 1',
      change: { id: 'id1', state: 'failed', failure: { code: 'no_message' } },
    });
    expect(world.shown.outbox).toEqual({ waiting: 0, failed: 1 });
    actions().remove('id1');
    expect(row(1)?.change).toBeUndefined();
  });

  it('takes the place of one that has not left', async () => {
    world.connect(logged(1, ann));
    world.network.latest.end();
    actions().edit('c1', 'better');
    actions().edit('c1', 'best');
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ id: 'id1', body: 'best' }]);
    expect(row(1)?.body).toBe('best');
  });

  it('is one of a message that waits, where it waits', async () => {
    world.connect();
    world.network.latest.end();
    actions().send('first');
    actions().send('second');
    expect(actions().edit('id1', 'first, better')).toBe(true);
    await settle();
    expect(world.bodies()).toEqual(['first, better (queued)', 'second (queued)']);
  });

  it('is impossible for what others wrote, what is gone, and what is too long', () => {
    world.connect(logged(1), { ...logged(2, ann), body: '', deleted: 3 }, logged(3, ann));
    expect(actions().edit('c1', 'forged')).toBe(false);
    expect(actions().edit('c2', 'back')).toBe(false);
    expect(actions().edit('c3', 'x'.repeat(10_001))).toBe(false);
    expect(actions().edit('c3', '')).toBe(false);
    expect(world.rows.size).toBe(0);
  });
});

describe('a message that was rewritten after it may have left', () => {
  it('is corrected by an edit if the log has the first text', async () => {
    world.connect();
    actions().send('first');
    await settle();
    world.network.latest.end();
    expect(actions().edit('id1', 'second')).toBe(true);
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends(world.page([]));
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ id: 'id1', body: 'second' }]);
    ack('id1', 1);
    live({ ...logged(1, ann, 'id1'), body: 'first' });
    await settle();
    expect(world.sentOf('send').slice(1)).toMatchObject([
      { id: 'id2', body: 'second', about: { kind: 'edit', seq: 1, mid: 'm1' } },
    ]);
    expect(world.shown.messages).toMatchObject([{ id: 'id1', body: 'second' }]);
  });

  it('is kept until it is known what the log has, as the page may go before that', async () => {
    world.connect();
    actions().send('first');
    await settle();
    world.network.latest.end();
    actions().edit('id1', 'second');
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends(world.page([]));
    await settle();
    ack('id1', 1);
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ id: 'id1', body: 'second' }]);
    live({ ...logged(1, ann, 'id1'), body: 'first' });
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ id: 'id2', body: 'second' }]);
    ack('id2', 2);
    await settle();
    expect(world.rows.size).toBe(0);
  });

  it('is looked up where it lies before what is loaded, and corrected', async () => {
    const kept = {
      ...{ id: 'c1', room: 'lobby', body: 'second', isRewritten: true, page: 'page' },
      ...{ at: world.time.now(), roomKey: undefined, about: undefined, failure: undefined },
    };
    world = createChatWorld({ kept: [kept] });
    world.connect(logged(8), logged(9));
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ id: 'c1', body: 'second' }]);
    world.serverSends({ t: 'ack', id: 'c1', room: 'lobby', seq: 1, mid: 'm1', at: 1, dup: true });
    expect(world.sentOf('history')).toEqual([{ t: 'history', room: 'lobby', before: 2, limit: 1 }]);
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ id: 'c1', body: 'second' }]);
    const messages = [{ ...logged(1, ann), body: 'first' }];
    world.serverSends({ t: 'history', room: 'lobby', epoch: 'e1', messages, more: false });
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ id: 'id1', body: 'second' }]);
    expect(world.sentOf('send').at(-1)).toMatchObject({
      body: 'second',
      about: { kind: 'edit', seq: 1, mid: 'm1' },
    });
  });

  it('is left alone if the log has the latest', async () => {
    world.connect();
    actions().send('first');
    await settle();
    refuse('id1', 'forbidden');
    actions().edit('id1', 'second');
    await settle();
    ack('id1', 1);
    live({ ...logged(1, ann, 'id1'), body: 'second' });
    await settle();
    expect(world.sentOf('send')).toHaveLength(2);
    expect(world.rows.size).toBe(0);
  });
});

describe('a deletion of one’s own message', () => {
  it('goes out without a text, and leaves a trace once it has come', async () => {
    world.connect(logged(1, ann));
    expect(actions().erase('c1')).toBe(true);
    expect(actions().erase('c1')).toBe(true);
    await settle();
    expect(world.sentOf('send')).toMatchObject([
      { body: '', about: { kind: 'delete', seq: 1, mid: 'm1' } },
    ]);
    live(about(2, 'delete', 1, { from: ann, id: 'id1', body: '' }));
    expect(world.shown.messages).toMatchObject([{ id: 'c1', body: '', deleted: 2 }]);
    expect(actions().erase('c1')).toBe(false);
  });

  it('takes back an edit that has not left', async () => {
    world.connect(logged(1, ann));
    world.network.latest.end();
    actions().edit('c1', 'better');
    actions().erase('c1');
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ about: { kind: 'delete' } }]);
  });

  it('forgets what was not sent, and nothing of others', async () => {
    world.connect(logged(1));
    world.network.latest.end();
    actions().send('oops');
    expect(actions().erase('id1')).toBe(true);
    expect(actions().erase('c1')).toBe(false);
    await settle();
    expect(world.bodies()).toEqual(['number 1 (sent)']);
    expect(world.rows.size).toBe(0);
  });
});

describe('a reaction', () => {
  it('counts at once, and is the same when it has come', async () => {
    world.connect(logged(1));
    expect(actions().react(1, '👍', true)).toBe(true);
    expect(row(1)?.reactions).toEqual([{ emoji: '👍', users: [ann], mine: true }]);
    await settle();
    const before = row(1);
    live(about(2, 'react', 1, { from: ann, id: 'id1', body: '👍' }));
    ack('id1', 2);
    expect(row(1)).toBe(before);
    expect(world.shown.outbox).toEqual({ waiting: 0, failed: 0 });
  });

  it('that is taken back before it has left never leaves', async () => {
    world.connect(logged(1));
    world.network.latest.end();
    actions().react(1, '👍', true);
    actions().react(1, '👍', false);
    await settle();
    expect(row(1)?.reactions).toBeUndefined();
    expect(world.rows.size).toBe(0);
  });

  it('that has left is taken back by another entry', async () => {
    world.connect(logged(1));
    actions().react(1, '👍', true);
    await settle();
    actions().react(1, '👍', false);
    await settle();
    expect(world.sentOf('send')).toMatchObject([
      { about: { kind: 'react' } },
      { about: { kind: 'unreact' } },
    ]);
    expect(row(1)?.reactions).toBeUndefined();
  });

  it('that the server refuses is gone again', async () => {
    world.connect(logged(1));
    actions().react(1, '👍', true);
    await settle();
    refuse('id1', 'no_message');
    expect(row(1)?.reactions).toBeUndefined();
    expect(world.shown.outbox).toEqual({ waiting: 0, failed: 0 });
  });

  it('is not put twice, nor to what is gone or not there', async () => {
    world.connect({ ...logged(1), body: '', deleted: 2 }, logged(2));
    expect(actions().react(1, '👍', true)).toBe(false);
    expect(actions().react(9, '👍', true)).toBe(false);
    expect(actions().react(2, '👍', false)).toBe(true);
    actions().react(2, '👍', true);
    expect(actions().react(2, '👍', true)).toBe(true);
    await settle();
    expect(world.sentOf('send')).toHaveLength(1);
  });
});

describe('a reply', () => {
  it('goes out with what it answers, and quotes it from the start', async () => {
    world.connect(logged(1));
    actions().send('yes', 1);
    expect(world.shown.messages[1]).toMatchObject({
      body: 'yes',
      replyTo: { seq: 1, author: bob, body: 'number 1' },
    });
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ about: { kind: 'reply', seq: 1, mid: 'm1' } }]);
  });

  it('to what is not there is a message by itself', async () => {
    world.connect(logged(1));
    actions().send('yes', 7);
    await settle();
    expect(world.sentOf('send')[0]).not.toHaveProperty('about');
  });

  it('has what it quotes loaded when that is wanted, once, and again after a lost line', async () => {
    const reply = about(9, 'reply', 3, { body: 'yes' });
    world.connect(reply);
    expect(row(9)?.replyTo).toEqual({ seq: 3 });
    actions().loadQuote(3);
    actions().loadQuote(3);
    expect(world.sentOf('history')).toEqual([{ t: 'history', room: 'lobby', before: 4, limit: 1 }]);
    world.network.latest.end();
    await settle();
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends(world.page([]));
    expect(world.sentOf('history')).toHaveLength(1);
    const messages = [logged(3)];
    world.serverSends({ t: 'history', room: 'lobby', epoch: 'e1', messages, more: true });
    await settle();
    expect(row(9)?.replyTo).toMatchObject({ seq: 3, author: bob, body: 'number 3' });
    actions().loadQuote(3);
    expect(world.sentOf('history')).toHaveLength(1);
  });
});

describe('going back to one message', () => {
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => logged(from + index));
  const history = (from: number, to: number) =>
    world.serverSends({
      t: 'history',
      room: 'lobby',
      epoch: 'e1',
      messages: range(from, to),
      more: from > 1,
    });

  it('loads pages until it is there', async () => {
    world.connect(...range(1_001, 1_010));
    const isThere = actions().loadBackTo(490);
    expect(world.sentOf('history')).toMatchObject([{ before: 1_001, limit: 500 }]);
    history(501, 1_000);
    await settle();
    expect(world.sentOf('history').slice(1)).toMatchObject([{ before: 501, limit: 500 }]);
    history(1, 500);
    await isThere;
    expect(row(490)).toBeDefined();
    await actions().loadBackTo(700);
    expect(world.sentOf('history')).toHaveLength(2);
  });

  it('fails if there is no such message, or the line is lost', async () => {
    world.connect(...range(1_001, 1_010));
    await expect(actions().loadBackTo(2_000)).rejects.toThrow('no such message');
    const isThere = actions().loadBackTo(3);
    world.network.latest.end();
    await expect(isThere).rejects.toThrow('line');
  });
});

describe('the export of a room', () => {
  it('has what people see: the latest texts, traces, quotes and reactions, and no rows for changes', async () => {
    world.connect(
      logged(1, ann),
      about(2, 'edit', 1, { from: ann, body: 'better' }),
      about(3, 'reply', 1, { body: 'yes' }),
      about(4, 'react', 3, { from: ann, body: '👍' }),
      logged(5),
      about(6, 'delete', 5, { body: '' }),
    );
    actions().edit('c1', 'not there yet');
    const { messages } = await actions().exportRoom();
    expect(messages).toMatchObject([
      { seq: 1, body: 'better', edited: 2 },
      { seq: 3, body: 'yes', replyTo: 1, reactions: { '👍': ['Ann'] } },
      { seq: 5, body: '', deleted: 6 },
    ]);
  });
});

describe('a burst of messages', () => {
  it('is told as one list', () => {
    const told: number[] = [];
    world = createChatWorld({ onMessages: (messages) => void told.push(messages.length) });
    world.connect(logged(1));
    told.length = 0;
    world.serverSends(
      ...[2, 3, 4, 5].map((seq) => ({
        t: 'msg' as const,
        room: 'lobby',
        epoch: 'e1',
        ...logged(seq),
      })),
    );
    expect(told).toEqual([5]);
  });
});
