import { describe, expect, it } from 'vitest';
import { createChatWorld } from '../testing/chatWorld';
import { createFakePush } from '../testing/fakePush';
import { settle } from '../testing/settle';

/** A session whose browser and memory are in the test's hands. */
function createWorld(start: Parameters<typeof createFakePush>[0] = {}) {
  const fake = createFakePush(start);
  const world = createChatWorld({ token: 'token 1', push: fake });
  const sayReady = (key: string | undefined = 'key 1') =>
    world.serverSends({
      t: 'ready',
      user: { id: 'u1', name: 'Ann' },
      token: 'token 2',
      rooms: [],
      ...(key && { push: { key } }),
    });
  return {
    ...world,
    fake,
    sayReady,
    async comeIn(key?: string | undefined) {
      world.connection.open();
      world.sayHello();
      sayReady(key);
      await settle();
    },
    async turn(on: boolean) {
      world.session.actions.setPush(on);
      await settle();
    },
    async pushed(on: boolean) {
      world.serverSends({ t: 'pushed', room: 'lobby', on });
      await settle();
    },
    state: () => world.shown.push.at(-1),
    pushFrames: () => world.sent().filter(({ t }) => t === 'push' || t === 'unpush'),
  };
}

const subscription = (key: string) => ({
  endpoint: `https://push.example/${encodeURIComponent(key)}`,
  keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
});
const registered = (key = 'key 1') => ({ t: 'push', room: 'lobby', ...subscription(key) });

describe('the switch', () => {
  it('cannot be had where the server does not push', async () => {
    const { comeIn, sayReady, state } = createWorld();
    await comeIn();
    expect(state()?.status).toBe('off');
    sayReady('');
    await settle();
    expect(state()?.status).toBe('impossible');
  });

  it('is off at first, and asks for nothing', async () => {
    const { comeIn, state, fake, pushFrames } = createWorld();
    await comeIn();
    expect(state()).toEqual({ status: 'off' });
    expect(fake.asked()).toBe(0);
    expect(pushFrames()).toEqual([]);
  });

  it('turned on asks for permission, subscribes and tells the server, whose answer makes it on', async () => {
    const { comeIn, turn, pushed, state, fake, pushFrames } = createWorld();
    await comeIn();
    await turn(true);
    expect(fake.asked()).toBe(1);
    expect(state()).toEqual({ status: 'asking' });
    expect(pushFrames()).toEqual([registered()]);
    await pushed(true);
    expect(state()).toEqual({ status: 'on' });
  });

  it.each([
    ['blocked when the browser is told to block', 'denied', { status: 'blocked' }],
    ['off when the question is put aside', 'default', { status: 'off' }],
  ] as const)('is %s', async (_, answer, expected) => {
    const { comeIn, turn, state, fake, pushFrames } = createWorld({ answer });
    await comeIn();
    await turn(true);
    expect(state()).toEqual(expected);
    expect(pushFrames()).toEqual([]);
    expect(fake.wish()).toBeUndefined();
  });

  it('counts the answer even if the line was lost while the question stood', async () => {
    const { comeIn, session, sayReady, pushFrames } = createWorld();
    await comeIn();
    session.actions.setPush(true);
    sayReady();
    await settle();
    expect(pushFrames()).toEqual([registered()]);
  });

  it('says it when the browser has no push service', async () => {
    const { comeIn, turn, state, fake } = createWorld();
    fake.failToSubscribe(true);
    await comeIn();
    await turn(true);
    expect(state()).toEqual({ status: 'off', problem: 'no service' });
  });

  it('says it when the server refuses the push service', async () => {
    const { comeIn, turn, state, fake, serverSends, comeIn: again } = createWorld();
    await comeIn();
    await turn(true);
    serverSends({ t: 'err', code: 'push_refused', retry: false, message: 'unknown' });
    expect(state()).toEqual({ status: 'off', problem: 'refused' });
    expect(fake.wish()).toBeUndefined();
    await again();
    expect(state()).toEqual({ status: 'off' });
  });

  it('turned off while it is asked for stays off', async () => {
    const { comeIn, turn, pushed, state, pushFrames, fake } = createWorld();
    await comeIn();
    await turn(true);
    await turn(false);
    await pushed(true);
    expect(state()).toEqual({ status: 'off' });
    expect(pushFrames().map(({ t }) => t)).toEqual(['push', 'unpush']);
    await pushed(false);
    expect(state()).toEqual({ status: 'off' });
    expect(await fake.browser.endpoint()).toBeUndefined();
  });
});

describe('after a reload, or a lost line', () => {
  it('the server is told again, as it may have lost it', async () => {
    const { comeIn, pushed, state, fake, pushFrames } = createWorld({
      wish: 'on',
      permission: 'granted',
      subscribedWith: 'key 1',
    });
    await comeIn();
    expect(fake.asked()).toBe(0);
    expect(pushFrames()).toEqual([registered()]);
    await pushed(true);
    expect(state()).toEqual({ status: 'on' });
  });

  it('stays on while the server is told', async () => {
    const { comeIn, turn, pushed, shown, sayHello, sayReady, network, time } = createWorld();
    await comeIn();
    await turn(true);
    await pushed(true);
    const told = shown.push.length;
    network.latest.end();
    time.advance(5_000);
    sayHello();
    sayReady();
    await settle();
    expect(shown.push.slice(told).every(({ status }) => status === 'on')).toBe(true);
  });

  it('it is off when the server accepts the push service no longer', async () => {
    const { comeIn, turn, pushed, state, sayReady, serverSends } = createWorld();
    await comeIn();
    await turn(true);
    await pushed(true);
    sayReady();
    await settle();
    serverSends({ t: 'err', code: 'push_refused', retry: false, message: 'unknown' });
    expect(state()).toEqual({ status: 'off', problem: 'refused' });
  });

  it('the browser subscribes anew when the server’s key is another', async () => {
    const { comeIn, pushFrames } = createWorld({
      wish: 'on',
      permission: 'granted',
      subscribedWith: 'key 1',
    });
    await comeIn('key 2');
    expect(pushFrames()).toEqual([registered('key 2')]);
  });

  it('is tried again where the push service could not be reached', async () => {
    const { comeIn, state, fake, sayReady, pushFrames } = createWorld({
      wish: 'on',
      permission: 'granted',
    });
    fake.failToSubscribe(true);
    await comeIn();
    expect(state()).toEqual({ status: 'off', problem: 'no service' });
    fake.failToSubscribe(false);
    sayReady();
    await settle();
    expect(pushFrames()).toEqual([registered()]);
  });

  it('what was shown of the room is taken away', async () => {
    const { comeIn, fake } = createWorld();
    await comeIn();
    expect(fake.cleared).toEqual(['lobby']);
  });

  it('the permission that was taken back turns it off, and blocking is said', async () => {
    const { comeIn, state, fake } = createWorld({ wish: 'on', permission: 'granted' });
    await comeIn();
    fake.setPermission('denied');
    expect(state()).toEqual({ status: 'blocked' });
    fake.setPermission('default');
    expect(state()).toEqual({ status: 'off' });
    expect(fake.wish()).toBeUndefined();
  });

  it('is on again by itself once it is no longer blocked', async () => {
    const { comeIn, pushed, state, fake } = createWorld({ wish: 'on', permission: 'denied' });
    await comeIn();
    expect(state()).toEqual({ status: 'blocked' });
    fake.setPermission('granted');
    await settle();
    await pushed(true);
    expect(state()).toEqual({ status: 'on' });
  });
});

describe('turned off', () => {
  const on = { wish: 'on', permission: 'granted', subscribedWith: 'key 1' } as const;
  const { endpoint } = subscription('key 1');

  it('the server is told, and the browser’s subscription ends with the last room', async () => {
    const { comeIn, turn, pushed, pushFrames, fake } = createWorld(on);
    await comeIn();
    await pushed(true);
    await turn(false);
    expect(pushFrames().at(-1)).toEqual({ t: 'unpush', room: 'lobby', endpoint });
    expect(await fake.browser.endpoint()).toBe(endpoint);
    await pushed(false);
    expect(fake.wish()).toBeUndefined();
    expect(await fake.browser.endpoint()).toBeUndefined();
  });

  it('keeps the subscription for other rooms', async () => {
    const { comeIn, turn, pushed, fake } = createWorld({ ...on, isOnElsewhere: true });
    await comeIn();
    await turn(false);
    await pushed(false);
    expect(await fake.browser.endpoint()).toBe(endpoint);
  });

  it('without a line it ends in the browser at once', async () => {
    const { comeIn, turn, network, fake } = createWorld(on);
    await comeIn();
    network.latest.end();
    await turn(false);
    expect(await fake.browser.endpoint()).toBeUndefined();
    expect(fake.wish()).toBeUndefined();
  });

  it('without a line, but with other rooms, the server is told at the next one', async () => {
    const { comeIn, turn, pushed, network, time, sayHello, sayReady, fake, pushFrames } =
      createWorld({ ...on, isOnElsewhere: true });
    await comeIn();
    network.latest.end();
    await turn(false);
    expect(fake.wish()).toBe('ending');
    time.advance(5_000);
    sayHello();
    sayReady();
    await settle();
    expect(pushFrames()).toEqual([{ t: 'unpush', room: 'lobby', endpoint }]);
    await pushed(false);
    expect(fake.wish()).toBeUndefined();
    expect(await fake.browser.endpoint()).toBe(endpoint);
  });

  it('signing out ends it for every room, before the line is closed', async () => {
    const { comeIn, session, pushFrames, fake, shown } = createWorld(on);
    await comeIn();
    await session.actions.signOut();
    expect(pushFrames().at(-1)).toEqual({ t: 'unpush', endpoint });
    expect(await fake.browser.endpoint()).toBeUndefined();
    expect(fake.wish()).toBeUndefined();
    expect(shown.isSignedOut).toBe(true);
  });

  it('nothing is listened to after the end', async () => {
    const { comeIn, stop, fake, shown } = createWorld();
    await comeIn();
    stop();
    const told = shown.push.length;
    fake.setPermission('denied');
    expect(shown.push).toHaveLength(told);
  });
});
