import { describe, expect, it } from 'vitest';
import type { ClientFrameOf } from '../../../protocol/frames';
import type { Position } from '../../../protocol/message';
import { roomKeyOf, roomOfKey } from '../../../protocol/privateRoom';
import { createManualTime } from '../../../testing/manualTime';
import { createMemoryLog } from '../../log/memoryLog';
import type { People } from '../ports';
import {
  createTestChat,
  settle,
  type TestChat,
  type TestClient,
  tokenLifetimeMs,
} from '../testChat';
import { createMemoryPeople } from './memoryPeople';
import { nameKeys } from './nameKeys';

const auth = (name: string, token?: string): ClientFrameOf<'auth'> => ({
  t: 'auth',
  name,
  resume: [],
  ...(token !== undefined && { token }),
});
const say = (id: string, room: string) => ({ t: 'send', id, room, body: `body of ${id}` }) as const;

async function comeBack(chat: TestChat, token: string): Promise<TestClient> {
  const client = chat.connect();
  client.send(auth('whoever', token));
  await settle();
  return client;
}

/** People whose storage can be made to fail. */
function createBreakablePeople() {
  const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
  let isBroken = false;
  const orFail = async () => {
    if (isBroken) throw new Error('disk full');
  };
  const breakable: People = {
    names: {
      claim: (...args) => orFail().then(() => people.names.claim(...args)),
      release: (...args) => orFail().then(() => people.names.release(...args)),
    },
    revocations: {
      ...people.revocations,
      revoke: (...args) => orFail().then(() => people.revocations.revoke(...args)),
    },
    marks: people.marks,
  };
  return {
    people: breakable,
    setBroken(broken: boolean) {
      isBroken = broken;
    },
  };
}

describe('a name', () => {
  it('is its first guest’s; another of that name has a tag, wherever they are shown', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const other = await chat.enter('ANN', 'tea');
    expect(ann.last('ready').user).toStrictEqual({ id: expect.any(String), name: 'Ann' });
    const { user } = other.last('ready');
    expect(user).toMatchObject({ name: 'ANN', tag: expect.stringMatching(/^[0-9a-z]{4}$/) });

    expect(ann.last('presence').came).toEqual([user]);
    other.send(say('a', 'tea'), { t: 'typing', room: 'tea' });
    await settle();
    expect(ann.last('msg').from).toEqual(user);
    expect(ann.last('typing').user).toEqual(user);
    const late = await chat.enter('Bob', 'tea');
    expect(late.last('sync').messages[0]?.from).toEqual(user);
    expect(late.last('presence').members).toContainEqual(user);
    late.send({ t: 'history', room: 'tea', before: 9, limit: 5 });
    await settle();
    expect(late.last('history').messages[0]?.from).toEqual(user);
  });

  it('stays with or without its tag for who comes back by their token', async () => {
    const chat = createTestChat();
    const ann = (await chat.enter('Ann')).last('ready');
    const other = (await chat.enter('Ann')).last('ready');
    expect((await comeBack(chat, other.token)).last('ready').user).toStrictEqual(other.user);
    expect((await comeBack(chat, ann.token)).last('ready').user).toStrictEqual(ann.user);
  });

  it('is free for somebody new once its guest has signed out, and tags stay what they were', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann');
    const tagged = (await chat.enter('Ann')).last('ready');
    ann.send({ t: 'signout' });
    await settle();
    expect((await chat.enter('Ann')).last('ready').user.tag).toBeUndefined();
    expect((await comeBack(chat, tagged.token)).last('ready').user).toStrictEqual(tagged.user);
  });

  it('is kept for as long as its guest could come back, refreshed tokens included', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann');
    chat.time.sleep(tokenLifetimeMs - 1_000);
    ann.send({ t: 'refresh' });
    await settle();
    ann.end();
    chat.time.advance(tokenLifetimeMs - 1_000);
    expect((await chat.enter('Ann')).last('ready').user.tag).toBeDefined();
    chat.time.advance(2 * tokenLifetimeMs);
    expect((await chat.enter('Ann')).last('ready').user.tag).toBeUndefined();
  });

  it('of a token older than tags are is looked up when its guest comes back', async () => {
    const before = createTestChat();
    const old = (await before.enter('Ann')).last('ready');
    const chat = createTestChat();
    chat.time.advance(1);
    // Another server: it knows of no names, and gives other ids.
    const first = chat.connect();
    first.send(auth('Ann', old.token.replace(old.user.id, 'u-old')));
    await settle();
    expect(first.last('ready').user).toStrictEqual({ id: 'u-old', name: 'Ann' });
    const second = chat.connect();
    second.send(auth('Ann', old.token.replace(old.user.id, 'u-older')));
    await settle();
    expect(second.last('ready').user).toMatchObject({ id: 'u-older', tag: expect.any(String) });
  });

  it('has a tag while nobody can say whose it is; who comes back stays who they were', async () => {
    const broken = createBreakablePeople();
    const chat = createTestChat(undefined, { people: broken.people });
    const ann = (await chat.enter('Ann')).last('ready');
    broken.setBroken(true);
    expect((await chat.enter('Zoë')).last('ready').user.tag).toBeDefined();
    expect((await comeBack(chat, ann.token)).last('ready').user).toStrictEqual(ann.user);
    expect(chat.errors.length).toBeGreaterThan(0);
  });
});

describe('signing out', () => {
  it('ends every line of the user, tells the room at once, and leaves others alone', async () => {
    const chat = createTestChat();
    const desk = await chat.enter('Ann', 'tea');
    const phone = await comeBack(chat, desk.last('ready').token);
    phone.send({ t: 'join', room: 'tea' });
    const bob = await chat.enter('Bob', 'tea');
    desk.send({ t: 'signout' });
    await settle();
    expect([desk.closedWith, phone.closedWith, bob.closedWith]).toEqual([4504, 4504, undefined]);
    // Neither line has ended: they may take a while, or hang.
    expect(bob.last('presence')).toMatchObject({ left: [desk.last('ready').user.id], count: 1 });
    bob.clear();
    desk.end(4504);
    phone.end(1006);
    chat.time.advance(60_000);
    expect(bob.all('presence')).toEqual([]);
  });

  it('makes all tokens of the user prove nobody, those of other lines and refreshed ones too', async () => {
    const chat = createTestChat();
    const desk = await chat.enter('Ann');
    const phone = await comeBack(chat, desk.last('ready').token);
    phone.send({ t: 'refresh' });
    await settle();
    const tokens = [desk.last('ready').token, phone.last('ready').token, phone.last('token').token];
    phone.send({ t: 'signout' });
    await settle();
    for (const token of tokens) expect((await comeBack(chat, token)).closedWith).toBe(4501);
    chat.time.advance(tokenLifetimeMs - 1);
    for (const token of tokens) expect((await comeBack(chat, token)).closedWith).toBe(4501);
  });

  it('may come in one go with auth, for who has no line any more', async () => {
    const chat = createTestChat();
    const { token } = (await chat.enter('Ann')).last('ready');
    const late = chat.connect();
    late.send(auth('Ann', token), { t: 'signout' });
    await settle();
    expect(late.closedWith).toBe(4504);
    expect((await comeBack(chat, token)).closedWith).toBe(4501);
  });

  it('is not for who has not said who they are', async () => {
    const client = createTestChat().connect();
    client.send({ t: 'signout' });
    await settle();
    expect(client.last('err').code).toBe('unauthenticated');
    expect(client.closedWith).toBeUndefined();
  });

  it('is to be tried again when it could not be kept; until then nothing has changed', async () => {
    const broken = createBreakablePeople();
    const chat = createTestChat(undefined, { people: broken.people });
    const ann = await chat.enter('Ann', 'tea');
    const { token } = ann.last('ready');
    broken.setBroken(true);
    ann.send({ t: 'signout' });
    await settle();
    expect(ann.last('err')).toMatchObject({
      code: 'sign_out_failed',
      retry: true,
      after: expect.any(Number),
    });
    expect(ann.closedWith).toBeUndefined();
    expect((await comeBack(chat, token)).closedWith).toBeUndefined();
    broken.setBroken(false);
    ann.send({ t: 'signout' });
    await settle();
    expect(ann.closedWith).toBe(4504);
  });

  it('reaches a line that is being let in at that very moment', async () => {
    const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
    const held: (() => void)[] = [];
    let isHolding = false;
    const chat = createTestChat(undefined, {
      people: {
        ...people,
        revocations: {
          ...people.revocations,
          async isRevoked(userId) {
            const answer = await people.revocations.isRevoked(userId);
            if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
            return answer;
          },
        },
      },
    });
    const ann = await chat.enter('Ann');
    isHolding = true;
    const early = await comeBack(chat, ann.last('ready').token);
    const later = await comeBack(chat, ann.last('ready').token);
    // The one has been looked up for the first time, the other for the last.
    held.pop()?.();
    await settle();
    isHolding = false;
    ann.send({ t: 'signout' });
    await settle();
    for (const release of held) release();
    await settle();
    expect(early.closedWith).toBe(4501);
    expect(later.closedWith).toBe(4504);
    for (const client of [early, later]) expect(client.all('ready')).toEqual([]);
    // Neither has kept the name from who comes next.
    expect((await chat.enter('Ann')).last('ready').user.tag).toBeUndefined();
  });
});

describe('a private room', () => {
  const key = roomKeyOf(new Uint8Array(16).fill(1));
  const otherKey = roomKeyOf(new Uint8Array(16).fill(2));
  const room = roomOfKey(key);

  async function withSecret() {
    const chat = createTestChat(createMemoryLog('epoch-1'));
    const ann = await chat.enter('Ann');
    ann.send({ t: 'join', room, key }, say('a', room));
    await settle();
    const { seq, mid } = ann.last('ack');
    const position: Position = { epoch: 'epoch-1', seq: seq - 1, mid: '' };
    return { chat, ann, position, mid };
  }

  it('is shared by those who have its key', async () => {
    const { chat, ann } = await withSecret();
    const bob = await chat.enter('Bob');
    bob.send({ t: 'join', room, key });
    await settle();
    bob.send(say('b', room));
    await settle();
    expect(bob.last('sync').messages).toMatchObject([{ id: 'a' }]);
    expect(ann.last('msg')).toMatchObject({ room, id: 'b' });
  });

  it.each([
    ['without a key', {}],
    ['with another room’s key', { key: otherKey }],
  ])('is shut to everyone else, in every frame, %s', async (_, given) => {
    const { chat, ann, position } = await withSecret();
    const eve = await chat.enter('Eve', 'tea');
    eve.clear();
    ann.clear();
    eve.send(
      { t: 'join', room, ...given },
      { t: 'typing', room },
      { t: 'sync', room, ...position },
      { t: 'history', room, before: 9, limit: 5 },
      { t: 'leave', room },
      say('e', room),
    );
    await settle();
    expect(eve.received).toMatchObject([
      { t: 'err', code: 'forbidden', room, retry: false },
      ...Array.from({ length: 4 }, () => ({ t: 'err', code: 'not_in_room' })),
      { t: 'err', code: 'not_in_room', id: 'e' },
    ]);
    ann.send(say('b', room));
    await settle();
    expect(eve.all('msg')).toEqual([]);
    expect(ann.received.map(({ t }) => t).sort()).toEqual(['ack', 'msg']);
    // The line goes on.
    eve.send(say('f', 'tea'));
    await settle();
    expect(eve.last('ack').id).toBe('f');
  });

  it.each([
    ['without its key', {}],
    ['with another', { key: otherKey }],
  ])('is not resumed %s, nor told of; other rooms are', async (_, given) => {
    const { chat, position } = await withSecret();
    const eve = chat.connect();
    eve.send({
      ...auth('Eve'),
      resume: [
        { room, ...position, ...given },
        { room: 'tea', ...position },
      ],
    });
    await settle();
    expect(eve.last('ready').rooms).toEqual([{ room: 'tea', epoch: 'epoch-1', seq: 0 }]);
    expect(eve.all('err')).toMatchObject([{ code: 'forbidden', room, retry: false }]);
    expect(eve.all('sync').map((frame) => frame.room)).toEqual(['tea']);
    eve.send({ t: 'ping', n: 1 }, say('e', room));
    await settle();
    expect(eve.last('pong').heads?.map((head) => head.room)).toEqual(['tea']);
    expect(eve.last('err').code).toBe('not_in_room');
  });

  it('is resumed with its key', async () => {
    const { chat, position, mid } = await withSecret();
    const bob = chat.connect();
    bob.send({ ...auth('Bob'), resume: [{ room, ...position, key }] });
    await settle();
    expect(bob.last('ready').rooms).toEqual([{ room, epoch: 'epoch-1', seq: 1 }]);
    expect(bob.last('sync').messages).toMatchObject([{ id: 'a', mid }]);
  });

  it('asks for its key once on a line, and again after it was left', async () => {
    const { ann } = await withSecret();
    ann.clear();
    ann.send({ t: 'join', room });
    await settle();
    expect(ann.last('sync').messages).toHaveLength(1);
    ann.send({ t: 'leave', room }, { t: 'join', room });
    await settle();
    expect(ann.last('err')).toMatchObject({ code: 'forbidden', room });
  });

  it('is none by a name that no key has: nobody can come in', async () => {
    const eve = await createTestChat().enter('Eve', 'p-tea');
    expect(eve.last('err')).toMatchObject({ code: 'forbidden', room: 'p-tea' });
    eve.send({ t: 'join', room: 'p-tea', key });
    await settle();
    expect(eve.all('sync')).toEqual([]);
  });

  it('never has its key echoed', async () => {
    const { chat, ann } = await withSecret();
    const bob = await chat.enter('Bob');
    bob.send({ t: 'join', room, key: otherKey });
    await settle();
    const said = JSON.stringify([...ann.received, ...bob.received]);
    expect(said).not.toContain(key);
    expect(said).not.toContain(otherKey);
  });
});
