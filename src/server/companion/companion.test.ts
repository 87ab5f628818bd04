import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes } from '../../protocol/closeCodes';
import { limits } from '../../protocol/limits';
import { companionId, companionRoom } from '../../protocol/program';
import { createManualTime } from '../../testing/manualTime';
import type { ChatServer, ChatServerOptions } from '../chat/chatServer';
import { maxSilenceMs } from '../chat/client/clientLine';
import { defaultAllowances } from '../chat/limits/allowances';
import { createIdSeries } from '../chat/people/idSeries';
import { shownTexts } from '../chat/room/testReader';
import { createTestChat, settle, type TestClient } from '../chat/testChat';
import { createMemoryLog } from '../log/memoryLog';
import { createCompanion } from './companion';
import { shortAwayMs } from './company';

async function createWorld(
  options: Partial<ChatServerOptions> = {},
  log = createMemoryLog('e'),
  isInBrowser = false,
) {
  const chat = createTestChat(log, options);
  const { server, tokens, time, errors } = chat;
  const companion = createCompanion({
    chat: server,
    tokens,
    time,
    newId: createIdSeries('companion'),
    isInBrowser,
    onError: (error) => errors.push(error),
  });
  await settle();
  onTestFinished(() => {
    companion.stop();
    expect(errors).toEqual([]);
  });

  async function pass(ms: number, stepMs = 110) {
    // In steps, as what falls due may wait for the log before it waits for time again.
    for (let passed = 0; passed < ms; passed += stepMs) {
      time.advance(stepMs);
      await settle();
    }
  }
  let ids = 0;
  return {
    ...chat,
    companion,
    pass,
    come: (name: string) => chat.enter(name, companionRoom),
    /** Says something, and lets the companion answer what it can at once. */
    async say(client: TestClient, ...bodies: string[]) {
      client.send(
        ...bodies.map((body) => {
          ids += 1;
          return { t: 'send', id: `m${ids}`, room: companionRoom, body } as const;
        }),
      );
      await settle();
    },
  };
}

/** What the companion has said, as a client was told. */
const heard = (client: TestClient) =>
  client
    .all('msg')
    .filter(({ from }) => from.id === companionId)
    .map(({ body }) => body);

const lastHeard = (client: TestClient) => heard(client).at(-1) ?? expect.fail('nothing was said');

describe('who comes', () => {
  it('is greeted in both languages, with their number in line', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    expect(heard(ann)).toEqual([expect.stringContaining('Hello, Ann! You are number 1 in line.')]);
    expect(lastHeard(ann)).toContain('你好，Ann！你是第 1 位来到这里的。');
    await world.pass(2_000);
    const ming = await world.come('小明');
    expect(lastHeard(ming)).toContain('你好，小明！你是第 2 位来到这里的。');
  });

  it('is told where only their own browser has the chat', async () => {
    const inBrowser = 'This chat lives in your browser';
    const ann = await (await createWorld()).come('Ann');
    expect(lastHeard(ann)).not.toContain(inBrowser);
    const bob = await (await createWorld({}, createMemoryLog('e'), true)).come('Bob');
    expect(lastHeard(bob)).toContain(inBrowser);
    expect(lastHeard(bob)).toContain('这个聊天就在你的浏览器里');
  });

  it('sees the companion among who is there', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const members = ann.all('presence').flatMap((presence) => presence.members ?? []);
    expect(members.map(({ id }) => id)).toContain(companionId);
  });

  it('is greeted together with who comes in the same second', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.come('Bob');
    await world.come('Cleo');
    expect(heard(ann)).toHaveLength(1);
    await world.pass(1_100);
    expect(heard(ann)).toHaveLength(2);
    expect(lastHeard(ann)).toContain('Bob (number 2 in line), Cleo (number 3 in line)');
  });

  it('is not greeted again after a reload, but after a while', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const { token } = ann.last('ready');
    ann.end(1000);
    const comeBack = async () => {
      const client = world.connect();
      client.send({ t: 'auth', token, name: 'Ann', resume: [] }, { t: 'join', room: 'lobby' });
      await settle();
      return client;
    };
    const reloaded = await comeBack();
    await world.pass(2_000);
    expect(heard(reloaded)).toEqual([]);
    reloaded.end(1000);
    await settle();
    await world.pass(shortAwayMs, 5_000);
    expect(lastHeard(await comeBack())).toContain('number 2 in line');
  });

  it('is not greeted again by a server that was restarted, if they said something just before', async () => {
    const log = createMemoryLog('e');
    const at = createManualTime().now();
    const from = { id: 'ann', name: 'Ann' };
    await log.append({ room: companionRoom, from, id: 'm', mid: 'm', body: 'hello', at });
    const world = await createWorld({}, log);
    const { token } = await world.tokens.issue(from);
    const ann = world.connect();
    ann.send({ t: 'auth', token, name: 'Ann', resume: [] }, { t: 'join', room: companionRoom });
    await settle();
    expect(heard(ann)).toEqual([]);
    const bob = await world.come('Bob');
    expect(heard(bob)).toEqual([expect.stringContaining('number 1 in line')]);
  });

  it('is greeted if they were there before the companion', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', companionRoom);
    const companion = createCompanion({
      chat: chat.server,
      tokens: chat.tokens,
      time: chat.time,
      newId: createIdSeries('companion'),
      onError: (error) => chat.errors.push(error),
    });
    onTestFinished(() => companion.stop());
    await settle();
    expect(heard(ann)).toEqual([expect.stringContaining('Hello, Ann!')]);
  });

  it('is greeted in the lobby only', async () => {
    const world = await createWorld();
    const ann = await world.enter('Ann', 'tea');
    ann.send({ t: 'send', id: 'm', room: 'tea', body: '/help' });
    await settle();
    expect(heard(ann)).toEqual([]);
  });
});

describe('who is alone with it', () => {
  it('hears what they said, in Chinese if that has Chinese characters', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hello', '你好');
    expect(heard(ann).slice(1)).toEqual(['You said: hello', '你说：你好']);
  });

  it('hears no more of a very long text than a message can hold', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, '心'.repeat(limits.bodyLength));
    expect([...lastHeard(ann)]).toHaveLength(limits.bodyLength);
  });

  it('hears nothing of edits, deletions and reactions', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hello');
    const { seq, mid } = ann.last('ack');
    ann.send(
      {
        t: 'send',
        id: 'edit',
        room: 'lobby',
        body: 'hello!',
        about: { kind: 'edit', seq, mid },
      },
      { t: 'send', id: 'react', room: 'lobby', body: '👍', about: { kind: 'react', seq, mid } },
    );
    await settle();
    expect(heard(ann)).toHaveLength(2);
  });

  it('is told kindly that a command is none', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', '/dance now');
    expect(lastHeard(ann)).toBe('I do not know /dance, sorry. `/help` lists what I can do.');
  });

  it('gets an answer to everything, however much was sent at once', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const written = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    await world.say(ann, ...written);
    await settle();
    expect(heard(ann).slice(1)).toEqual(written.map((text) => `You said: ${text}`));
  });
});

describe('who is there with others', () => {
  it('is answered when they call it, and left alone else', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    await world.pass(2_000);
    bob.clear();
    await world.say(ann, 'hello Bob', '/dance', '@Echoes are not meant');
    expect(heard(bob)).toEqual([]);
    await world.say(ann, '@Echo hello', '@Echo /dance');
    expect(heard(bob)).toEqual(['You said: hello', expect.stringContaining('/dance')]);
    await world.say(ann, '/help');
    expect(lastHeard(bob)).toContain('@Echo');
  });

  it('is answered without being called once the others have left', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    bob.end(1000);
    await settle();
    await world.say(ann, 'hello');
    expect(lastHeard(ann)).toBe('You said: hello');
  });
});

describe('/help', () => {
  it('lists every command: in both languages as long as nobody knows which is spoken', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, '/help');
    for (const command of ['/slow', '/flood', '/stream', '/drop', '/silent', '显示这份说明']) {
      expect(lastHeard(ann)).toContain(command);
    }
    await world.say(ann, '你好', '／HELP');
    expect(lastHeard(ann)).not.toContain('While');
  });
});

describe('/slow', () => {
  it('answers after as many seconds as were asked for, writing all the while', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', '/slow 6');
    expect(ann.last('typing').user.id).toBe(companionId);
    await world.pass(5_700);
    expect(ann.all('typing').length).toBeGreaterThan(2);
    expect(lastHeard(ann)).toBe('You said: hi');
    await world.pass(500);
    expect(lastHeard(ann)).toBe('Here I am, 6 seconds later.');
  });

  it.each(['0', '31', 'x', '-1', '1.5'])('says what it can do instead of %s', async (argument) => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', `/slow ${argument}`);
    expect(lastHeard(ann)).toContain('1 to 30 seconds');
  });
});

describe('/flood', () => {
  it('sends as many messages, in order, and says how long that took', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', '/flood 1000');
    await expect.poll(() => lastHeard(ann)).toContain('1,000 messages in');
    expect(heard(ann).slice(2, -1)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `${index + 1} / 1000`),
    );
  });

  it('is as fast where everybody else is limited', async () => {
    const world = await createWorld({ allowances: defaultAllowances });
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', '/flood 1000');
    await expect.poll(() => lastHeard(ann)).toContain('1,000 messages in 0.0 s');
  });

  it.each(['0', '1001', 'many'])('says what it can do instead of %s', async (argument) => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', `/flood ${argument}`);
    expect(lastHeard(ann)).toContain('1 to 1,000 messages');
  });

  it('ends when who asked for it leaves', async () => {
    const log = createMemoryLog('e');
    let leave = () => {};
    const world = await createWorld(
      {},
      {
        ...log,
        append(draft) {
          if (draft.body === '150 / 1000') leave();
          return log.append(draft);
        },
      },
    );
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    leave = () => ann.end(1000);
    await world.say(ann, '/flood 1000');
    await world.pass(2_000);
    // What is under way by then is kept; nothing follows.
    expect(heard(bob).filter((body) => body.endsWith('/ 1000'))).toHaveLength(200);
  });

  it('has to rest after a few, whoever asks', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi');
    for (let flood = 1; flood <= 5; flood += 1) {
      await world.say(ann, '/flood 1000');
      await expect
        .poll(() => heard(ann).filter((body) => body.startsWith('Those were')))
        .toHaveLength(flood);
    }
    await world.say(ann, '/flood 1000');
    expect(lastHeard(ann)).toContain('I can flood again in 20 seconds');
  });
});

describe('/stream', () => {
  /** What is shown of the companion's message: `…` while it is written, `†` where it was broken off. */
  const shown = (client: TestClient) => Object.values(shownTexts(client.received)).at(-1) ?? '';

  it('grows one message before all eyes, about three times a second, and sends it at its end', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', '/stream');
    const said = heard(ann).length;
    expect(shown(ann)).toBe('This answer…');
    await world.pass(1_000);
    const pieces = ann.all('stream').length;
    expect(pieces).toBeGreaterThan(2);
    expect(pieces).toBeLessThan(5);
    // Who comes in the middle sees all of it.
    const bob = await world.come('Bob');
    expect(shown(bob)).toBe(shown(ann));
    await world.pass(15_000);
    const whole = heard(ann).find((text) => text.startsWith('This answer'));
    expect(whole).toMatch(/^This answer grows while .* full stop\.$/);
    expect(
      ann
        .all('stream')
        .map(({ text }) => text)
        .join(''),
    ).toBe(whole);
    expect(new Set(ann.all('stream').map(({ id }) => id)).size).toBe(1);
    // It, and the welcome of Bob.
    expect(heard(ann)).toHaveLength(said + 2);
    expect(shownTexts(bob.received)).toEqual(expect.objectContaining({ [idOf(ann)]: whole }));
  });

  const idOf = (client: TestClient) => client.last('stream').id;

  it('is broken off where it is when who asked leaves', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    await world.say(ann, '/stream');
    await world.pass(1_000);
    ann.end(closeCodes.left.code);
    await world.pass(1_000);
    expect(bob.last('msg')).toMatchObject({ id: idOf(bob), cut: true });
    expect(lastHeard(bob)).toMatch(/^This answer grows/);
  });

  it('is written for more people at a time than one may write for', async () => {
    const world = await createWorld();
    const people = await Promise.all(
      Array.from({ length: limits.streamsPerUser + 2 }, (_, n) => world.come(`P${n}`)),
    );
    for (const each of people) await world.say(each, '/stream');
    const [first] = people;
    if (!first) throw new Error('there are some');
    const writing = () =>
      Object.values(shownTexts(first.received)).filter((text) => text.endsWith('…'));
    expect(writing()).toHaveLength(people.length);
    await world.pass(20_000);
    expect(writing()).toEqual([]);
  });

  it('is sent whole where there is no place to show it while it grows', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    for (let n = 0; n < 10; n += 1) {
      const writer = await world.come(`W${n}`);
      for (let id = 0; id < limits.streamsPerUser; id += 1) {
        writer.send({ t: 'stream', id: `w${n}-${id}`, room: companionRoom, at: 0, text: 'x' });
      }
    }
    await world.say(ann, '/stream');
    await world.pass(20_000);
    expect(ann.all('stream').filter(({ from }) => from.id === companionId)).toEqual([]);
    expect(heard(ann).filter((text) => text.startsWith('This answer'))).toEqual([
      // Nobody has said yet what they speak.
      expect.stringMatching(/ full stop\.\n\n这段回答.*。$/),
    ]);
  });

  it('is in Chinese for who writes Chinese', async () => {
    const world = await createWorld();
    const ming = await world.come('小明');
    await world.say(ming, '/stream');
    expect(shown(ming)).toBe('这段回答…');
  });
});

describe('/drop', () => {
  it('closes every line of who asked with a code that reconnects, and no other', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    await world.say(ann, '/drop');
    await world.pass(1_000);
    expect(ann.closedWith).toBeUndefined();
    await world.pass(1_000);
    expect(ann.closedWith).toBe(4010);
    expect(bob.closedWith).toBeUndefined();
    expect(lastHeard(bob)).toContain('while you had no line');
    expect(heard(ann).at(-1)).not.toContain('while you had no line');
  });
});

describe('/silent', () => {
  it('says nothing more on the line of who asked, who is told by when they notice', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const bob = await world.come('Bob');
    await world.say(ann, 'hi Bob', '/silent');
    expect(lastHeard(ann)).toContain('within 35 seconds');
    await world.pass(2_000);
    ann.clear();
    bob.clear();
    ann.send({ t: 'ping', n: 7 }, { t: 'send', id: 'x', room: 'lobby', body: 'is anybody there?' });
    bob.send({ t: 'ping', n: 8 });
    await world.say(bob, 'Ann?');
    expect(bob.last('pong').n).toBe(8);
    expect(bob.all('msg').map(({ body }) => body)).toContain('is anybody there?');
    world.time.advance(120_000);
    expect(ann.received).toEqual([]);
    expect(ann.closedWith).toBeUndefined();
  });

  it('answers on the next line, where what was said before is known', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    const { token } = ann.last('ready');
    await world.say(ann, '/silent');
    await world.pass(2_000);
    ann.clear();
    const message = { t: 'send', id: 'x', room: 'lobby', body: 'is anybody there?' } as const;
    ann.send(message);
    await settle();
    expect(ann.received).toEqual([]);
    const next = world.connect();
    next.send({ t: 'auth', token, name: 'Ann', resume: [] }, { t: 'join', room: 'lobby' }, message);
    await settle();
    expect(next.last('ack')).toMatchObject({ id: 'x', dup: true });
    next.send({ t: 'ping', n: 1 });
    expect(next.last('pong').n).toBe(1);
  });

  it('ends the line when nobody can be waiting on it any more', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, '/silent');
    await world.pass(2_000);
    world.time.advance(maxSilenceMs);
    expect(ann.isTerminated).toBe(true);
  });
});

describe('what it does at a time', () => {
  it('is bounded for each person: who asks too much is told so once', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, 'hi', ...Array.from({ length: 60 }, () => '/slow 1'));
    await world.say(ann, '/slow 1', '/slow 1');
    expect(heard(ann).filter((body) => body.startsWith('One thing'))).toHaveLength(1);
    await world.pass(30_000);
    expect(heard(ann).filter((body) => body.startsWith('Here I am'))).toHaveLength(54);
  });
});

describe('the companion', () => {
  it('leaves nothing behind when it is stopped', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    await world.say(ann, '/slow', '/stream', '/silent');
    ann.end(1000);
    world.companion.stop();
    await settle();
    expect(world.server.counts()).toMatchObject({ connections: 0, users: 0, rooms: 0 });
    expect(world.time.armed).toBe(0);
  });

  it('comes back when its line has ended, and does not greet who was there', async () => {
    const world = await createWorld();
    const ann = await world.come('Ann');
    world.server.hangUp(companionId);
    await settle();
    expect(world.server.counts().users).toBe(1);
    await world.pass(2_000);
    ann.clear();
    await world.say(ann, 'hello again');
    expect(heard(ann)).toEqual(['You said: hello again']);
  });

  it('tries again, and less and less often, for as long as it gets no token', async () => {
    const { server, tokens, time } = createTestChat();
    const errors: unknown[] = [];
    const companion = createCompanion({
      chat: server,
      tokens: {
        issue: (user) => (errors.length < 3 ? Promise.reject('no key') : tokens.issue(user)),
      },
      time,
      newId: createIdSeries('companion'),
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => companion.stop());
    for (const waitMs of [1_000, 2_000, 4_000]) {
      await settle();
      time.advance(waitMs - 1);
      await settle();
      expect(server.counts().users).toBe(0);
      time.advance(1);
    }
    await settle();
    expect(server.counts().users).toBe(1);
    expect(errors).toEqual(['no key', 'no key', 'no key']);
  });

  it.each<[string, (server: ChatServer) => Promise<unknown>]>([
    ['restarting', (server) => server.drain([0, 100])],
    ['ending for good', (server) => server.end(closeCodes.reloadNeeded)],
  ])('does not come back to a server that is %s', async (_, end) => {
    const world = await createWorld();
    await end(world.server);
    await settle();
    expect(world.server.counts().connections).toBe(0);
    expect(world.time.armed).toBe(0);
  });

  it('has a tag where somebody came with its name first, and answers to that', async () => {
    const chat = createTestChat();
    const echo = await chat.enter('Echo', 'lobby');
    const companion = createCompanion({
      chat: chat.server,
      tokens: chat.tokens,
      time: chat.time,
      newId: createIdSeries('companion'),
      onError: (error) => chat.errors.push(error),
    });
    onTestFinished(() => companion.stop());
    await settle();
    const { tag } = echo.all('msg').at(-1)?.from ?? {};
    expect(tag).toMatch(/^[a-z0-9]{4}$/);
    await chat.enter('Bob', 'lobby');
    const message = { t: 'send', id: 'm', room: 'lobby', body: `@Echo ·${tag} hello` } as const;
    echo.send(message);
    await settle();
    expect(lastHeard(echo)).toBe('You said: hello');
  });
});
