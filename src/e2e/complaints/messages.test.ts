/** What users of other libraries suffered from messages: lost, late, told wrongly. */
import { describe, expect, it } from 'vitest';
import { ann, createChatWorld, logged, settle } from '../../testing/chatWorld';

type World = ReturnType<typeof createChatWorld>;

/** The line drops, and is there again. */
async function dropAndReturn(world: World) {
  world.network.latest.end();
  world.time.advance(0);
  world.sayHello();
  world.sayReady();
  await settle();
}

describe('a message on its way when the line drops', () => {
  it('goes again, always, by itself and under the same id, without a handler in the app (socket.io #3414, #5363; socket.io-client #1279)', async () => {
    const world = createChatWorld();
    world.connect();
    world.session.actions.send('one');
    world.session.actions.send('two');
    await settle();
    for (let drop = 0; drop < 20; drop += 1) {
      await dropAndReturn(world);
      expect(world.sentOf('send')).toMatchObject([
        { id: 'id1', body: 'one' },
        { id: 'id2', body: 'two' },
      ]);
    }
  });

  it('is not told as failed and sent all the same; what is told as failed is not sent (ably-js #2115)', async () => {
    const world = createChatWorld();
    world.connect();
    world.session.actions.send('refused');
    world.session.actions.send('in flight');
    await settle();
    world.serverSends({ t: 'err', id: 'id1', code: 'bad_frame', retry: false, message: 'no' });
    await settle();
    world.network.latest.end();
    expect(world.bodies()).toEqual(['refused (failed)', 'in flight (queued)']);
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ id: 'id2', body: 'in flight' }]);
    expect(world.bodies()).toEqual(['refused (failed)', 'in flight (sending)']);
  });

  it('is shown in its place, whatever order acks and messages come in (ably-js #2153)', async () => {
    const world = createChatWorld();
    world.connect();
    world.session.actions.send('mine');
    await settle();
    world.serverSends(
      { t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 2 },
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(3) },
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(2, ann, 'id1'), body: 'mine' },
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(1) },
    );
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(world.shown.messages.map(({ body }) => body)).toEqual(['number 1', 'mine', 'number 3']);
  });

  it('stays on the line when the token is renewed: nothing is replaced (partykit #403; cloudflare/agents #1738)', async () => {
    const world = createChatWorld();
    world.connect();
    world.session.actions.send('before');
    await settle();
    world.serverSends({ t: 'token', token: 'newer', expiresIn: 60_000 });
    world.session.actions.send('after');
    await settle();
    expect(world.network.sockets).toHaveLength(1);
    expect(world.sentOf('send')).toMatchObject([{ body: 'before' }, { body: 'after' }]);
    expect(world.token()).toBe('newer');
  });
});

describe('what others said during an outage', () => {
  it('is asked for even if nothing had been said before it (socket.io #4888, #5538)', async () => {
    const world = createChatWorld();
    world.connect();
    await dropAndReturn(world);
    expect(world.sentOf('auth')).toMatchObject([
      { resume: [{ room: 'lobby', epoch: 'e1', seq: 0, mid: '' }] },
    ]);
    world.serverSends(world.page([logged(1), logged(2)]));
    expect(world.bodies()).toEqual(['number 1 (sent)', 'number 2 (sent)']);
  });

  it('is there after the background and after sleep, not gone (pusher-js #539, #11; Expensify/App #3892)', async () => {
    const world = createChatWorld();
    world.connect(logged(1));
    world.connection.suspend();
    world.time.sleep(3_600_000);
    world.connection.wake();
    world.sayHello();
    world.sayReady();
    expect(world.sentOf('auth')).toMatchObject([{ resume: [{ seq: 1, mid: 'm1' }] }]);
    world.serverSends(world.page([logged(2), logged(3)]));
    expect(world.bodies()).toEqual(['number 1 (sent)', 'number 2 (sent)', 'number 3 (sent)']);
  });

  it('is repaired even when what was promised cannot be kept: a recovery that fails is said, and reloads (socket.io #4968)', async () => {
    const world = createChatWorld();
    world.connect(logged(1), logged(2));
    await dropAndReturn(world);
    world.serverSends({
      t: 'sync',
      room: 'lobby',
      epoch: 'e2',
      head: 1,
      reset: 'epoch',
      messages: [logged(1)],
      more: false,
    });
    expect(world.bodies()).toEqual(['number 1 (sent)']);
    expect(world.shown.notices).toEqual([{ kind: 'log changed' }]);
  });
});
