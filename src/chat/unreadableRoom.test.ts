/** A room that the server cannot read just now, among others that it can. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrameOf } from '../protocol/frames';
import { createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const unavailable = (fields: Partial<ServerFrameOf<'err'>>): ServerFrameOf<'err'> => ({
  ...{ t: 'err', code: 'unavailable', retry: true, message: 'not now' },
  ...fields,
});
const noPage = (room = 'lobby') => unavailable({ room, instead: 'sync' });
const open = (room: string) => world.session.actions.openRoom(room, undefined);

/** So much time passes, on a line that lives. */
function pass(seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    world.serverSends({ t: 'pong', n: world.sentOf('ping').length });
    world.time.advance(1_000);
  }
}

function connectWithoutPage() {
  world.connection.open();
  world.sayHello();
  world.sayReady();
  world.serverSends(noPage());
}

describe('a page that the server cannot read just now', () => {
  it('is waited for on the same line, and what is wrong is said until it is there', () => {
    connectWithoutPage();
    expect(world.shown).toMatchObject({ isUnreadable: true, isLoaded: false });
    pass(120);
    expect(world.network.sockets).toHaveLength(1);
    world.serverSends(world.page([logged(1)]));
    expect(world.bodies()).toEqual(['number 1 (sent)']);
    expect(world.shown).toMatchObject({ isUnreadable: false, isLoaded: true });
  });

  it('and brings nothing new says that it is over all the same', () => {
    world.connect(logged(1));
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends(noPage());
    expect(world.shown.isUnreadable).toBe(true);
    expect(world.bodies()).toEqual(['number 1 (sent)']);
    world.serverSends({ ...world.page([]), head: 1 } as ServerFrameOf<'sync'>);
    expect(world.shown.isUnreadable).toBe(false);
    expect(world.bodies()).toEqual(['number 1 (sent)']);
  });

  it('is not asked for again and again', () => {
    world.connect(logged(1));
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(3) });
    expect(world.sentOf('sync')).toHaveLength(1);
    world.serverSends(noPage());
    for (const seq of [4, 5, 6]) {
      world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(seq) });
    }
    expect(world.sentOf('sync')).toHaveLength(1);
    world.serverSends(world.page([logged(2), logged(3)]));
    expect(world.bodies()).toHaveLength(6);
  });

  it('is said of the room that is open, and no other', () => {
    world.connect(logged(1));
    open('tea');
    world.serverSends(noPage('tea'));
    expect(world.shown.isUnreadable).toBe(true);
    open('lobby');
    expect(world.shown.isUnreadable).toBe(false);
    open('tea');
    expect(world.shown.isUnreadable).toBe(true);
  });

  it('is waited for anew on another line, on which it may fail to come', () => {
    connectWithoutPage();
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    expect(world.network.sockets).toHaveLength(2);
    pass(20);
    expect(world.network.sockets.length).toBeGreaterThan(2);
  });
});

describe('older messages that the server cannot read just now', () => {
  it('are asked for again when somebody scrolls up again', async () => {
    world.connect(logged(7));
    world.session.actions.loadOlder();
    world.serverSends(unavailable({ room: 'lobby', instead: 'history' }));
    await settle();
    expect(world.shown.isUnreadable).toBe(false);
    pass(60);
    expect(world.network.sockets).toHaveLength(1);
    world.session.actions.loadOlder();
    expect(world.sentOf('history')).toHaveLength(2);
    const older = [1, 2, 3, 4, 5, 6].map((seq) => logged(seq));
    world.serverSends({ t: 'history', room: 'lobby', epoch: 'e1', messages: older, more: false });
    await settle();
    expect(world.bodies()).toHaveLength(7);
  });
});

describe('a message to a room that takes none just now', () => {
  it('lets those to other rooms by, and goes again before what was written there after it', async () => {
    world.connect();
    world.session.actions.send('one');
    await settle();
    open('tea');
    world.serverSends(world.page([], false, 'e1', 'tea'));
    world.serverSends(unavailable({ id: 'id1', after: 2_000 }));
    world.session.actions.send('in tea');
    open('lobby');
    world.session.actions.send('two');
    await settle();
    const sent = () =>
      world.sentOf('send').map((frame) => ('body' in frame ? `${frame.room}: ${frame.body}` : ''));
    expect(sent()).toEqual(['lobby: one', 'tea: in tea']);
    world.time.advance(2_000);
    expect(sent()).toEqual(['lobby: one', 'tea: in tea', 'lobby: one', 'lobby: two']);
  });

  it('waits for each room by itself', async () => {
    world.connect();
    world.session.actions.send('one');
    open('tea');
    world.session.actions.send('two');
    await settle();
    world.serverSends(unavailable({ id: 'id1', after: 1_000 }));
    world.serverSends(unavailable({ id: 'id2', after: 3_000 }));
    world.time.advance(1_000);
    expect(world.sentOf('send')).toMatchObject([{ id: 'id1' }, { id: 'id2' }, { id: 'id1' }]);
    world.time.advance(2_000);
    expect(world.sentOf('send').at(-1)).toMatchObject({ id: 'id2' });
  });
});
