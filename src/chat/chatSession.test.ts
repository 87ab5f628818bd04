import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame } from '../protocol/frames';
import { ann, bob, createChatWorld, logged } from '../testing/chatWorld';
import { settle } from '../testing/settle';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

describe('the handshake', () => {
  it('answers hello with auth, and joins the room without waiting', () => {
    world.connection.open();
    world.sayHello();
    expect(world.sent()).toEqual([
      { t: 'auth', name: 'Ann', resume: [] },
      { t: 'join', room: 'lobby' },
    ]);
    expect(world.shown.status).toBe('connecting');
  });

  it('is done when the server is ready: who one is, is known and kept', () => {
    world.connect();
    expect(world.shown).toMatchObject({ status: 'open', me: ann });
    expect(world.token()).toBe('token 2');
  });

  it('shows the token of an earlier visit', () => {
    world = createChatWorld({ token: 'token 1' });
    world.connection.open();
    world.sayHello();
    expect(world.sentOf('auth')).toMatchObject([{ token: 'token 1' }]);
  });

  it('forgets a token that the server does not accept, so that Reconnect makes a new guest', () => {
    world = createChatWorld({ token: 'forged' });
    world.connection.open();
    world.sayHello();
    world.network.latest.end(4501, 'the token is not valid', true);
    expect(world.shown.status).toBe('failed');
    world.session.actions.reconnect();
    world.sayHello();
    expect(world.sentOf('auth')).toEqual([{ t: 'auth', name: 'Ann', resume: [] }]);
  });

  it('keeps a newer token, which another tab may have been given meanwhile', () => {
    world = createChatWorld({ token: 'forged' });
    world.connection.open();
    world.sayHello();
    world.setToken('new');
    world.network.latest.end(4501, 'the token is not valid', true);
    expect(world.token()).toBe('new');
  });

  it('gives the first beat at once, then beats as the server asks', () => {
    world.connect();
    world.time.advance(12);
    world.serverSends({ t: 'pong', n: 1 });
    expect(world.shown.beats).toMatchObject([{ kind: 'beat', rttMs: 12 }]);
    world.time.advance(20_000);
    expect(world.sentOf('ping')).toHaveLength(2);
    world.time.advance(5_000);
    expect(world.connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });
});

describe('who has become another guest', () => {
  it('is asked about what may have left before, and what was acked before is not said again', async () => {
    world.connect();
    for (const text of ['acked', 'in flight']) world.session.actions.send(text);
    await settle();
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 1, mid: 'm1', at: 5 });
    world.network.latest.end(4501, 'the token is not valid', true);
    world.session.actions.send('written since');
    await settle();
    expect(world.bodies()).toEqual(['in flight (failed)', 'written since (queued)']);
    expect(world.shown.messages[0]?.failure?.code).toBe('other_user');

    world.connection.open();
    world.sayHello();
    world.serverSends({ t: 'ready', user: { id: 'u9', name: 'Ann' }, token: 'new', rooms: [] });
    world.serverSends(world.page([logged(1, ann, 'id1'), logged(2, ann, 'id2')]));
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ body: 'written since' }]);
  });
});

describe('a browser that keeps no token', () => {
  it('has the page remember it, so that a lost line does not make another guest', async () => {
    world.connect();
    world.clearToken();
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    expect(world.sentOf('auth')).toMatchObject([{ token: 'token 2' }]);
  });
});

describe('what was held or asked for on a lost line', () => {
  it('is not shown when the log has it no more', () => {
    world.connect(logged(1));
    const lost = { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(3), body: 'lost' } as const;
    world.serverSends(lost);
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends({
      t: 'sync',
      room: 'lobby',
      epoch: 'e1',
      head: 1,
      messages: [],
      more: false,
    });
    expect(world.sentOf('sync')).toEqual([]);
    for (const seq of [2, 3]) {
      world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(seq) });
    }
    expect(world.bodies()).toEqual(['number 1 (sent)', 'number 2 (sent)', 'number 3 (sent)']);
  });

  it('is not asked for before the server knows who asks', async () => {
    world.connect(logged(7), logged(8));
    world.network.latest.end();
    world.time.advance(0);
    world.network.latest.accept();
    world.session.actions.loadOlder();
    expect(world.sentOf('history')).toEqual([]);
    world.sayHello();
    world.sayReady();
    await settle();
    world.session.actions.loadOlder();
    expect(world.sentOf('history')).toHaveLength(1);
  });
});

describe('a server that is not understood', () => {
  it('is left at once when it answers with what is no frame', () => {
    world.connection.open();
    world.network.latest.accept();
    world.network.latest.deliver('{"t":"hell');
    expect(world.connection.getState().cause).toEqual({ kind: 'not understood' });
  });

  it('is left when it does not say hello, and given time for the rest', () => {
    world.connection.open();
    world.network.latest.accept();
    world.time.advance(1_999);
    expect(world.network.sockets).toHaveLength(1);
    world.time.advance(1);
    expect(world.connection.getState().cause).toEqual({ kind: 'not understood' });

    world.time.advance(1_000);
    world.sayHello();
    world.time.advance(7_000);
    world.sayReady();
    expect(world.shown.status).toBe('open');
  });

  it('says a frame that this page does not know, later, and is kept', () => {
    world.connect();
    world.network.latest.deliver('{"t":"from a newer server"}');
    expect(world.shown.status).toBe('open');
  });
});

describe('sending', () => {
  it('shows a message at once, and what becomes of it', async () => {
    world.connect();
    world.session.actions.send('hello');
    expect(world.bodies()).toEqual(['hello (queued)']);
    await settle();
    expect(world.bodies()).toEqual(['hello (sending)']);
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 'id1', room: 'lobby', body: 'hello' }]);
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 1, mid: 'm1', at: 5 });
    expect(world.bodies()).toEqual(['hello (sent)']);
  });

  it('shows it once, whether ack or echo comes first', async () => {
    for (const ackFirst of [true, false]) {
      world = createChatWorld();
      world.connect();
      world.session.actions.send('number 1');
      await settle();
      const frames: ServerFrame[] = [
        { t: 'ack', id: 'id1', room: 'lobby', seq: 1, mid: 'm1', at: 5 },
        { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(1, ann, 'id1') },
      ];
      for (const frame of ackFirst ? frames : frames.reverse()) {
        world.serverSends(frame);
        expect(world.shown.messages).toMatchObject([{ id: 'id1', mine: true }]);
      }
      expect(world.bodies()).toEqual(['number 1 (sent)']);
    }
  });

  it('keeps what is written without a line, and sends it once there is one', async () => {
    world.session.actions.send('early');
    await settle();
    expect(world.bodies()).toEqual(['early (queued)']);
    expect(world.rows.size).toBe(1);
    world.connect();
    await settle();
    expect(world.sentOf('send')).toHaveLength(1);
  });

  it('sends again on the next line, under the same id, what had no ack', async () => {
    world.connect();
    world.session.actions.send('hello');
    await settle();
    world.network.latest.end();
    expect(world.bodies()).toEqual(['hello (queued)']);
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    await settle();
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 'id1', room: 'lobby', body: 'hello' }]);
    world.serverSends(
      { t: 'ack', id: 'id1', room: 'lobby', seq: 1, mid: 'm1', at: 5, dup: true },
      world.page([logged(1, ann, 'id1')]),
    );
    expect(world.shown.messages).toHaveLength(1);
    expect(world.rows.size).toBe(0);
  });

  it('holds back what is written while the line is checked, until it has answered', async () => {
    world.connect();
    world.serverSends({ t: 'pong', n: 1 });
    world.connection.wake();
    world.session.actions.send('hello');
    await settle();
    expect(world.bodies()).toEqual(['hello (queued)']);
    world.serverSends({ t: 'pong', n: 2 });
    expect(world.bodies()).toEqual(['hello (sending)']);
  });

  it('leaves a line on which an ack does not come in its time', async () => {
    world.connect();
    world.serverSends({ t: 'pong', n: 1 });
    world.session.actions.send('hello');
    await settle();
    world.time.advance(3_500);
    world.serverSends({ t: 'pong', n: 2 });
    world.time.advance(6_499);
    expect(world.shown.status).toBe('open');
    world.time.advance(1);
    expect(world.connection.getState().cause).toEqual({ kind: 'ack timeout' });
  });

  it('asks a line on which an ack is late for another sign of life, and holds back until it comes', async () => {
    world.connect();
    world.serverSends({ t: 'pong', n: 1 });
    world.session.actions.send('hello');
    await settle();
    world.time.advance(3_500);
    world.session.actions.send('later');
    await settle();
    expect(world.bodies()).toEqual(['hello (sending)', 'later (queued)']);
    world.serverSends({ t: 'pong', n: 2 });
    expect(world.bodies()).toEqual(['hello (sending)', 'later (sending)']);
  });

  it('shows a refusal with its reason, and goes on', async () => {
    world.connect();
    world.session.actions.send('bad');
    world.session.actions.send('good');
    await settle();
    world.serverSends(
      { t: 'err', id: 'id1', code: 'bad_frame', retry: false, message: 'no' },
      { t: 'ack', id: 'id2', room: 'lobby', seq: 1, mid: 'm1', at: 5 },
    );
    expect(world.bodies()).toEqual(['bad (failed)', 'good (sent)']);
    expect(world.shown.messages[0]?.failure).toEqual({ code: 'bad_frame', message: 'no' });
    world.session.actions.remove('id1');
    expect(world.bodies()).toEqual(['good (sent)']);
  });

  it('sends later, not before its time, what the server could not take', async () => {
    world.connect();
    world.session.actions.send('hello');
    await settle();
    world.serverSends({
      t: 'err',
      id: 'id1',
      code: 'unavailable',
      retry: true,
      after: 2_000,
      message: 'no',
    });
    expect(world.bodies()).toEqual(['hello (queued)']);
    world.time.advance(1_999);
    expect(world.sentOf('send')).toHaveLength(1);
    world.time.advance(1);
    expect(world.sentOf('send')).toHaveLength(2);
  });

  it('does not send what no frame can hold, and says so', async () => {
    world.connect();
    world.session.actions.send('心'.repeat(10_001));
    await settle();
    expect(world.shown.messages).toMatchObject([
      { state: 'failed', failure: { code: 'too_long' } },
    ]);
    expect(world.sentOf('send')).toEqual([]);
  });

  it('delivers what was written in another room, too', async () => {
    const stored = {
      id: 'old',
      room: 'kitchen',
      body: 'tea?',
      at: 1,
      failure: undefined,
      page: '',
    };
    world = createChatWorld({ kept: [stored] });
    world.connect();
    await settle();
    expect(world.sent().slice(-2)).toEqual([
      { t: 'join', room: 'kitchen' },
      { t: 'send', id: 'old', room: 'kitchen', body: 'tea?' },
    ]);
    expect(world.shown.messages).toEqual([]);
    world.serverSends({ t: 'ack', id: 'old', room: 'kitchen', seq: 4, mid: 'm4', at: 5 });
    await settle();
    expect(world.rows.size).toBe(0);
  });
});

describe('an export', () => {
  it('has what came while it was read, too', async () => {
    world.connect(logged(2));
    const exported = world.session.actions.exportRoom();
    world.serverSends(
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(3) },
      { t: 'history', room: 'lobby', epoch: 'e1', messages: [logged(1)], more: false },
    );
    expect((await exported).messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('a token', () => {
  const grant = (token: string, expiresIn = 100_000) => ({ token, expiresIn });

  it('is renewed on the line before it ends, one request at a time, and kept', () => {
    world.connection.open();
    world.sayHello();
    world.serverSends({ t: 'ready', user: ann, ...grant('first'), rooms: [] }, world.page([]));
    for (let second = 0; second < 90; second += 1) {
      world.serverSends({ t: 'pong', n: world.sentOf('ping').length });
      world.time.advance(1_000);
    }
    expect(world.sentOf('refresh')).toHaveLength(1);
    world.serverSends({ t: 'token', ...grant('second') });
    expect(world.token()).toBe('second');
    expect(world.network.sockets).toHaveLength(1);
  });
});

describe('a line that was given up', () => {
  it('is tried again when somebody writes, or retries', async () => {
    const giveUp = () => {
      while (world.connection.getState().status !== 'failed') {
        world.network.latest.end();
        world.time.advance(60_000);
      }
    };
    world.connection.open();
    giveUp();
    world.session.actions.send('anybody there?');
    expect(world.connection.getState().status).toBe('connecting');
    giveUp();
    world.session.actions.retry('id1');
    expect(world.connection.getState().status).toBe('connecting');
  });

  it('is not, when the server had refused for good', () => {
    world.connect();
    world.network.latest.end(4500, 'too many frames that break the protocol', true);
    world.session.actions.send('hello?');
    expect(world.connection.getState().status).toBe('failed');
  });
});

describe('signing out', () => {
  it('forgets who one is and what was not sent, and leaves as one who goes', async () => {
    world.connect();
    await settle();
    world.connection.close();
    world.session.actions.send('never sent');
    await settle();
    expect(world.session.actions.unsentCount()).toBe(1);
    world.connection.open();
    world.sayHello();
    const line = world.network.latest;
    await world.session.actions.signOut();
    expect(line.closedWith).toEqual({ code: 1000, reason: 'signed out' });
    expect(world.token()).toBeUndefined();
    expect(world.rows.size).toBe(0);
    expect(world.bodies()).toEqual([]);
    expect(world.shown.isSignedOut).toBe(true);
    world.connection.wake();
    expect(world.connection.getState().status).toBe('closed');
  });
});

describe('signing out, as the server hears of it', () => {
  it('has the token ended on a line of its own, at once', async () => {
    world.connect();
    await world.session.actions.signOut();
    expect(await world.hearFarewell()).toMatchObject([
      { t: 'auth', token: 'token 2' },
      { t: 'signout' },
    ]);
    expect(world.farewells.areDue()).toBe(false);
  });

  it('needs nothing of it for who never was let in', async () => {
    world.connection.open();
    await world.session.actions.signOut();
    expect(world.farewellNetwork.sockets).toEqual([]);
    expect(world.farewells.areDue()).toBe(false);
  });

  it('comes before a new guest comes in: the name of the former is free then', async () => {
    world = createChatWorld({ signedOut: ['old token'] });
    world.connection.open();
    world.sayHello();
    expect(world.sent()).toEqual([]);
    expect(await world.hearFarewell()).toMatchObject([{ token: 'old token' }, { t: 'signout' }]);
    expect(world.sent()).toMatchObject([{ t: 'auth' }, { t: 'join' }]);
  });

  it('keeps nobody waiting who comes back by a token, nor when it cannot be told', async () => {
    world = createChatWorld({ signedOut: ['old token'], token: 'token 1' });
    world.connection.open();
    world.sayHello();
    expect(world.sent()[0]).toMatchObject({ t: 'auth', token: 'token 1' });
    world = createChatWorld({ signedOut: ['old token'] });
    world.connection.open();
    world.sayHello();
    world.farewellNetwork.latest.end();
    await settle();
    expect(world.sent()[0]).toMatchObject({ t: 'auth' });
    expect(world.farewells.areDue()).toBe(true);
  });

  it('lets nobody in on a line that was lost meanwhile', async () => {
    world = createChatWorld({ signedOut: ['old token'] });
    world.connection.open();
    world.sayHello();
    const line = world.network.latest;
    line.end();
    await world.hearFarewell();
    expect(line.sent).toEqual([]);
  });

  it('on another device ends this page’s stay, and the token is not shown again', async () => {
    world.connect();
    world.network.latest.end(4504, 'signed out', true);
    expect(world.shown.status).toBe('failed');
    expect(world.token()).toBeUndefined();
    expect(world.shown.isSignedOut).toBe(false);
    world.connection.open();
    world.sayHello();
    await settle();
    expect(world.sent()[0]).toEqual({ t: 'auth', name: 'Ann', resume: [expect.anything()] });
  });
});

describe('a private room', () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
  beforeEach(() => {
    world = createChatWorld({ room, roomKey: key });
  });

  it('is joined, and resumed, with its key', () => {
    world.connect();
    expect(world.sentOf('join')).toEqual([{ t: 'join', room, key }]);
    world.network.latest.end();
    world.connection.open();
    world.sayHello();
    expect(world.sentOf('auth')).toMatchObject([{ resume: [{ room, key }] }]);
    expect(world.sentOf('join')).toEqual([]);
  });

  it('has its key kept with what waits for it, and with nothing else that leaves', async () => {
    world.session.actions.send('a secret');
    await settle();
    expect([...world.rows.values()]).toMatchObject([{ room, roomKey: key }]);
    world.connect();
    await settle();
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 'id1', room, body: 'a secret' }]);
    world.serverSends({ t: 'ack', id: 'id1', room, seq: 1, mid: 'm1', at: 1 });
    await settle();
    expect(world.rows.size).toBe(0);
    const { messages } = await world.session.actions.exportRoom();
    expect(JSON.stringify(messages)).not.toContain(key);
  });

  it('gets what was written in it from a page of another room', async () => {
    const entry = { id: 'a', room, roomKey: key, body: 'x', at: 0, failure: undefined, page: '' };
    world = createChatWorld({ kept: [{ ...entry, at: 1_000_000 }] });
    world.connect();
    await settle();
    expect(world.sentOf('join')).toEqual([
      { t: 'join', room: 'lobby' },
      { t: 'join', room, key },
    ]);
    expect(world.sentOf('send')).toMatchObject([{ id: 'a', room }]);
  });

  it('that the server keeps shut is said to be', () => {
    world.connect();
    world.serverSends({ t: 'err', room, code: 'forbidden', retry: false, message: 'no' });
    expect(world.shown.notices).toEqual([{ kind: 'forbidden' }]);
  });

  it('kept shut is nothing to say of when it is another than the page’s', () => {
    world.connect();
    world.serverSends({ t: 'err', room: 'p-x', code: 'forbidden', retry: false, message: 'no' });
    expect(world.shown.notices).toEqual([]);
  });
});

describe('an export', () => {
  it('tells apart authors of one name', async () => {
    world.connect(logged(1), logged(2, { id: 'u9', name: 'Bob', tag: 'k3f9' }));
    const { messages } = await world.session.actions.exportRoom();
    expect(messages.map(({ author, tag }) => [author, tag])).toEqual([
      ['Bob', undefined],
      ['Bob', 'k3f9'],
    ]);
    expect(Object.keys(messages[0] ?? {})).not.toContain('tag');
  });
});

describe('receiving', () => {
  it('shows the page, then what comes live, each once and in order', () => {
    world.connect(logged(1), logged(2));
    world.serverSends(
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(2) },
      { t: 'msg', room: 'lobby', epoch: 'e1', ...logged(3) },
    );
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('asks for a hole once, and shows nothing beyond it until it is filled', () => {
    world.connect(logged(1));
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(4) });
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(5) });
    expect(world.shown.messages).toHaveLength(1);
    expect(world.sentOf('sync')).toEqual([
      { t: 'sync', room: 'lobby', epoch: 'e1', seq: 1, mid: 'm1' },
    ]);
    world.serverSends(world.page([logged(2), logged(3)]));
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('resumes from where it stands after a reconnect, page by page', () => {
    world.connect(logged(1));
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    expect(world.sent()).toEqual([
      {
        t: 'auth',
        name: 'Ann',
        token: 'token 2',
        resume: [{ room: 'lobby', epoch: 'e1', seq: 1, mid: 'm1' }],
      },
    ]);
    world.sayReady();
    world.serverSends(world.page([logged(2)], true));
    expect(world.sentOf('sync')).toMatchObject([{ seq: 2, mid: 'm2' }]);
    world.serverSends(world.page([logged(3)]));
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('learns from a pong that something was missed', () => {
    world.connect(logged(1));
    world.serverSends({ t: 'pong', n: 1, heads: [{ room: 'lobby', epoch: 'e1', seq: 3 }] });
    expect(world.sentOf('sync')).toMatchObject([{ seq: 1 }]);
  });

  it('says that the log has changed, and shows the new one', () => {
    world.connect(logged(1), logged(2));
    world.serverSends({
      ...world.page([logged(1, ann)], false, 'e2'),
      reset: 'epoch',
    } as ServerFrame);
    expect(world.shown.notices).toEqual([{ kind: 'log changed' }]);
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1]);
  });

  it('says again what one has said oneself, under the same id, if the log has lost it', async () => {
    world.connect();
    world.session.actions.send('kept');
    world.session.actions.send('lost');
    await settle();
    world.serverSends(
      { t: 'ack', id: 'id1', room: 'lobby', seq: 1, mid: 'm1', at: 5 },
      { t: 'ack', id: 'id2', room: 'lobby', seq: 2, mid: 'm2', at: 6 },
      { ...world.page([logged(1, ann, 'id1')]), reset: 'diverged' } as ServerFrame,
    );
    await settle();
    expect(world.sentOf('send').slice(2)).toEqual([
      { t: 'send', id: 'id2', room: 'lobby', body: 'lost' },
    ]);
    world.serverSends({ t: 'ack', id: 'id2', room: 'lobby', seq: 2, mid: 'm9', at: 7 });
    expect(world.bodies()).toEqual(['number 1 (sent)', 'lost (sent)']);
  });

  it('keeps what lies before the lost end, and says nothing of that again', async () => {
    world.connect(logged(1));
    world.session.actions.send('kept');
    await settle();
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 5 });
    for (const message of [logged(2, ann, 'id1'), logged(3), logged(4), logged(5)])
      world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...message });
    world.serverSends({ ...world.page([logged(4)]), reset: 'diverged' } as ServerFrame);
    await settle();
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(world.sentOf('send')).toHaveLength(1);
  });

  it('says again what was acked and never came, if the log has lost it', async () => {
    world.connect(logged(1));
    world.session.actions.send('lost');
    await settle();
    world.serverSends({ t: 'ack', id: 'id1', room: 'lobby', seq: 2, mid: 'm2', at: 5 });
    world.network.latest.end();
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends({ ...world.page([logged(2)]), head: 2 } as ServerFrame);
    await settle();
    expect(world.sentOf('send')).toEqual([{ t: 'send', id: 'id1', room: 'lobby', body: 'lost' }]);
  });

  it('answers the server’s pings', () => {
    world.connect();
    world.serverSends({ t: 'ping', n: 9 });
    expect(world.sentOf('pong')).toEqual([{ t: 'pong', n: 9 }]);
  });

  it('ignores what it cannot read, and goes on', () => {
    world.connect();
    world.network.latest.deliver('no json');
    world.network.latest.deliver('{"t":"novelty"}');
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(1) });
    expect(world.shown.messages).toHaveLength(1);
  });

  it('leaves a message the same object as long as it does not change', () => {
    world.connect(logged(1));
    const [before] = world.shown.messages;
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(2) });
    expect(world.shown.messages[0]).toBe(before);
  });
});

describe('older messages', () => {
  it('are asked for once at a time, and put in front', async () => {
    world.connect(logged(5), logged(6));
    expect(world.shown.hasOlder).toBe(true);
    world.session.actions.loadOlder();
    world.session.actions.loadOlder();
    expect(world.sentOf('history')).toMatchObject([{ before: 5 }]);
    const messages = [1, 2, 3, 4].map((seq) => logged(seq));
    world.serverSends({ t: 'history', room: 'lobby', epoch: 'e1', messages, more: false });
    await settle();
    expect(world.shown.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(world.shown.hasOlder).toBe(false);
  });

  it('are all in an export, with what is unsent at the end', async () => {
    world.connect(logged(3));
    world.session.actions.send('mine');
    const exporting = world.session.actions.exportRoom();
    world.serverSends({
      t: 'history',
      room: 'lobby',
      epoch: 'e1',
      messages: [logged(2)],
      more: true,
    });
    await settle();
    world.serverSends({
      t: 'history',
      room: 'lobby',
      epoch: 'e1',
      messages: [logged(1)],
      more: false,
    });
    const { room, messages } = await exporting;
    expect(room).toBe('lobby');
    expect(messages.map(({ seq, author, state }) => [seq, author, state])).toEqual([
      [1, 'Bob', 'sent'],
      [2, 'Bob', 'sent'],
      [3, 'Bob', 'sent'],
      [null, 'Ann', 'sending'],
    ]);
  });

  it('reject an export of a room that was not read yet', async () => {
    await expect(world.session.actions.exportRoom()).rejects.toThrow('not read yet');
  });

  it('reject an export when the line is lost on the way', async () => {
    world.connect(logged(3));
    const exporting = world.session.actions.exportRoom();
    world.network.latest.end();
    await expect(exporting).rejects.toThrow('line');
  });
});

describe('who is here', () => {
  it('is known on joining, and follows who comes and leaves', () => {
    world.connect();
    world.serverSends({ t: 'presence', room: 'lobby', members: [ann] });
    world.serverSends({ t: 'presence', room: 'lobby', came: [bob] });
    expect(world.shown.members).toEqual([ann, bob]);
    world.serverSends({ t: 'presence', room: 'lobby', left: ['u2'] });
    expect(world.shown.members).toEqual([ann]);
  });
});

describe('who is writing', () => {
  it('is shown, oneself never, until their message comes', () => {
    world.connect();
    world.serverSends({ t: 'typing', room: 'lobby', user: bob });
    world.serverSends({ t: 'typing', room: 'lobby', user: ann });
    world.serverSends({ t: 'typing', room: 'attic', user: { id: 'u3', name: 'Eve' } });
    expect(world.shown.writing).toEqual([bob]);
    world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(1, bob) });
    expect(world.shown.writing).toEqual([]);
  });

  it('is told now and then while one goes on, and at once after a message', () => {
    const { actions } = world.session;
    actions.typing();
    world.connect();
    actions.typing();
    actions.typing();
    expect(world.sentOf('typing')).toHaveLength(1);
    world.time.advance(2_500);
    actions.typing();
    expect(world.sentOf('typing')).toHaveLength(2);
    actions.send('done');
    actions.typing();
    expect(world.sentOf('typing')).toHaveLength(3);
  });
});

describe('the line', () => {
  it('that the server leaves for a restart is sought again in the window it gave', () => {
    world.connect();
    world.serverSends({ t: 'bye', code: 4001, why: 'restart', after: [3_000, 9_000] });
    world.network.latest.end(4001, 'the server is restarting', true);
    expect(world.connection.getState().retryAt).toBe(world.time.now() + 3_000);
    expect(world.shown.beats.at(-1)).toMatchObject({ kind: 'lost' });
  });

  it('closed on purpose stays closed', () => {
    world.connect();
    world.session.actions.disconnect();
    world.time.advance(3_600_000);
    expect(world.shown.status).toBe('closed');
    expect(world.network.latest.closedWith).toMatchObject({ code: 1000 });
    expect(world.network.sockets).toHaveLength(1);
  });

  it('is left with nothing behind when the session stops', () => {
    world.connect();
    world.connection.close();
    world.stop();
    expect(world.time.armed).toBe(0);
  });
});

describe('a line that loses what it should not', () => {
  it('is left when a page that was asked for does not come', () => {
    world.connection.open();
    world.sayHello();
    world.sayReady();
    for (let second = 0; second < 15; second += 1) {
      world.serverSends({ t: 'pong', n: world.sentOf('ping').length });
      world.time.advance(1_000);
    }
    expect(world.connection.getState()).toMatchObject({
      status: 'connecting',
      cause: { kind: 'ack timeout' },
    });
    expect(world.network.sockets).toHaveLength(2);
  });

  it('is kept where the room lets nobody in, as no page will come', () => {
    world.connection.open();
    world.sayHello();
    world.sayReady();
    world.serverSends({
      t: 'err',
      code: 'forbidden',
      room: 'lobby',
      retry: false,
      message: 'private',
    });
    for (let second = 0; second < 60; second += 1) {
      world.serverSends({ t: 'pong', n: world.sentOf('ping').length });
      world.time.advance(1_000);
    }
    expect(world.network.sockets).toHaveLength(1);
  });

  it('gives a message that came before the page into its room another way, once', async () => {
    world.connect();
    world.session.actions.send('hello');
    await settle();
    const stray = (): void =>
      world.serverSends({
        t: 'err',
        id: 'id1',
        code: 'not_in_room',
        retry: false,
        message: 'not joined',
      });
    stray();
    expect(world.bodies()).toEqual(['hello (queued)']);
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.serverSends(world.page([]));
    await settle();
    expect(world.sentOf('send')).toHaveLength(1);
    stray();
    expect(world.bodies()).toEqual(['hello (failed)']);
  });

  it('tells once whose messages they are when that came after them', async () => {
    world.connection.open();
    world.sayHello();
    world.serverSends(world.page([logged(1, ann)]));
    expect(world.shown.messages).toMatchObject([{ mine: false }]);
    world.sayReady();
    expect(world.shown.messages).toMatchObject([{ mine: true }]);
  });
});
