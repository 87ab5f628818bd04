import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame } from '../protocol/frames';
import { ann, bob, createChatWorld, logged } from '../testing/chatWorld';
import { createFakePush } from '../testing/fakePush';
import { settle } from '../testing/settle';
import { keptRooms } from './openRooms';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const open = (room: string, roomKey?: string) => world.session.actions.openRoom(room, roomKey);
const pageOf = (room: string, ...messages: ReturnType<typeof logged>[]) =>
  world.page(messages, false, 'e1', room);
const live = (room: string, seq: number): ServerFrame => ({
  t: 'msg',
  room,
  epoch: 'e1',
  ...logged(seq),
});
const comeBack = () => {
  world.network.latest.end();
  world.time.advance(0);
  world.sayHello();
};

describe('another room', () => {
  it('is joined on the same line, and shown once its page is here', () => {
    world.connect(logged(1));
    open('tea');
    expect(world.sentOf('join').at(-1)).toEqual({ t: 'join', room: 'tea' });
    expect(world.shown).toMatchObject({ room: 'tea', messages: [], isLoaded: false });
    world.serverSends(pageOf('tea', logged(7)));
    expect(world.bodies()).toEqual(['number 7 (sent)']);
    expect(world.shown.isLoaded).toBe(true);
    expect(world.network.sockets).toHaveLength(1);
  });

  it('shows nothing of what goes on in the one before', () => {
    world.connect(logged(1));
    open('tea');
    world.serverSends(
      pageOf('tea'),
      live('lobby', 2),
      { t: 'typing', room: 'lobby', user: bob },
      { t: 'presence', room: 'lobby', members: [ann, bob] },
      { ...pageOf('lobby', logged(9)), reset: 'diverged' } as ServerFrame,
    );
    expect(world.shown).toMatchObject({ messages: [], members: [], writing: [], notices: [] });
  });

  it('that is the open one already is left as it is', () => {
    world.connect(logged(1));
    open('lobby');
    expect(world.bodies()).toEqual(['number 1 (sent)']);
    expect(world.sentOf('join')).toHaveLength(1);
  });

  it('that was opened before the server was ready is joined when it is', () => {
    world.connection.open();
    world.sayHello();
    open('tea');
    expect(world.sentOf('join')).toEqual([{ t: 'join', room: 'lobby' }]);
    world.sayReady();
    expect(world.sentOf('join').at(-1)).toEqual({ t: 'join', room: 'tea' });
  });

  it('that is private is joined with its key', () => {
    const key = 'AAECAwQFBgcICQoLDA0ODw';
    const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
    world.connect();
    open(room, key);
    expect(world.sentOf('join').at(-1)).toEqual({ t: 'join', room, key });
  });

  it('is told at once that one writes there, whatever one wrote before', () => {
    world.connect();
    world.session.actions.typing();
    open('tea');
    world.session.actions.typing();
    expect(world.sentOf('typing')).toEqual([
      { t: 'typing', room: 'lobby' },
      { t: 'typing', room: 'tea' },
    ]);
  });
});

describe('a room that was left', () => {
  it('is there at once when one comes back, with what was said meanwhile and who is there', () => {
    world.connect(logged(1));
    world.serverSends({ t: 'presence', room: 'lobby', members: [ann] });
    open('tea');
    world.serverSends(live('lobby', 2), { t: 'presence', room: 'lobby', came: [bob] });
    open('lobby');
    expect(world.bodies()).toEqual(['number 1 (sent)', 'number 2 (sent)']);
    expect(world.shown).toMatchObject({ isLoaded: true, members: [ann, bob] });
    expect(world.sentOf('join')).toHaveLength(2);
    expect(world.sentOf('leave')).toEqual([]);
  });

  it('is resumed after a loss like the open one, each from where it stands', () => {
    world.connect(logged(1));
    open('tea');
    world.serverSends(pageOf('tea', logged(7)));
    open('attic');
    comeBack();
    expect(world.sent()).toEqual([
      {
        t: 'auth',
        name: 'Ann',
        token: 'token 2',
        resume: [
          { room: 'tea', epoch: 'e1', seq: 7, mid: 'm7' },
          { room: 'lobby', epoch: 'e1', seq: 1, mid: 'm1' },
        ],
      },
      // Its page never came.
      { t: 'join', room: 'attic' },
    ]);
  });

  it('learns from a pong that something was missed, too', () => {
    world.connect(logged(1));
    open('tea');
    world.serverSends({ t: 'pong', n: 1, heads: [{ room: 'lobby', epoch: 'e1', seq: 3 }] });
    expect(world.sentOf('sync')).toMatchObject([{ room: 'lobby', seq: 1 }]);
  });

  it('is read no more once others have taken its place', () => {
    world.connect(logged(1));
    for (let count = 1; count < keptRooms; count += 1) open(`room${count}`);
    expect(world.sentOf('leave')).toEqual([]);
    open('one-too-many');
    expect(world.sentOf('leave')).toEqual([{ t: 'leave', room: 'lobby' }]);
    world.serverSends(live('lobby', 2));
    open('lobby');
    expect(world.shown.messages).toEqual([]);
    expect(world.sentOf('join').at(-1)).toEqual({ t: 'join', room: 'lobby' });
    world.serverSends(pageOf('lobby', logged(1), logged(2)));
    expect(world.shown.messages).toHaveLength(2);
  });

  it('has what was written in it sent, and does not lose it from sight', async () => {
    world.session.actions.send('for the lobby');
    open('tea');
    world.session.actions.send('for tea');
    await settle();
    expect(world.bodies()).toEqual(['for tea (queued)']);
    open('lobby');
    expect(world.bodies()).toEqual(['for the lobby (queued)']);
    world.connect();
    await settle();
    expect(world.sentOf('send')).toMatchObject([
      { room: 'lobby', body: 'for the lobby' },
      { room: 'tea', body: 'for tea' },
    ]);
    world.serverSends({ t: 'ack', id: 'id2', room: 'tea', seq: 1, mid: 'm1', at: 5 });
    open('tea');
    expect(world.bodies()).toEqual(['for tea (sent)']);
  });

  it('is given back what its log has lost while another one was open', async () => {
    world.connect(logged(1));
    world.session.actions.send('lost');
    await settle();
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 5 });
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(2, ann, 'id1') });
    open('tea');
    comeBack();
    world.sayReady();
    world.serverSends({ ...world.page([logged(1)], false, 'e2'), reset: 'epoch' } as ServerFrame);
    await settle();
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 'id1', room: 'lobby', body: 'lost' }]);
  });
});

describe('a room that was joined only for what waited to be said there', () => {
  const waiting = { id: 'a', room: 'attic', body: 'x', at: 0, failure: undefined, page: '' };

  it('is left when that has gone', async () => {
    world = createChatWorld({ kept: [{ ...waiting, at: 1_000_000 }] });
    world.connect();
    await settle();
    expect(world.sentOf('join').at(-1)).toEqual({ t: 'join', room: 'attic' });
    expect(world.sentOf('leave')).toEqual([]);
    world.serverSends({ t: 'ack', id: 'a', room: 'attic', seq: 1, mid: 'm1', at: 5 });
    expect(world.sentOf('leave')).toEqual([{ t: 'leave', room: 'attic' }]);
  });

  it('sends its page when it is opened after all', async () => {
    world = createChatWorld({ kept: [{ ...waiting, at: 1_000_000 }] });
    world.connect();
    await settle();
    open('attic');
    expect(world.sentOf('join').slice(1)).toEqual([
      { t: 'join', room: 'attic' },
      { t: 'join', room: 'attic' },
    ]);
    world.serverSends({ t: 'ack', id: 'a', room: 'attic', seq: 1, mid: 'm1', at: 5 });
    expect(world.sentOf('leave')).toEqual([]);
  });
});

describe('being pushed to', () => {
  const on = { status: 'on' } as const;
  const connect = async (fake: ReturnType<typeof createFakePush>) => {
    world = createChatWorld({ token: 'token 1', push: fake });
    world.connection.open();
    world.sayHello();
    world.serverSends({ t: 'ready', user: ann, token: 't', rooms: [], push: { key: 'k' } });
    await settle();
  };
  const pushFrames = () => world.sent().filter(({ t }) => t === 'push' || t === 'unpush');

  it('is switched for the open room', async () => {
    await connect(createFakePush({ permission: 'granted' }));
    open('tea');
    await settle();
    expect(world.shown.push.at(-1)).toEqual({ status: 'off' });
    world.session.actions.setPush(true);
    await settle();
    expect(pushFrames()).toMatchObject([{ t: 'push', room: 'tea' }]);
    world.serverSends({ t: 'pushed', room: 'tea', on: true });
    expect(world.shown.push.at(-1)).toEqual(on);
    open('lobby');
    await settle();
    expect(world.shown.push.at(-1)).toEqual({ status: 'off' });
  });

  it('goes on being turned on, or off, when another room is opened meanwhile', async () => {
    await connect(createFakePush({ permission: 'granted' }));
    world.session.actions.setPush(true);
    open('tea');
    await settle();
    expect(pushFrames()).toMatchObject([{ t: 'push', room: 'lobby' }]);
    world.serverSends({ t: 'pushed', room: 'lobby', on: true });
    open('lobby');
    await settle();
    world.session.actions.setPush(false);
    open('tea');
    await settle();
    expect(pushFrames().at(-1)).toMatchObject({ t: 'unpush', room: 'lobby' });
  });

  it('ends in a room that is forgotten', async () => {
    await connect(createFakePush({ permission: 'granted', wish: 'on', subscribedWith: 'k' }));
    open('tea');
    world.session.actions.forgetRoom('lobby');
    await settle();
    expect(pushFrames().at(-1)).toMatchObject({ t: 'unpush', room: 'lobby' });
    expect(world.sentOf('leave')).toEqual([{ t: 'leave', room: 'lobby' }]);
  });

  it('ends in a room that was forgotten without a line as soon as there is one', async () => {
    const fake = createFakePush({
      permission: 'granted',
      wish: 'on',
      subscribedWith: 'k',
      isOnElsewhere: true,
    });
    await connect(fake);
    open('tea');
    world.network.latest.end();
    world.session.actions.forgetRoom('lobby');
    await settle();
    expect(fake.wish('lobby')).toBe('ending');
    world.time.advance(0);
    world.sayHello();
    world.serverSends({ t: 'ready', user: ann, token: 't', rooms: [], push: { key: 'k' } });
    await settle();
    expect(pushFrames()).toMatchObject([{ t: 'unpush', room: 'lobby' }]);
    world.serverSends({ t: 'pushed', room: 'lobby', on: false });
    expect(fake.wish('lobby')).toBeUndefined();
  });
});
