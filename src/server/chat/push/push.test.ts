import { describe, expect, it } from 'vitest';
import type { About } from '../../../protocol/about';
import type { ServerFrameOf } from '../../../protocol/frames';
import { companionId } from '../../../protocol/program';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, intervalMs, settle, type TestClient, timeoutMs } from '../testChat';
import { pushThrough } from './push';
import type { PushOutcome, PushPayload, PushStore } from './pushPorts';
import { createMemoryPushStore } from './pushRegistry';

const graceMs = 10_000;
const startMs = 3 * graceMs;
const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) };
const phone = 'https://push.example/phone';
const turnOn = (room = 'tea', endpoint = phone) => ({ t: 'push', room, endpoint, keys }) as const;
const say = (id: string, body: string, room = 'tea') => ({ t: 'send', id, room, body }) as const;

let worlds = 0;

/** A chat whose push service is in the test's hands. */
function createWorld(store: PushStore = createMemoryPushStore()) {
  worlds += 1;
  let ids = worlds * 1_000;
  const pushes: (PushPayload & { endpoint: string })[] = [];
  let outcome: PushOutcome = { kind: 'sent' };
  const chat = createTestChat(createMemoryLog('epoch-1'), {
    // Unlike those of an earlier server on the same store.
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    push: pushThrough({
      store,
      sender: {
        key: 'the key',
        whyRefused: ({ endpoint }) =>
          endpoint.startsWith('https://push.example/') ? undefined : 'the endpoint is unknown',
        async send({ endpoint }, payload) {
          pushes.push({ endpoint, ...payload });
          return outcome;
        },
      },
    }),
  });
  return {
    ...chat,
    pushes,
    texts: () => pushes.map(({ text }) => text),
    answerWith: (next: PushOutcome) => {
      outcome = next;
    },
    async send(client: TestClient, ...frames: Parameters<TestClient['send']>) {
      client.send(...frames);
      await settle();
    },
    /** Ann has turned it on in tea; Bob is there, too. */
    async enterBoth() {
      const ann = await chat.enter('Ann', 'tea');
      const bob = await chat.enter('Bob', 'tea');
      ann.send(turnOn());
      await settle();
      return { ann, bob };
    },
    async pass(ms: number) {
      chat.time.advance(ms);
      await settle();
    },
  };
}

describe('what a program says', () => {
  it('is pushed as a program’s', async () => {
    const world = createWorld();
    const ann = await world.enter('Ann', 'lobby');
    await world.send(ann, turnOn('lobby'));
    ann.end(1000);
    const { token } = await world.tokens.issue({ id: companionId, name: 'Echo' });
    const program = world.connect();
    await world.send(
      program,
      { t: 'auth', token, name: 'Echo', resume: [] },
      { t: 'join', room: 'lobby' },
      { t: 'send', id: 'a', room: 'lobby', body: 'still there?' },
    );
    await world.pass(1_000);
    expect(world.pushes).toMatchObject([{ from: 'Echo', program: true, text: 'still there?' }]);
  });
});

describe('turning push on', () => {
  it('is offered with the key, and answered', async () => {
    const { enter, send } = createWorld();
    const ann = await enter('Ann', 'tea');
    expect(ann.last('ready').push).toEqual({ key: 'the key' });
    await send(ann, turnOn());
    expect(ann.last('pushed')).toEqual({ t: 'pushed', room: 'tea', on: true });
    await send(ann, { t: 'unpush', endpoint: phone });
    expect(ann.last('pushed')).toEqual({ t: 'pushed', on: false });
  });

  it('is refused for an endpoint that may not be pushed to, with the reason', async () => {
    const { enter, send } = createWorld();
    const ann = await enter('Ann', 'tea');
    await send(ann, turnOn('tea', 'https://127.0.0.1/'));
    expect(ann.last('err')).toMatchObject({
      code: 'push_refused',
      retry: false,
      message: 'the endpoint is unknown',
    });
  });

  it('is for members of the room only', async () => {
    const { enter, send } = createWorld();
    const ann = await enter('Ann', 'tea');
    await send(ann, turnOn('secret'));
    expect(ann.last('err').code).toBe('not_in_room');
  });

  it('is refused, and the chat goes on, when it cannot be kept', async () => {
    const store = createMemoryPushStore();
    const world = createWorld({
      ...store,
      add: () => Promise.reject(new Error('the disk is full')),
    });
    const ann = await world.enter('Ann', 'tea');
    await world.send(ann, turnOn(), say('a', 'hello'));
    expect(ann.last('err').code).toBe('push_refused');
    expect(ann.last('ack').id).toBe('a');
    expect(world.errors).toHaveLength(1);
  });

  it('is refused by a server that does not push, which offers no key', async () => {
    const { enter } = createTestChat();
    const ann = await enter('Ann', 'tea');
    ann.send(turnOn());
    await settle();
    expect(ann.last('ready').push).toBeUndefined();
    expect(ann.last('err').code).toBe('push_refused');
  });
});

describe('who is away', () => {
  it('is told of each message of others, by name and text', async () => {
    const { enterBoth, send, pushes } = createWorld();
    const { ann, bob } = await enterBoth();
    ann.end(1000);
    await send(bob, say('1', 'one'));
    await send(bob, say('2', 'x'.repeat(5_000)));
    expect(pushes).toEqual([
      { endpoint: phone, room: 'tea', seq: 1, from: 'Bob', text: 'one' },
      { endpoint: phone, room: 'tea', seq: 2, from: 'Bob', text: `${'x'.repeat(240)}…` },
    ]);
  });

  it('is told by whom of several of one name', async () => {
    const { enter, enterBoth, send, pushes } = createWorld();
    const { ann } = await enterBoth();
    const other = await enter('Bob', 'tea');
    ann.end(1000);
    await send(other, say('1', 'one'));
    expect(pushes).toMatchObject([{ from: `Bob ·${other.last('ready').user.tag}` }]);
  });

  it('is told of nothing any more after signing out', async () => {
    const { enterBoth, send, pushes, pass } = createWorld();
    const { ann, bob } = await enterBoth();
    await send(ann, { t: 'signout' });
    ann.end(4504);
    await send(bob, say('1', 'one'));
    await pass(graceMs);
    await send(bob, say('2', 'two'));
    expect(pushes).toEqual([]);
  });

  it('is not who has any connection open, in whatever room', async () => {
    const { enterBoth, connect, send, pushes } = createWorld();
    const { ann, bob } = await enterBoth();
    const other = connect();
    await send(other, { t: 'auth', name: 'Ann', token: ann.last('ready').token, resume: [] });
    ann.end(1000);
    await send(bob, say('1', 'one'));
    expect(pushes).toEqual([]);
    other.end(1000);
    await send(bob, say('2', 'two'));
    expect(pushes.map(({ seq }) => seq)).toEqual([2]);
  });

  it('is not told of a repeated message, nor by one that was refused', async () => {
    const { enterBoth, send, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    ann.end(1000);
    await send(bob, say('1', 'one'), say('1', 'one'), say('2', 'elsewhere', 'coffee'));
    expect(texts()).toEqual(['one']);
  });

  it('is not told of their own messages', async () => {
    const { enterBoth, pushes } = createWorld();
    const { ann } = await enterBoth();
    // The last that they do: the line ends before the message is in the log.
    ann.send(say('1', 'bye'));
    ann.end(1000);
    await settle();
    expect(pushes).toEqual([]);
  });

  it('is told only after the grace when the line broke, of the latest that came meanwhile', async () => {
    const { enterBoth, send, pass, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    ann.end(1001);
    await send(bob, say('1', 'one'));
    await send(bob, say('2', 'two'));
    await pass(graceMs - 1);
    expect(texts()).toEqual([]);
    await pass(1);
    expect(texts()).toEqual(['two']);
    await send(bob, say('3', 'three'));
    expect(texts()).toEqual(['two', 'three']);
  });

  it('is told of nothing when they came back within the grace', async () => {
    const { enterBoth, connect, send, pass, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    ann.end(1006);
    await send(bob, say('1', 'one'));
    await pass(graceMs - 1);
    const again = connect();
    await send(again, { t: 'auth', name: 'Ann', token: ann.last('ready').token, resume: [] });
    await pass(graceMs);
    expect(texts()).toEqual([]);
  });

  it('is told what came while the line was dead and nobody knew', async () => {
    const { enterBoth, send, pass, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    await send(bob, say('1', 'into the void'));
    await pass(intervalMs - 1);
    bob.send({ t: 'pong', n: bob.all('ping').at(-1)?.n ?? 1 });
    await pass(timeoutMs);
    ann.end(1006);
    await pass(graceMs);
    expect(texts()).toEqual(['into the void']);
  });

  it('is not told again of what they have seen before they left with a word', async () => {
    const { enterBoth, send, pass, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    await send(bob, say('1', 'seen'));
    await pass(1);
    ann.end(1001);
    await pass(graceMs);
    expect(texts()).toEqual([]);
  });
});

describe('a room that a connection has left', () => {
  it('is still one that its user is told of: a page goes from room to room', async () => {
    const { enterBoth, send, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    await send(ann, { t: 'leave', room: 'tea' });
    ann.end(1000);
    await send(bob, say('1', 'one'));
    expect(texts()).toEqual(['one']);
  });
});

describe('nobody is told any more', () => {
  it.each([
    ['it was turned off in the room', { t: 'unpush', room: 'tea', endpoint: phone }],
    ['it was turned off in every room', { t: 'unpush', endpoint: phone }],
  ] as const)('once %s', async (_, frame) => {
    const { enterBoth, send, pushes } = createWorld();
    const { ann, bob } = await enterBoth();
    await send(ann, frame);
    ann.end(1000);
    await send(bob, say('1', 'one'));
    expect(pushes).toEqual([]);
  });

  it('once the push service says that the subscription is gone', async () => {
    const store = createMemoryPushStore();
    const { enterBoth, send, answerWith, texts } = createWorld(store);
    const { ann, bob } = await enterBoth();
    answerWith({ kind: 'gone' });
    ann.end(1000);
    await send(bob, say('1', 'one'));
    await send(bob, say('2', 'two'));
    expect(texts()).toEqual(['one']);
    expect(await store.inRoom('tea')).toEqual([]);
  });

  it('by a push that waits to be tried again, once they are back', async () => {
    const { enterBoth, connect, send, pass, answerWith, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    answerWith({ kind: 'busy', retryAfterMs: 5_000 });
    ann.end(1000);
    await send(bob, say('1', 'one'));
    const again = connect();
    await send(again, { t: 'auth', name: 'Ann', token: ann.last('ready').token, resume: [] });
    await pass(5_000);
    expect(texts()).toEqual(['one']);
  });
});

describe('what is done to a message', () => {
  /** Ann is away, and Bob has said something. */
  async function said(outcome: PushOutcome = { kind: 'sent' }) {
    const world = createWorld();
    const { ann, bob } = await world.enterBoth();
    world.answerWith(outcome);
    return { ...world, ann, bob };
  }
  const about = (kind: About['kind'], { seq, mid }: ServerFrameOf<'ack'>, body: string) => ({
    ...say(kind, body),
    about: { kind, seq, mid },
  });

  it('is not pushed, as a reply is, by its own text', async () => {
    const { ann, bob, send, texts } = await said();
    ann.end(1000);
    await send(bob, say('1', 'one'));
    const first = bob.last('ack');
    await send(bob, about('edit', first, 'better'));
    await send(bob, about('react', first, '👍'));
    await send(bob, about('unreact', first, '👍'));
    await send(bob, about('reply', first, 'two'));
    await send(bob, about('delete', first, ''));
    expect(texts()).toEqual(['one', 'two']);
  });

  it('as an edit is what is pushed to who turns out to be away', async () => {
    const { ann, bob, send, pass, texts } = await said();
    ann.end(1001);
    await send(bob, say('1', 'one'));
    await send(bob, about('edit', bob.last('ack'), 'better'));
    await pass(graceMs);
    expect(texts()).toEqual(['better']);
  });

  it('as a deletion has it pushed to nobody any more', async () => {
    const { ann, bob, send, pass, texts } = await said();
    ann.end(1001);
    await send(bob, say('1', 'one'));
    await send(bob, about('delete', bob.last('ack'), ''));
    await pass(graceMs);
    expect(texts()).toEqual([]);
  });

  it.each([
    ['edit', 'better', ['one', 'better']],
    ['delete', '', ['one']],
  ] as const)('counts for a push that is to be tried again: %s', async (kind, body, tries) => {
    const { ann, bob, send, pass, texts } = await said({ kind: 'busy', retryAfterMs: 5_000 });
    ann.end(1000);
    await send(bob, say('1', 'one'));
    await send(bob, about(kind, bob.last('ack'), body));
    await pass(5_000);
    expect(texts()).toEqual(tries);
  });
});

describe('after a start of the server', () => {
  /** Ann had turned it on before. */
  async function restarted() {
    const store = createMemoryPushStore();
    const before = createWorld(store);
    const { ann } = await before.enterBoth();
    const world = createWorld(store);
    return { ...world, token: ann.last('ready').token };
  }

  it('everybody may come back unseen, and who does not is then told', async () => {
    const { enter, send, pass, texts } = await restarted();
    const bob = await enter('Bob', 'tea');
    await send(bob, say('1', 'one'));
    expect(texts()).toEqual([]);
    await pass(startMs);
    expect(texts()).toEqual(['one']);
    await send(bob, say('2', 'two'));
    expect(texts()).toEqual(['one', 'two']);
  });

  it('nobody is told who has come back', async () => {
    const { enter, connect, send, pass, texts, token } = await restarted();
    const bob = await enter('Bob', 'tea');
    await send(bob, say('1', 'one'));
    const ann = connect();
    await send(ann, { t: 'auth', name: 'Ann', token, resume: [] });
    ann.end(1000);
    await pass(startMs);
    expect(texts()).toEqual([]);
  });
});

describe('in a room of many', () => {
  it('a flood is told as its latest, at a bounded pace', async () => {
    const store = createMemoryPushStore();
    const people = 200;
    for (let index = 0; index < people; index += 1) {
      const subscription = { endpoint: `${phone}/${index}`, keys };
      await store.add({ room: 'tea', userId: `u${index}`, subscription });
    }
    const { enter, send, pass, texts } = createWorld(store);
    await pass(startMs);
    const bob = await enter('Bob', 'tea');
    for (let index = 0; index < 500; index += 1) bob.send(say(`m${index}`, `number ${index}`));
    await send(bob);
    // 16 are on their way at a time: all of them need a few turns.
    for (let turn = 0; turn < people; turn += 1) await settle();
    expect(bob.all('ack')).toHaveLength(500);
    expect(texts()).toEqual(Array(people).fill('number 0'));
    await pass(people);
    for (let turn = 0; turn < people; turn += 1) await settle();
    expect(texts().slice(people)).toEqual(Array(people).fill('number 499'));
  });
});

describe('the end', () => {
  it('lets what is on its way arrive, and leaves no timer', async () => {
    const { enterBoth, server, send, time, texts } = createWorld();
    const { ann, bob } = await enterBoth();
    ann.end(1006);
    await send(bob, say('1', 'one'));
    bob.end(1000);
    await server.drain([0, 0]);
    expect(texts()).toEqual([]);
    expect(time.armed).toBe(0);
  });
});
