/** One room cannot be used as it is kept, and all else goes on. */
import { describe, expect, it } from 'vitest';
import { type MessageLog, RoomUnavailableError } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';

/** A chat whose room `attic` is damaged until the test repairs it; and how often it was tried to be used. */
function createWorld({ isDamaged = true } = {}) {
  const memory = createMemoryLog('epoch-1');
  const state = { isDamaged, tries: 0 };
  const unless = <Result>(room: string, use: () => Promise<Result>): Promise<Result> => {
    if (room !== 'attic' || !state.isDamaged) return use();
    state.tries += 1;
    return Promise.reject(new RoomUnavailableError('damaged'));
  };
  const log: MessageLog = {
    ...memory,
    append: (draft) => unless(draft.room, () => memory.append(draft)),
    head: (room) => unless(room, () => memory.head(room)),
    textsUpTo: (room, seq) => unless(room, () => memory.textsUpTo(room, seq)),
    after: (room, ...rest) => unless(room, () => memory.after(room, ...rest)),
    before: (room, ...rest) => unless(room, () => memory.before(room, ...rest)),
  };
  return { chat: createTestChat(log), state };
}

const say = (id: string, room: string) => ({ t: 'send', id, room, body: `body of ${id}` }) as const;

/** Lets so much time pass, a second at a time, with lines that live. */
async function pass({ time }: TestChat, client: TestClient, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    client.send({ t: 'ping', n: passed });
    for (const { n } of client.all('ping')) client.send({ t: 'pong', n });
    time.advance(1_000);
    await settle();
  }
}

const refusals = (client: TestClient) =>
  client.all('err').map(({ code, room, id, instead }) => [code, room ?? id, instead]);

describe('a page of a damaged room', () => {
  it('is refused for now, once, and comes by itself when the room is repaired', async () => {
    const { chat, state } = createWorld();
    const ann = await chat.enter('Ann', 'attic', 'tea');
    expect(refusals(ann)).toEqual([['unavailable', 'attic', 'sync']]);
    await pass(chat, ann, 60_000);
    expect(refusals(ann)).toHaveLength(1);
    expect(ann.all('sync').map(({ room }) => room)).toEqual(['tea']);
    state.isDamaged = false;
    await pass(chat, ann, 10_000);
    expect(ann.all('sync').map(({ room }) => room)).toEqual(['tea', 'attic']);
    expect(ann.closedWith).toBeUndefined();
    expect(chat.errors).toEqual([]);
  });

  it('is tried less often as time passes', async () => {
    const { chat, state } = createWorld();
    const ann = await chat.enter('Ann', 'attic');
    const { tries } = state;
    await pass(chat, ann, 600_000);
    expect(state.tries - tries).toBeLessThan(2 * 70);
    expect(ann.closedWith).toBeUndefined();
  });

  it('disturbs no other room of the same line', async () => {
    const { chat } = createWorld();
    const ann = await chat.enter('Ann', 'attic', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    ann.send(say('a', 'attic'), say('b', 'tea'));
    await settle();
    expect(ann.last('ack')).toMatchObject({ id: 'b', room: 'tea' });
    expect(bob.last('msg').body).toBe('body of b');
  });

  it('keeps nobody from coming back who was in it', async () => {
    const { chat, state } = createWorld({ isDamaged: false });
    const ann = await chat.enter('Ann', 'attic', 'tea');
    ann.send(say('a', 'attic'), say('b', 'tea'));
    await settle();
    const { token } = ann.last('ready');
    ann.end();
    // Nobody remembers where the room ended.
    chat.time.advance(60_000);
    state.isDamaged = true;
    const again = chat.connect();
    const place = { epoch: 'epoch-1', seq: 0, mid: '' };
    const resume = ['attic', 'tea'].map((room) => ({ room, ...place }));
    again.send({ t: 'auth', name: 'Ann', token, resume });
    await settle();
    expect(again.last('ready').rooms.map(({ room }) => room)).toEqual(['tea']);
    expect(refusals(again)).toEqual([['unavailable', 'attic', 'sync']]);
    expect(again.last('sync')).toMatchObject({ room: 'tea', head: 1 });
    state.isDamaged = false;
    await pass(chat, again, 10_000);
    expect(again.last('sync')).toMatchObject({ room: 'attic', head: 1 });
    expect(again.last('sync').messages.map(({ id }) => id)).toEqual(['a']);
  });

  it('is not waited for by who has left, and leaves no timer', async () => {
    const { chat, state } = createWorld();
    const ann = await chat.enter('Ann', 'tea');
    const { armed } = chat.time;
    ann.send({ t: 'join', room: 'attic' });
    await settle();
    expect(chat.time.armed).toBe(armed + 1);
    ann.send({ t: 'leave', room: 'attic' });
    expect(chat.time.armed).toBe(armed);
    ann.send({ t: 'join', room: 'attic' });
    await settle();
    ann.end(1000);
    await settle();
    expect(chat.time.armed).toBe(0);
    const { tries } = state;
    chat.time.advance(60_000);
    expect(state.tries).toBe(tries);
  });

  it('is waited for once, however often it was asked for', async () => {
    const { chat, state } = createWorld();
    const ann = await chat.enter('Ann', 'attic');
    const sync = { t: 'sync', room: 'attic', epoch: 'epoch-1', seq: 0, mid: '' } as const;
    ann.send(sync, sync);
    await settle();
    expect(refusals(ann)).toHaveLength(3);
    state.isDamaged = false;
    await pass(chat, ann, 10_000);
    expect(ann.all('sync')).toHaveLength(1);
  });
});

describe('older messages of a damaged room', () => {
  it('are refused for now, and the line stays', async () => {
    const { chat, state } = createWorld({ isDamaged: false });
    const ann = await chat.enter('Ann', 'attic');
    ann.send(say('a', 'attic'));
    await settle();
    state.isDamaged = true;
    const history = { t: 'history', room: 'attic', before: 9, limit: 10 } as const;
    ann.send(history);
    await settle();
    expect(refusals(ann)).toEqual([['unavailable', 'attic', 'history']]);
    state.isDamaged = false;
    ann.send(history);
    await settle();
    expect(ann.last('history').messages).toHaveLength(1);
    expect(ann.closedWith).toBeUndefined();
  });
});

describe('a message to a damaged room', () => {
  it('is refused for now, and taken when the room is repaired', async () => {
    const { chat, state } = createWorld({ isDamaged: false });
    const ann = await chat.enter('Ann', 'attic');
    state.isDamaged = true;
    ann.send(say('a', 'attic'));
    await settle();
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'unavailable', retry: true });
    state.isDamaged = false;
    ann.send(say('a', 'attic'));
    await settle();
    expect(ann.last('ack')).toMatchObject({ id: 'a', seq: 1 });
    expect(ann.closedWith).toBeUndefined();
  });
});

describe('a damaged room among those that are watched', () => {
  it('is told of when it is repaired, and the others at once', async () => {
    const { chat, state } = createWorld();
    const ann = await chat.enter('Ann');
    ann.send({ t: 'watch', rooms: [{ room: 'attic' }, { room: 'tea' }] });
    await settle();
    expect(ann.all('summary').map(({ room }) => room)).toEqual(['tea']);
    await pass(chat, ann, 5_000);
    expect(ann.closedWith).toBeUndefined();
    state.isDamaged = false;
    await pass(chat, ann, 2_000);
    expect(ann.all('summary').map(({ room }) => room)).toEqual(['tea', 'attic']);
    expect(chat.errors).toEqual([]);
  });
});
