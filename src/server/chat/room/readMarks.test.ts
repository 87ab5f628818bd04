/** How far people have read a room: seen from their lines. */

import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { createMemoryLog } from '../../log/memoryLog';
import { behindBytes } from '../client/clientLine';
import { createMemoryPeople } from '../people/memoryPeople';
import { nameKeys } from '../people/nameKeys';
import type { People } from '../ports';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';

const say = (id: string, room = 'tea') => ({ t: 'send', id, room, body: `body of ${id}` }) as const;
const read = (seq: number, room = 'tea') => ({ t: 'read', room, seq }) as const;

const told = (client: TestClient) =>
  client.all('reads').map(({ marks }) => marks.map(({ user, seq }) => [user.name, seq]));

/** A room with three messages, of which nobody has read any. */
async function createRead(people?: People) {
  const log = createMemoryLog('epoch-1');
  const chat = createTestChat(log, people && { people });
  const ann = await chat.enter('Ann', 'tea');
  ann.send(say('a'), say('b'), say('c'));
  const bob = await chat.enter('Bob', 'tea');
  await settle();
  return { chat, log, ann, bob };
}

async function again(chat: TestChat, client: TestClient, ...rooms: string[]) {
  const other = chat.connect();
  other.send({ t: 'auth', name: 'x', token: client.last('ready').token, resume: [] });
  for (const room of rooms) other.send({ t: 'join', room });
  await settle();
  return other;
}

describe('who has read a message', () => {
  it('is told to everybody in the room', async () => {
    const { ann, bob } = await createRead();
    bob.send(read(2));
    await settle();
    const bobsMark = { user: bob.last('ready').user, seq: 2 };
    for (const client of [ann, bob]) {
      expect(client.all('reads')).toEqual([
        { t: 'reads', room: 'tea', epoch: 'epoch-1', marks: [bobsMark] },
      ]);
    }
  });

  it('is told to who comes later, behind the page, who read last first', async () => {
    const { chat, ann, bob } = await createRead();
    ann.send(read(3));
    bob.send(read(1));
    await settle();
    const eve = await chat.enter('Eve', 'tea');
    expect(told(eve)).toEqual([
      [
        ['Bob', 1],
        ['Ann', 3],
      ],
    ]);
    const types = eve.received.map(({ t }) => t);
    expect(types.indexOf('sync')).toBeLessThan(types.indexOf('reads'));
  });

  it('is told of nobody where nobody has', async () => {
    const { ann, bob } = await createRead();
    expect([...told(ann), ...told(bob)]).toEqual([]);
  });

  it('is told once, and never that they have read less', async () => {
    const { chat, ann, bob } = await createRead();
    bob.send(read(2), read(2), read(1));
    await settle();
    chat.time.advance(1_000);
    expect(told(ann)).toEqual([[['Bob', 2]]]);
  });

  it('beyond the end of the room counts as its end, and in an empty room as nothing', async () => {
    const { chat, ann, bob } = await createRead();
    bob.send(read(Number.MAX_SAFE_INTEGER));
    await settle();
    expect(told(ann)).toEqual([[['Bob', 3]]]);
    const eve = await chat.enter('Eve', 'attic');
    eve.send(read(5, 'attic'));
    await settle();
    expect(told(eve)).toEqual([]);
    expect(eve.all('err')).toEqual([]);
  });

  it('is told of what moves fast as where it then is, at a pace that depends on how many are there', async () => {
    const { chat, ann, bob } = await createRead();
    bob.send(read(1));
    await settle();
    bob.send(read(2));
    await settle();
    bob.send(read(3));
    ann.send(read(1));
    await settle();
    expect(told(ann)).toEqual([[['Bob', 1]]]);
    chat.time.advance(20);
    expect(told(ann)).toEqual([
      [['Bob', 1]],
      [
        ['Bob', 3],
        ['Ann', 1],
      ],
    ]);
  });

  it('is told to who was behind once they have caught up, as it is then', async () => {
    const { chat, ann, bob } = await createRead();
    ann.readsNothing(behindBytes + 1);
    for (const seq of [1, 2, 3]) {
      bob.send(read(seq));
      await settle();
      chat.time.advance(100);
    }
    expect(told(ann)).toEqual([]);
    ann.readsNothing(0);
    chat.time.advance(1_000);
    expect(told(ann)).toEqual([[['Bob', 3]]]);
  });

  it('is told to nobody in a crowd, and kept all the same', async () => {
    const { chat, bob } = await createRead();
    const crowd: TestClient[] = [];
    for (let guest = 0; guest < 50; guest += 1)
      crowd.push(await chat.enter(`guest ${guest}`, 'tea'));
    bob.send(read(2));
    await settle();
    chat.time.advance(10_000);
    const eve = await chat.enter('Eve', 'tea');
    expect([...told(bob), ...told(eve)]).toEqual([]);
    for (const each of [eve, ...crowd]) each.end(1000);
    const kim = await chat.enter('Kim', 'tea');
    expect(told(kim)).toEqual([[['Bob', 2]]]);
  });

  it('is no secret of a room that one has not joined', async () => {
    const { ann, chat } = await createRead();
    const eve = await chat.enter('Eve', 'attic');
    eve.send(read(1));
    await settle();
    expect(eve.last('err').code).toBe('not_in_room');
    expect(told(ann)).toEqual([]);
  });

  it('is the same for all of their devices', async () => {
    const { chat, bob } = await createRead();
    const phone = await again(chat, bob, 'tea');
    phone.send(read(3));
    await settle();
    bob.send(read(2));
    await settle();
    chat.time.advance(1_000);
    expect(told(bob)).toEqual([[['Bob', 3]]]);
  });

  it('is left out where it cannot be kept, and disturbs nothing else', async () => {
    const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
    const broken = () => Promise.reject(new Error('disk full'));
    const { chat, ann, bob } = await createRead({
      ...people,
      marks: { move: broken, seqOf: broken, inRoom: broken },
    });
    bob.send(read(2), say('d'));
    await settle();
    expect(told(ann)).toEqual([]);
    expect(bob.last('ack').seq).toBe(4);
    expect(bob.closedWith).toBeUndefined();
    expect(chat.errors.length).toBeGreaterThan(0);
  });
});
