import { beforeEach, describe, expect, it } from 'vitest';
import { createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

describe('who looks under the bonnet', () => {
  const inspect = () => world.session.actions.inspect();
  const live = (message: ReturnType<typeof logged>) =>
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...message });

  it('sees where each room stands, and what has no ack', async () => {
    expect(inspect().rooms).toEqual([{ room: 'lobby', epoch: undefined, seq: 0, held: 0 }]);
    world.connect(logged(1));
    world.session.actions.send('hello');
    await settle();
    expect(inspect()).toEqual({
      rooms: [{ room: 'lobby', epoch: 'e1', seq: 1, held: 0 }],
      outbox: [{ id: 'id1', room: 'lobby', body: 'hello', state: 'sending', hasLeft: true }],
      gapsFound: 0,
      gapsFilled: 0,
      duplicatesDropped: 0,
    });
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 5 });
    expect(inspect().outbox).toEqual([]);
  });

  it('counts a hole once, and that it was filled', () => {
    world.connect(logged(1));
    live(logged(4));
    live(logged(5));
    expect(inspect()).toMatchObject({ gapsFound: 1, gapsFilled: 0 });
    expect(inspect().rooms).toMatchObject([{ seq: 1, held: 2 }]);
    world.serverSends(world.page([logged(2), logged(3)]));
    expect(inspect()).toMatchObject({ gapsFound: 1, gapsFilled: 1 });
    expect(inspect().rooms).toMatchObject([{ seq: 5, held: 0 }]);
  });

  it('counts a hole at the end that the server’s heads show', () => {
    world.connect(logged(1));
    world.serverSends({ t: 'pong', n: 1, heads: [{ room: 'lobby', epoch: 'e1', seq: 2 }] });
    expect(inspect()).toMatchObject({ gapsFound: 1, gapsFilled: 0 });
    world.serverSends(world.page([logged(2)]));
    expect(inspect()).toMatchObject({ gapsFound: 1, gapsFilled: 1 });
  });

  it('counts what came twice, live or with a page', () => {
    world.connect(logged(1), logged(2));
    live(logged(2));
    live(logged(4));
    live(logged(4));
    world.serverSends(world.page([logged(2), logged(3), logged(4)]));
    expect(inspect().duplicatesDropped).toBe(4);
    expect(inspect().rooms).toMatchObject([{ seq: 4, held: 0 }]);
  });

  it('takes what comes before the first page for no hole', () => {
    world.connection.open();
    world.sayHello();
    world.sayReady();
    live(logged(3));
    world.serverSends(world.page([logged(1), logged(2), logged(3)]));
    expect(inspect()).toMatchObject({ gapsFound: 0, gapsFilled: 0 });
  });
});
