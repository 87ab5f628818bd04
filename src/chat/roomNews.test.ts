import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame, ServerFrameOf } from '../protocol/frames';
import { limits } from '../protocol/limits';
import { ann, bob, createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const open = (room: string, roomKey?: string) => world.session.actions.openRoom(room, roomKey);
const markRead = (seq: number) => world.session.actions.markRead(seq);
const live = (seq: number, from = bob): ServerFrame => ({
  t: 'msg',
  room: 'lobby',
  epoch: 'e1',
  ...logged(seq, from),
});

/** The room has `texts` messages, all of them texts; `read` of them were read. */
function summary(
  room: string,
  texts: number,
  read: number | undefined,
  fields: Partial<ServerFrameOf<'summary'>> = {},
): ServerFrame {
  return {
    t: 'summary',
    room,
    epoch: 'e1',
    seq: texts,
    texts,
    ...(read !== undefined && { read: { seq: read, texts: read } }),
    ...(texts > 0 && { last: { from: bob, body: `number ${texts}`, at: texts } }),
    ...fields,
  };
}
const unread = (room: string) => world.shown.rooms.find((known) => known.room === room)?.unread;
const names = () => world.shown.rooms.map(({ room }) => room);
const watched = () =>
  world.sentOf('watch').map((frame) => (frame.t === 'watch' ? frame.rooms : []));
const reads = () => world.sentOf('read');
const comeBack = () => {
  world.network.latest.end();
  world.time.advance(0);
  world.sayHello();
  world.sayReady();
};

describe('the list of rooms', () => {
  it('begins with the open one, and grows with each that is opened', () => {
    world.connect();
    expect(names()).toEqual(['lobby']);
    world.time.advance(10);
    open('tea');
    expect(names()).toEqual(['tea', 'lobby']);
    expect(watched()).toEqual([[{ room: 'lobby' }], [{ room: 'lobby' }, { room: 'tea' }]]);
  });

  it('is what was opened before, with what opens the private ones', () => {
    const key = 'AAECAwQFBgcICQoLDA0ODw';
    const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
    world = createChatWorld({
      knownRooms: [
        { room, roomKey: key, openedAt: 2 },
        { room: 'tea', roomKey: undefined, openedAt: 1 },
      ],
    });
    world.connect();
    expect(world.shown.rooms).toMatchObject([
      { room: 'lobby', isPrivate: false },
      { room, isPrivate: true, roomKey: key },
      { room: 'tea', isPrivate: false },
    ]);
    expect(watched()).toEqual([[{ room: 'lobby' }, { room, key }, { room: 'tea' }]]);
  });

  it('has the one with the newest message first, and says what that is', () => {
    world.connect();
    open('tea');
    const at = world.time.now();
    const last = { from: bob, body: 'hi', at: at + 5 };
    world.serverSends(summary('lobby', 3, 3, { last }), summary('tea', 1, 1));
    expect(names()).toEqual(['lobby', 'tea']);
    expect(world.shown.rooms[0]?.last).toEqual({ author: bob, body: 'hi', at: at + 5 });
  });

  it('is watched again after a loss, once', () => {
    world.connect();
    open('tea');
    open('lobby');
    comeBack();
    expect(watched()).toEqual([[{ room: 'lobby' }, { room: 'tea' }]]);
  });

  it('holds the rooms that were opened last, as many as a server watches', () => {
    const many = Array.from({ length: limits.watchedRooms }, (_, index) => ({
      room: `room${index}`,
      roomKey: undefined,
      openedAt: index,
    }));
    world = createChatWorld({ knownRooms: many });
    world.connect();
    expect(world.shown.rooms).toHaveLength(limits.watchedRooms);
    expect(names()).toContain('lobby');
    expect(names()).not.toContain('room0');
    expect(world.knownRooms.rows.has('room0')).toBe(false);
  });

  it('lets go of a room that is forgotten, and never of the open one', () => {
    world.connect();
    open('tea');
    world.session.actions.forgetRoom('lobby');
    world.session.actions.forgetRoom('tea');
    expect(names()).toEqual(['tea']);
    expect(watched().at(-1)).toEqual([{ room: 'tea' }]);
    expect(world.sentOf('leave')).toEqual([{ t: 'leave', room: 'lobby' }]);
    expect([...world.knownRooms.rows.keys()]).toEqual(['tea']);
  });

  it('follows what the user’s other pages open and forget', () => {
    world.connect();
    const other = world.knownRooms.openPage();
    other.put({ room: 'tea', roomKey: undefined, openedAt: 1 });
    expect(names()).toContain('tea');
    expect(watched().at(-1)).toEqual([{ room: 'lobby' }, { room: 'tea' }]);
    other.remove('tea');
    other.remove('lobby');
    expect(names()).toEqual(['lobby']);
  });

  it('is empty for who comes next, once the user has signed out', async () => {
    world.connect();
    open('tea');
    await world.session.actions.signOut();
    expect(world.knownRooms.rows.size).toBe(0);
  });
});

describe('what is unread', () => {
  it('is what the server counts, in a room that this page does not read', () => {
    world = createChatWorld({ knownRooms: [{ room: 'tea', roomKey: undefined, openedAt: 1 }] });
    world.connect();
    world.serverSends(summary('tea', 10, 7), summary('lobby', 0, undefined));
    expect(unread('tea')).toBe(3);
    world.serverSends(summary('tea', 11, 11));
    expect(unread('tea')).toBe(0);
  });

  it('is counted here, without what the user has written, where the page reads the room', () => {
    world.connect(logged(1), logged(2), logged(3, ann));
    world.serverSends(summary('lobby', 3, 1));
    expect(unread('lobby')).toBe(1);
  });

  it('leaves out what is no message of its own to people', () => {
    world.connect();
    world.serverSends(
      world.page([
        logged(1),
        { ...logged(2), about: { kind: 'react', seq: 1 } },
        { ...logged(3), about: { kind: 'reply', seq: 1 } },
        { ...logged(4), body: '', deleted: 5 },
      ] as ReturnType<typeof logged>[]),
      summary('lobby', 3, 0, { seq: 4 }),
    );
    expect(unread('lobby')).toBe(2);
  });

  it('is nothing as soon as the user has seen the end, before the server answers', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 0));
    expect(unread('lobby')).toBe(2);
    markRead(1);
    expect(unread('lobby')).toBe(1);
    markRead(2);
    expect(unread('lobby')).toBe(0);
    // What was on its way before the server heard.
    world.serverSends(summary('lobby', 2, 0));
    expect(unread('lobby')).toBe(0);
  });

  it('is not what the user has written from here', async () => {
    world.connect(logged(1));
    world.serverSends(summary('lobby', 1, 1));
    open('tea');
    open('lobby');
    world.session.actions.send('mine');
    open('tea');
    await settle();
    world.serverSends(
      { t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 5 },
      summary('lobby', 2, 1),
    );
    expect(unread('lobby')).toBe(0);
  });

  it('tells of nothing that has not changed', () => {
    world.connect(logged(1));
    world.serverSends(summary('lobby', 1, 0));
    const before = world.shown.rooms;
    world.serverSends(live(2));
    markRead(0);
    expect(world.shown.rooms).toBe(before);
  });
});

describe('news', () => {
  const last = (body: string, from = bob) => ({ last: { from, body, at: body.length } });
  const told = () => world.shown.news.map(({ room, body }) => [room, body]);

  it('is what others say after the room was first looked at, in whatever room', () => {
    world.connect();
    open('tea');
    world.serverSends(
      summary('lobby', 1, 0, last('before')),
      summary('tea', 0, undefined),
      summary('lobby', 2, 0, last('hello')),
      summary('tea', 1, undefined, last('tea?')),
    );
    expect(told()).toEqual([
      ['lobby', 'hello'],
      ['tea', 'tea?'],
    ]);
  });

  it('is what was said while the line was away', () => {
    world.connect();
    world.serverSends(summary('lobby', 1, 0));
    comeBack();
    world.serverSends(summary('lobby', 2, 0, last('missed')));
    expect(told()).toEqual([['lobby', 'missed']]);
  });

  it('is nothing that was read, written by the user, or merely changed', () => {
    world.connect();
    world.serverSends(
      summary('lobby', 1, 0),
      summary('lobby', 2, 2, last('read')),
      summary('lobby', 3, 2, last('mine', ann)),
      summary('lobby', 3, 2, { ...last('edited'), seq: 4 }),
      summary('lobby', 9, undefined, { ...last('another log'), epoch: 'e2' }),
    );
    expect(told()).toEqual([]);
  });
});

describe('what the user has read', () => {
  it('is told to the server at once, then at most once a second, with the latest', () => {
    world.connect(...[1, 2, 3, 4].map((seq) => logged(seq)));
    world.serverSends(summary('lobby', 4, 0));
    markRead(1);
    markRead(2);
    markRead(4);
    markRead(3);
    expect(reads()).toEqual([{ t: 'read', room: 'lobby', seq: 1 }]);
    world.time.advance(1_000);
    expect(reads().at(-1)).toEqual({ t: 'read', room: 'lobby', seq: 4 });
    world.time.advance(2_000);
    expect(reads()).toHaveLength(2);
  });

  it('never moves back, nor beyond what is there', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 2));
    markRead(1);
    markRead(99);
    world.time.advance(5_000);
    expect(reads()).toEqual([]);
  });

  it('is not told before the server has said what it knows: where it stood must not be lost', () => {
    world.connect(logged(1), logged(2));
    markRead(2);
    expect(reads()).toEqual([]);
    world.serverSends(summary('lobby', 2, 1));
    expect(reads()).toEqual([{ t: 'read', room: 'lobby', seq: 2 }]);
    expect(world.shown.readBefore).toEqual([1]);
  });

  it('without a line is told when there is one', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 0));
    world.network.latest.end();
    markRead(2);
    world.time.advance(0);
    world.sayHello();
    expect(reads()).toEqual([]);
    world.sayReady();
    expect(reads()).toEqual([{ t: 'read', room: 'lobby', seq: 2 }]);
  });

  it('is told again when the server did not hear it before the line was lost', () => {
    world.connect(logged(1));
    world.serverSends(summary('lobby', 1, 0));
    markRead(1);
    comeBack();
    expect(reads()).toEqual([]);
    world.serverSends(summary('lobby', 1, 0));
    expect(reads()).toEqual([{ t: 'read', room: 'lobby', seq: 1 }]);
  });

  it('on another page of theirs is read here, too', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 0));
    world.serverSends(summary('lobby', 2, 2));
    expect(unread('lobby')).toBe(0);
    expect(reads()).toEqual([]);
  });

  it('of a room is told when it is left for another', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 0));
    markRead(1);
    markRead(2);
    open('tea');
    world.time.advance(1_000);
    expect(reads().at(-1)).toEqual({ t: 'read', room: 'lobby', seq: 2 });
  });

  it('of a log that was replaced says nothing about the new one', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 2));
    world.serverSends({
      ...world.page([logged(1)], false, 'e2'),
      reset: 'epoch',
    } as ServerFrame);
    world.serverSends(summary('lobby', 1, undefined, { epoch: 'e2' }));
    expect(unread('lobby')).toBe(1);
  });
});

describe('how far the room had been read when it was opened', () => {
  it('is told once, as the server first says it', () => {
    world.connect(logged(1), logged(2));
    expect(world.shown.readBefore).toEqual([]);
    world.serverSends(summary('lobby', 2, 1), summary('lobby', 2, 2));
    expect(world.shown.readBefore).toEqual([1]);
  });

  it('is told for each opening, at once where it is known', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(summary('lobby', 2, 1));
    markRead(2);
    open('tea');
    world.serverSends(summary('tea', 0, undefined));
    open('lobby');
    expect(world.shown.readBefore).toEqual([1, Infinity, 2]);
  });
});

describe('a room that the user has never been in', () => {
  const hello = [logged(1), logged(2), logged(3)];
  const been = (enteredAs: string) =>
    createChatWorld({
      knownRooms: [{ room: 'lobby', roomKey: undefined, openedAt: 1, enteredAs }],
    });

  it('has nothing unread, and the server is told so for their other devices', () => {
    world.connect(...hello);
    world.serverSends(summary('lobby', 3, undefined));
    expect(unread('lobby')).toBe(0);
    expect(world.shown.readBefore).toEqual([Infinity]);
    expect(reads()).toEqual([{ t: 'read', room: 'lobby', seq: 3 }]);
  });

  it('has unread what comes from then on', () => {
    world.connect(...hello);
    world.serverSends(summary('lobby', 3, undefined), live(4), summary('lobby', 4, undefined));
    expect(unread('lobby')).toBe(1);
    comeBack();
    world.serverSends(summary('lobby', 5, 3));
    expect(unread('lobby')).toBe(2);
  });

  it('is none where they were when nobody had said anything', () => {
    world.connect();
    world.serverSends(summary('lobby', 0, undefined));
    const { enteredAs = '' } = world.knownRooms.rows.get('lobby') ?? {};
    world = been(enteredAs);
    world.connect(...hello);
    world.serverSends(summary('lobby', 3, undefined));
    expect(unread('lobby')).toBe(3);
    expect(world.shown.readBefore).toEqual([0]);
  });

  it('is one of another log, or of who is another user to the server', () => {
    for (const enteredAs of [`e0 ${ann.id}`, `e1 ${bob.id}`]) {
      world = been(enteredAs);
      world.connect(...hello);
      world.serverSends(summary('lobby', 3, undefined));
      expect(world.shown.readBefore).toEqual([Infinity]);
    }
  });

  it('is none that they read on another device', () => {
    world.connect(...hello);
    world.serverSends(summary('lobby', 3, 1));
    expect(unread('lobby')).toBe(2);
    expect(world.shown.readBefore).toEqual([1]);
  });
});

describe('how far the others have read', () => {
  const marks = (...each: [typeof ann, number][]): ServerFrame => ({
    t: 'reads',
    room: 'lobby',
    epoch: 'e1',
    marks: each.map(([user, seq]) => ({ user, seq })),
  });

  it('is told without oneself, each mark replacing the one before', () => {
    world.connect();
    world.serverSends(marks([ann, 3], [bob, 1]));
    expect(world.shown.reads).toEqual([{ user: bob, seq: 1 }]);
    world.serverSends(marks([bob, 2]));
    expect(world.shown.reads).toEqual([{ user: bob, seq: 2 }]);
  });

  it('is kept while another room is open', () => {
    world.connect();
    open('tea');
    world.serverSends(marks([bob, 2]));
    expect(world.shown.reads).toEqual([]);
    open('lobby');
    expect(world.shown.reads).toEqual([{ user: bob, seq: 2 }]);
  });

  it('in a log that was replaced is forgotten', () => {
    world.connect();
    world.serverSends(marks([bob, 2]));
    world.serverSends({ ...marks(), epoch: 'e2' } as ServerFrame);
    expect(world.shown.reads).toEqual([]);
  });
});
