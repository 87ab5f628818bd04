/** When and how a room is told what is new: seen from its members' lines. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import { createMemoryLog } from '../../log/memoryLog';
import { behindBytes, maxUnreadBytes } from '../client/clientLine';
import type { ChatObserver } from '../observer';
import { silentObserver } from '../observer';
import { createTestChat, settle, type TestClient } from '../testChat';
import { createFlushPace } from './flushPace';

const say = (id: string, room = 'tea', body = `body of ${id}`) =>
  ({ t: 'send', id, room, body }) as const;
const idsOf = (client: TestClient) => client.all('msg').map(({ id }) => id);

/** A chat at its real pace, and what it counted. */
function createPacedChat(durationMs = 0) {
  let now = 0;
  const flushes: { messages: number; deliveries: number }[] = [];
  const observer: ChatObserver = {
    ...silentObserver,
    flushed: (messages, deliveries) => void flushes.push({ messages, deliveries }),
  };
  const chat = createTestChat(createMemoryLog('epoch-1'), {
    soon: setImmediate,
    pace: createFlushPace(),
    observer,
    // Each look at the clock is so much later: what lies between two looks takes so long.
    stopwatch: () => {
      now += durationMs;
      return now;
    },
  });
  return { chat, flushes };
}

describe('messages that come together', () => {
  it('travel together: one write for each line, and one for the author’s acks before', async () => {
    const { chat, flushes } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    chat.time.advance(1_000);
    await settle();
    for (const client of [ann, bob]) client.clear();
    flushes.splice(0);
    ann.send(say('a'), say('b'), say('c'));
    await settle();
    expect(idsOf(bob)).toEqual(['a', 'b', 'c']);
    expect(bob.writes).toBe(1);
    expect(ann.received.map(({ t }) => t)).toEqual(['ack', 'ack', 'ack', 'msg', 'msg', 'msg']);
    expect(ann.writes).toBe(2);
    expect(flushes).toEqual([{ messages: 3, deliveries: 6 }]);
  });

  it('in several rooms reach who is in all of them in one write', async () => {
    const { chat } = createPacedChat();
    const bob = await chat.enter('Bob', 'tea', 'attic');
    const ann = await chat.enter('Ann', 'tea', 'attic');
    chat.time.advance(1_000);
    await settle();
    bob.clear();
    ann.send(say('a', 'tea'), say('b', 'attic'));
    await settle();
    expect(idsOf(bob)).toEqual(['a', 'b']);
    expect(bob.writes).toBe(1);
  });

  it('more of them than a message may carry arrive all the same', async () => {
    const { chat } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    chat.time.advance(1_000);
    const ids = Array.from({ length: limits.framesPerMessage + 30 }, (_, n) => `m${n}`);
    for (const id of ids) ann.send(say(id));
    await settle();
    chat.time.advance(1_000);
    expect(idsOf(ann)).toEqual(ids);
    expect(ann.all('ack').map(({ id }) => id)).toEqual(ids);
  });
});

describe('a message', () => {
  it('is told at once when it was quiet, and after a rest when it was not', async () => {
    const { chat } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    chat.time.advance(1_000);
    ann.send(say('first'));
    await settle();
    expect(idsOf(ann)).toEqual(['first']);
    ann.send(say('second'));
    ann.send(say('third'));
    await settle();
    expect(ann.all('ack')).toHaveLength(3);
    chat.time.advance(15);
    expect(idsOf(ann)).toEqual(['first']);
    chat.time.advance(1);
    expect(idsOf(ann)).toEqual(['first', 'second', 'third']);
  });

  it('waits the longer the more a flush costs, and no longer than 60 ms', async () => {
    const { chat } = createPacedChat(20);
    const ann = await chat.enter('Ann', 'tea');
    chat.time.advance(1_000);
    ann.send(say('first'));
    await settle();
    ann.send(say('second'));
    await settle();
    chat.time.advance(59);
    expect(idsOf(ann)).toEqual(['first']);
    chat.time.advance(1);
    expect(idsOf(ann)).toEqual(['first', 'second']);
  });

  it('does not wait when so much waits that a flush is worth its cost', async () => {
    const { chat } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    chat.time.advance(1_000);
    ann.send(say('first'));
    await settle();
    const body = 'x'.repeat(limits.bodyLength);
    const ids = Array.from({ length: 40 }, (_, n) => `m${n}`);
    for (const id of ids) ann.send(say(id, 'tea', body));
    await settle();
    expect(idsOf(ann).length).toBeGreaterThan(20);
    chat.time.advance(60);
    expect(idsOf(ann)).toEqual(['first', ...ids]);
  });
});

describe('a line that is behind', () => {
  it('is not told who comes, goes and writes, but every message; then who is there', async () => {
    const chat = createTestChat();
    const slow = await chat.enter('Slow', 'tea');
    const ann = await chat.enter('Ann', 'tea');
    slow.clear();
    slow.readsNothing(behindBytes + 1);
    ann.send({ t: 'typing', room: 'tea' }, say('a'));
    const bob = await chat.enter('Bob', 'tea');
    await settle();
    expect(slow.received.map(({ t }) => t)).toEqual(['msg']);
    slow.readsNothing(0);
    chat.time.advance(1_000);
    expect(slow.last('presence').members?.map(({ name }) => name)).toEqual(['Slow', 'Ann', 'Bob']);
    expect(bob.closedWith).toBeUndefined();
  });

  it('by 4 MiB is closed, and nobody else notices', async () => {
    const chat = createTestChat();
    const slow = await chat.enter('Slow', 'tea');
    const ann = await chat.enter('Ann', 'tea');
    slow.readsNothing(maxUnreadBytes + 1);
    ann.send(say('a'));
    await settle();
    expect(slow.closedWith).toBe(4003);
    expect(slow.isTerminated).toBe(false);
    chat.time.advance(3_000);
    expect(slow.isTerminated).toBe(true);
    ann.send(say('b'));
    await settle();
    expect(idsOf(ann)).toEqual(['a', 'b']);
  });

  it('with most others of a crowd makes the writer wait, who is lost nothing', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 20; n += 1) (await chat.enter(`Slow ${n}`, 'tea')).readsNothing(100_000);
    ann.send(say('a'));
    await settle();
    ann.send(say('b'));
    await settle();
    expect(ann.isPaused).toBe(true);
    ann.send(say('c'));
    chat.time.advance(100);
    await settle();
    expect(ann.all('ack').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});

describe('who is writing', () => {
  it('is told to the room, and kept nowhere', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat(log);
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    const eve = await chat.enter('Eve', 'attic');
    ann.send({ t: 'typing', room: 'tea' });
    const { user } = ann.last('ready');
    expect(bob.last('typing')).toEqual({ t: 'typing', room: 'tea', user });
    expect(eve.all('typing')).toEqual([]);
    expect((await log.head('tea')).seq).toBe(0);
    eve.send({ t: 'typing', room: 'tea' });
    expect(eve.last('err').code).toBe('not_in_room');
  });

  it('is not told of who has said it by then', async () => {
    const { chat } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    chat.time.advance(1_000);
    ann.send(say('first'));
    await settle();
    ann.send({ t: 'typing', room: 'tea' }, say('second'));
    await settle();
    chat.time.advance(60);
    expect(idsOf(bob)).toEqual(['first', 'second']);
    expect(bob.all('typing')).toEqual([]);
  });

  it('is told of who writes on after it', async () => {
    const { chat } = createPacedChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    chat.time.advance(1_000);
    ann.send(say('first'));
    await settle();
    ann.send(say('second'));
    await settle();
    ann.send({ t: 'typing', room: 'tea' });
    chat.time.advance(60);
    expect(idsOf(bob)).toEqual(['first', 'second']);
    expect(bob.all('typing')).toHaveLength(1);
  });

  it('is told to nobody in a crowd', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < limits.presenceMembers; n += 1) await chat.enter(`Guest ${n}`, 'tea');
    ann.send({ t: 'typing', room: 'tea' });
    expect(ann.all('typing')).toEqual([]);
  });
});

describe('who is there', () => {
  it('is told the less often the more there are', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 99; n += 1) await chat.enter(`Guest ${n}`, 'tea');
    chat.time.advance(1_000);
    ann.clear();
    const { length } = await Promise.all([1, 2, 3, 4].map((n) => chat.enter(`Late ${n}`, 'tea')));
    expect(ann.all('presence').length).toBeLessThan(length);
    chat.time.advance(1_000);
    const came = ann.all('presence').flatMap((frame) => frame.came ?? []);
    expect(came.map(({ name }) => name)).toEqual(['Late 1', 'Late 2', 'Late 3', 'Late 4']);
    expect(ann.last('presence').count).toBe(104);
  });

  it('is told to all who come into a crowd at once, and who was told hears only how many', async () => {
    const { chat } = createPacedChat();
    const guests: TestClient[] = [];
    for (let n = 0; n <= limits.presenceMembers; n += 1) {
      guests.push(await chat.enter(`Guest ${n}`, 'tea'));
    }
    chat.time.advance(10_000);
    await settle();
    for (const guest of guests) guest.clear();
    const late = await Promise.all([1, 2, 3].map((n) => chat.enter(`Late ${n}`, 'tea')));
    chat.time.advance(10_000);
    await settle();
    for (const each of late) {
      const named = each.all('presence').filter(({ members }) => members);
      expect(named.map(({ members = [] }) => members.length)).toEqual([limits.presenceMembers]);
      expect(each.last('presence').count).toBe(limits.presenceMembers + 4);
    }
    for (const guest of guests) {
      expect(guest.all('presence').filter(({ members }) => members)).toEqual([]);
    }
  });
});
