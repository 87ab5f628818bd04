/** What is new in rooms that one is not in. */

import { describe, expect, it } from 'vitest';
import { roomKeyOf, roomOfKey } from '../../../protocol/privateRoom';
import { createManualTime } from '../../../testing/manualTime';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { createSpeaker } from '../../log/searchContract';
import { behindBytes } from '../client/clientLine';
import { createMemoryPeople } from '../people/memoryPeople';
import { nameKeys } from '../people/nameKeys';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';
import { createUnsharedRooms } from './sharedRooms';
import { createWatches, type Watcher } from './watches';

const say = (id: string, room = 'tea') => ({ t: 'send', id, room, body: `body of ${id}` }) as const;
const watch = (...rooms: string[]) =>
  ({ t: 'watch', rooms: rooms.map((room) => ({ room })) }) as const;

const textsOf = (client: TestClient) => client.all('summary').map(({ texts }) => texts);

async function enterAgain(chat: TestChat, client: TestClient, ...rooms: string[]) {
  const other = chat.connect();
  other.send({ t: 'auth', name: 'x', token: client.last('ready').token, resume: [] });
  for (const room of rooms) other.send({ t: 'join', room });
  await settle();
  return other;
}

describe('a room that is watched', () => {
  it('is told of at once: how much there is, and what was said last', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a'), say('b'));
    const bob = await chat.enter('Bob');
    bob.send(watch('tea', 'attic'));
    await settle();
    expect(bob.all('summary')).toEqual([
      {
        t: 'summary',
        room: 'tea',
        epoch: 'epoch-1',
        seq: 2,
        texts: 2,
        last: { from: ann.last('ready').user, body: 'body of b', at: expect.any(Number) },
      },
      { t: 'summary', room: 'attic', epoch: 'epoch-1', seq: 0, texts: 0 },
    ]);
  });

  it('is told of when something is said there, at once when it was quiet', async () => {
    const chat = createTestChat();
    const [ann, bob] = [await chat.enter('Ann', 'tea'), await chat.enter('Bob')];
    bob.send(watch('tea'));
    await settle();
    ann.send(say('a'));
    await settle();
    expect(textsOf(bob)).toEqual([0, 1]);
    expect(bob.all('msg')).toEqual([]);
  });

  it('is told of once a second at most, as it then is', async () => {
    const chat = createTestChat();
    const [ann, bob] = [await chat.enter('Ann', 'tea'), await chat.enter('Bob')];
    bob.send(watch('tea'));
    await settle();
    for (let message = 0; message < 25; message += 1) {
      ann.send(say(`m${message}`));
      await settle();
      chat.time.advance(100);
      await settle();
    }
    expect(textsOf(bob)).toEqual([0, 1, 10, 20]);
    chat.time.advance(1_000);
    await settle();
    expect(bob.last('summary')).toMatchObject({ texts: 25, last: { body: 'body of m24' } });
    const { armed } = chat.time;
    chat.time.advance(1_000);
    expect(chat.time.armed).toBeLessThan(armed);
  });

  it('is told of to many alike, and to each with what they have read', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a'), say('b'), say('c'));
    const bob = await chat.enter('Bob', 'tea');
    bob.send({ t: 'read', room: 'tea', seq: 2 }, watch('tea'));
    const eve = await chat.enter('Eve');
    eve.send(watch('tea'));
    await settle();
    ann.send(say('d'));
    await settle();
    const common = { room: 'tea', seq: 4, texts: 4, last: { body: 'body of d' } };
    expect(bob.last('summary')).toMatchObject({ ...common, read: { seq: 2, texts: 2 } });
    expect(eve.last('summary')).toMatchObject(common);
    expect(eve.last('summary').read).toBeUndefined();
  });

  it('is told of to all devices of who has read it on one', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a'), say('b'));
    const desk = await chat.enter('Bob', 'tea');
    const phone = await enterAgain(chat, desk);
    phone.send(watch('tea'));
    const eve = await chat.enter('Eve');
    eve.send(watch('tea'));
    await settle();
    desk.send({ t: 'read', room: 'tea', seq: 2 });
    await settle();
    expect(phone.all('summary').map((frame) => frame.read)).toEqual([
      undefined,
      { seq: 2, texts: 2 },
    ]);
    expect(eve.all('summary')).toHaveLength(1);
  });

  it('is not told of to a line that is behind, until it is not', async () => {
    const chat = createTestChat();
    const [ann, bob] = [await chat.enter('Ann', 'tea'), await chat.enter('Bob')];
    bob.send(watch('tea'));
    await settle();
    bob.readsNothing(behindBytes + 1);
    ann.send(say('a'));
    await settle();
    chat.time.advance(5_000);
    await settle();
    ann.send(say('b'));
    await settle();
    expect(textsOf(bob)).toEqual([0]);
    bob.readsNothing(0);
    chat.time.advance(1_000);
    await settle();
    expect(textsOf(bob)).toEqual([0, 2]);
  });

  it('is watched no longer once another list comes, or the line has ended', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea', 'attic');
    const bob = await chat.enter('Bob');
    bob.send(watch('tea', 'attic'), watch('attic', 'attic'));
    await settle();
    bob.clear();
    ann.send(say('a'), say('b', 'attic'));
    await settle();
    expect(bob.all('summary').map(({ room }) => room)).toEqual(['attic']);
    bob.send(watch());
    ann.send(say('c', 'attic'));
    await settle();
    chat.time.advance(2_000);
    await settle();
    expect(bob.all('summary')).toHaveLength(1);
  });

  it('is told of only to who has its key, if it is private', async () => {
    const key = roomKeyOf(new Uint8Array(16).fill(7));
    const room = roomOfKey(key);
    const chat = createTestChat();
    const bob = await chat.enter('Bob');
    bob.send({ t: 'watch', rooms: [{ room }, { room: 'tea' }] });
    await settle();
    expect(bob.all('err')).toMatchObject([{ code: 'forbidden', room }]);
    expect(bob.all('summary').map((frame) => frame.room)).toEqual(['tea']);
    bob.send({ t: 'watch', rooms: [{ room, key }] });
    await settle();
    expect(bob.last('summary').room).toBe(room);
  });

  it('cannot be told of while the log is away: the client comes back', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat(log);
    const bob = await chat.enter('Bob');
    await log.close();
    bob.send(watch('tea'));
    await settle();
    expect(bob.closedWith).toBe(4005);
  });
});

/** Watches by themselves, over a log that can be away. */
function createWorld() {
  const time = createManualTime();
  const memory = createMemoryLog('epoch-1');
  const { marks } = createMemoryPeople({ time, keysOf: nameKeys });
  const errors: unknown[] = [];
  const world = { isAway: false, heads: 0 };
  const log: MessageLog = {
    ...memory,
    async head(room) {
      world.heads += 1;
      if (world.isAway) throw new LogUnavailableError('disk full');
      return memory.head(room);
    },
  };
  const shared = createUnsharedRooms({ tell() {}, setHead() {} });
  const onError = (error: unknown) => void errors.push(error);
  const watches = createWatches({ log, marks, time, shared, onError });
  const watcherOf = (id: string) => {
    const frames: { room: string; texts: number; last?: { body: string } }[] = [];
    const watcher: Watcher = {
      user: { id, name: id },
      tellSummary: (frame) => void frames.push(JSON.parse(frame)),
      isBehind: () => false,
    };
    return { watcher, frames };
  };
  return { ...createSpeaker(memory), world, time, watches, errors, watcherOf };
}

describe('watches', () => {
  it('tell what is left when the last message is edited or deleted, behind any reactions', async () => {
    const { say: put, about, watches, watcherOf, time } = createWorld();
    await put('one', 'tea');
    const second = await put('two', 'tea');
    for (let reaction = 0; reaction < 120; reaction += 1) await about('react', second, '👍');
    const { watcher, frames } = watcherOf('bob');
    await watches.watch(watcher, ['tea']);
    expect(frames.at(-1)).toMatchObject({ seq: 122, texts: 2, last: { body: 'two' } });
    for (const [kind, body, expected] of [
      ['edit', 'zwei', 'zwei'],
      ['delete', '', 'one'],
    ] as const) {
      await about(kind, second, body);
      watches.changed('tea');
      await settle();
      expect(frames.at(-1)?.last?.body).toBe(expected);
      time.advance(1_000);
    }
  });

  it('cut a long message short', async () => {
    const { say: put, watches, watcherOf } = createWorld();
    await put('心'.repeat(5_000), 'tea');
    const { watcher, frames } = watcherOf('bob');
    await watches.watch(watcher, ['tea']);
    expect(frames[0]?.last?.body).toMatch(/^心{200,300}…$/);
  });

  it('read a room once for all its watchers', async () => {
    const { say: put, watches, watcherOf, world } = createWorld();
    const all = Array.from({ length: 100 }, (_, n) => watcherOf(`u${n}`));
    for (const { watcher } of all) await watches.watch(watcher, ['tea']);
    expect(world.heads).toBe(1);
    await put('one', 'tea');
    watches.changed('tea');
    await settle();
    expect(world.heads).toBe(2);
    expect(all.every(({ frames }) => frames.at(-1)?.texts === 1)).toBe(true);
  });

  it('tell what comes while they answer after the answer', async () => {
    const { say: put, watches, watcherOf, time } = createWorld();
    const { watcher, frames } = watcherOf('bob');
    const asked = watches.watch(watcher, ['tea', 'attic']);
    await put('one', 'tea');
    watches.changed('tea');
    await asked;
    await settle();
    time.advance(1_000);
    await settle();
    const texts = frames.filter(({ room }) => room === 'tea').map((frame) => frame.texts);
    expect(texts.at(-1)).toBe(1);
    expect(texts).toEqual([...texts].sort());
  });

  it('tell later what they cannot read just now', async () => {
    const { say: put, watches, watcherOf, world, time, errors } = createWorld();
    const { watcher, frames } = watcherOf('bob');
    await watches.watch(watcher, ['tea']);
    await put('one', 'tea');
    world.isAway = true;
    watches.changed('tea');
    await settle();
    time.advance(3_000);
    await settle();
    expect(frames).toHaveLength(1);
    world.isAway = false;
    time.advance(1_000);
    await settle();
    expect(frames.at(-1)?.texts).toBe(1);
    expect(errors).toEqual([]);
  });

  it('leave nothing behind of who is gone, whatever is under way, and no timer', async () => {
    const { say: put, watches, watcherOf, time } = createWorld();
    const [first, second] = [watcherOf('ann'), watcherOf('bob')];
    await watches.watch(first.watcher, ['tea', 'attic']);
    await watches.watch(second.watcher, ['tea']);
    expect(watches.size).toBe(2);
    await put('one', 'tea');
    watches.changed('tea');
    watches.forget(first.watcher);
    expect(watches.size).toBe(1);
    watches.forget(second.watcher);
    watches.forget(second.watcher);
    await settle();
    expect(watches.size).toBe(0);
    expect(time.armed).toBe(0);
    expect([first, second].map(({ frames }) => frames.length)).toEqual([2, 1]);
    const gone = watches.watch(first.watcher, ['tea']);
    watches.forget(first.watcher);
    await gone;
    expect(watches.size).toBe(0);
    await watches.watch(first.watcher, ['tea']);
    watches.changed('tea');
    watches.clear();
    expect([watches.size, time.armed]).toEqual([0, 0]);
  });
});
