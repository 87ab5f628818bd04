import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame, ServerFrameOf } from '../protocol/frames';
import type { LoggedMessage } from '../protocol/message';
import { ann, bob, createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';
import { createStreamWriter } from './streamWriter';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const piece = (text: string, fields: Partial<ServerFrameOf<'stream'>> = {}): ServerFrame => ({
  t: 'stream',
  room: 'lobby',
  id: 's1',
  from: bob,
  at: 0,
  text,
  ...fields,
});
const message = (of: LoggedMessage, room = 'lobby'): ServerFrame => ({
  t: 'msg',
  room,
  epoch: 'e1',
  ...of,
});
const shown = () => world.shown.messages.map(({ body, live, seq }) => [body, live ?? seq]);

describe('a reader', () => {
  it('sees a message grow behind what was said, and then the message in its place', () => {
    world.connect(logged(1));
    world.serverSends(piece('one '), piece('two', { at: 4 }));
    expect(shown()).toEqual([
      ['number 1', 1],
      ['one two', 'writing'],
    ]);
    world.serverSends(message(logged(2)));
    expect(shown().at(-1)).toEqual(['one two', 'writing']);
    world.serverSends(message({ ...logged(3, bob, 's1'), body: 'one two three' }));
    expect(shown()).toEqual([
      ['number 1', 1],
      ['number 2', 2],
      ['one two three', 3],
    ]);
  });

  it('sees only one row change with a piece, and is told once of all that comes at once', () => {
    const told: number[] = [];
    world = createChatWorld({ onMessages: (messages) => void told.push(messages.length) });
    world.connect(logged(1), logged(2));
    world.serverSends(piece('one '));
    const before = world.shown.messages;
    told.length = 0;
    world.serverSends(piece('two ', { at: 4 }), piece('three', { at: 8 }), piece('two', { at: 4 }));
    expect(told).toEqual([3]);
    expect(world.shown.messages.map((row, index) => row === before[index])).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('sees what they write elsewhere as their own, and nothing of it twice', () => {
    world.connect();
    world.serverSends(piece('mine', { from: ann }), piece('not mine'));
    expect(world.shown.messages.map(({ mine, body }) => [mine, body])).toEqual([
      [true, 'mine'],
      [false, 'not mine'],
    ]);
    expect(world.session.actions.unsentCount()).toBe(0);
  });

  it('is told again after a lost line; what is not told again has broken off', () => {
    world.connect(logged(1));
    world.serverSends(piece('one '), piece('gone', { id: 's2' }), piece('ended', { id: 's3' }));
    world.network.latest.end();
    world.time.advance(200_000);
    expect(shown().slice(1)).toEqual([
      ['one ', 'writing'],
      ['gone', 'writing'],
      ['ended', 'writing'],
    ]);
    world.session.actions.reconnect();
    world.sayHello();
    world.sayReady();
    const end = { ...logged(2, bob, 's3'), body: 'ended' };
    world.serverSends(world.page([end]), piece('one two three'));
    for (const ping of world.sentOf('ping'))
      world.serverSends({ ...ping, t: 'pong' } as ServerFrame);
    world.time.advance(16_000);
    expect(shown().slice(1)).toEqual([
      ['ended', 2],
      ['one two three', 'writing'],
      ['gone', 'broken'],
    ]);
  });

  it('is shown nothing of a room that began anew but what is told of it then', () => {
    world.connect(logged(1));
    world.serverSends(piece('before'));
    const reset = { reset: 'epoch', head: 1 } as const;
    const page = world.page([logged(1)], false, 'e2');
    world.serverSends({ ...page, ...reset } as ServerFrame, piece('after', { id: 's2' }));
    expect(shown()).toEqual([
      ['number 1', 1],
      ['after', 'writing'],
    ]);
  });

  it('finds what was written in a room that they come back to', () => {
    world.connect();
    world.session.actions.openRoom('kitchen', undefined);
    world.serverSends(world.page([], false, 'e1', 'kitchen'), piece('meanwhile'));
    expect(shown()).toEqual([]);
    world.session.actions.openRoom('lobby', undefined);
    expect(shown()).toEqual([['meanwhile', 'writing']]);
  });

  it('leaves no timer behind', () => {
    world.connect();
    world.serverSends(piece('one'));
    world.stop();
    world.connection.close();
    expect(world.time.armed).toBe(0);
  });

  it('neither exports nor finds what is not in the room yet', async () => {
    world.connect(logged(1));
    world.serverSends(piece('number two'));
    const exporting = world.session.actions.exportRoom();
    await expect(exporting).resolves.toMatchObject({ messages: [{ body: 'number 1' }] });
    world.network.latest.end();
    world.session.actions.search('number');
    expect(world.shown.search?.found.map(({ body }) => body)).toEqual(['number 1']);
  });
});

const openWriter = (id = 's9') =>
  createStreamWriter({ line: world.session.streams, id, room: 'lobby', time: world.time });
const said = () => world.sentOf('stream');

describe('a writer on a session', () => {
  it('says pieces on its line, and ends by a message of the outbox', async () => {
    world.connect();
    const writer = openWriter();
    writer.write('one ');
    world.time.advance(50);
    writer.write('two');
    expect(said()).toEqual([
      { t: 'stream', id: 's9', room: 'lobby', at: 0, text: 'one ' },
      { t: 'stream', id: 's9', room: 'lobby', at: 4, text: 'two' },
    ]);
    const end = writer.end();
    expect(world.bodies()).toEqual(['one two (queued)']);
    await settle();
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 's9', room: 'lobby', body: 'one two' }]);
    const log = { ...logged(1, ann, 's9'), body: 'one two' };
    world.serverSends(
      { t: 'ack', id: 's9', room: 'lobby', seq: 1, mid: 'm1', at: 1 },
      message(log),
    );
    await expect(end).resolves.toBe(1);
    expect(world.bodies()).toEqual(['one two (sent)']);
    await settle();
    expect(world.sentOf('send')).toHaveLength(1);
  });

  it('says everything again on the next line, and what it ended meanwhile is sent there', async () => {
    world.connect();
    const [writer, other] = [openWriter(), openWriter('s8')];
    writer.write('one ');
    other.write('other');
    world.network.latest.end();
    void other.end();
    writer.write('two');
    world.session.actions.reconnect();
    world.sayHello();
    expect(said()).toEqual([]);
    world.sayReady();
    await settle();
    expect(said()).toMatchObject([{ id: 's9', at: 0, text: 'one two' }]);
    expect(world.sentOf('send')).toMatchObject([{ id: 's8', body: 'other' }]);
  });

  it('keeps no message waiting when a piece of it is refused', async () => {
    world.connect();
    const writer = openWriter();
    writer.write('one ');
    world.serverSends({ t: 'err', id: 's9', code: 'stream_gap', retry: true, message: 'a gap' });
    world.session.actions.send('at once');
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ body: 'at once' }]);
    world.time.advance(50);
    expect(said()).toMatchObject([{ at: 0 }, { at: 0, text: 'one ' }]);
  });

  it.each([
    { what: 'the beginning of it', kept: 'one ' },
    { what: 'all of it', kept: 'one two' },
  ])('puts right what the log took to be broken off: $what', async ({ kept }) => {
    world.connect();
    const writer = openWriter();
    writer.write('one two');
    const cut = { ...logged(1, ann, 's9'), body: kept, cut: true } as const;
    world.serverSends(message(cut));
    expect(world.shown.messages).toMatchObject([{ body: kept, isCut: true }]);
    void writer.end();
    await settle();
    world.serverSends({ t: 'ack', id: 's9', room: 'lobby', seq: 1, mid: 'm1', at: 1, dup: true });
    await settle();
    expect(world.sentOf('send').at(-1)).toMatchObject({
      body: 'one two',
      about: { kind: 'edit', seq: 1, mid: 'm1' },
    });
    const edit = {
      ...logged(2, ann, 'id1'),
      body: 'one two',
      about: { kind: 'edit', seq: 1 },
    } as const;
    world.serverSends(message(edit));
    expect(world.shown.messages).toMatchObject([{ body: 'one two', isCut: undefined, edited: 2 }]);
  });

  it('puts it right where nobody reads the room either, as after a reload', async () => {
    const kept = { id: 's9', room: 'kitchen', body: 'one two', at: 0, isRewritten: true };
    const entry = {
      ...kept,
      roomKey: undefined,
      about: undefined,
      failure: undefined,
      page: 'page',
    };
    world = createChatWorld({ kept: [{ ...entry, at: world.time.now() }] });
    world.connect();
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ room: 'kitchen', body: 'one two' }]);
    world.serverSends({ t: 'ack', id: 's9', room: 'kitchen', seq: 4, mid: 'm4', at: 1, dup: true });
    await settle();
    expect(world.sentOf('send').at(-1)).toMatchObject({
      room: 'kitchen',
      body: 'one two',
      about: { kind: 'edit', seq: 4, mid: 'm4' },
    });
  });

  it('cannot be seen in a room that the session does not keep, but for its end', async () => {
    world.connect();
    const writer = createStreamWriter({
      line: world.session.streams,
      id: 's9',
      room: 'kitchen',
      time: world.time,
    });
    writer.write('one');
    expect(said()).toEqual([]);
    void writer.end();
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ room: 'kitchen', body: 'one' }]);
  });
});
