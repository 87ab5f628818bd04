/** How much a client may do: seen from its line. */
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../testing/collectGarbage';
import { createManualTime } from '../../../testing/manualTime';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';
import { type Allowances, costOf, createKeyedBuckets, defaultAllowances } from './allowances';

const say = (id: string) => ({ t: 'send', id, room: 'tea', body: 'x' }) as const;
const unlimited = { perSecond: Infinity, burst: Infinity };
/** 40 credits at once, then 10 a second: a `send` every half second. */
const few = { perSecond: 10, burst: 40 };

function createLimitedChat(allowances: Partial<Allowances>) {
  return createTestChat(createMemoryLog('epoch-1'), {
    allowances: {
      connection: unlimited,
      user: unlimited,
      address: unlimited,
      connectionsPerUser: 2,
      pieces: unlimited,
      ...allowances,
    },
  });
}

/** Another connection of the same user. */
async function again(chat: TestChat, client: TestClient, address?: string) {
  const other = chat.connect(address);
  other.send({ t: 'auth', name: 'x', token: client.last('ready').token, resume: [] });
  other.send({ t: 'join', room: 'tea' });
  await settle();
  return other;
}

describe('a connection that sends more than it may', () => {
  it('is read later, in order, and loses nothing', async () => {
    const chat = createLimitedChat({ connection: few });
    const ann = await chat.enter('Ann', 'tea');
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) ann.send(say(id));
    await settle();
    expect(ann.all('ack').length).toBeLessThan(6);
    expect(ann.isPaused).toBe(true);
    chat.time.advance(2_000);
    await settle();
    expect(ann.all('ack').map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(ann.isPaused).toBe(false);
    expect(ann.all('err')).toEqual([]);
  });

  it('by far in a single message is sent away, and may come back', async () => {
    const chat = createLimitedChat({ connection: few });
    const [ann, bob] = [await chat.enter('Ann', 'tea'), await chat.enter('Bob', 'tea')];
    ann.send(...Array.from({ length: 40 }, (_, n) => say(`a${n}`)));
    expect(ann.closedWith).toBe(4007);
    bob.send(say('b'));
    await settle();
    expect(bob.last('ack').id).toBe('b');
    expect(bob.closedWith).toBeUndefined();
  });

  it('leaves nothing in memory of what it sends on while it is sent away', async () => {
    const chat = createLimitedChat({ connection: few });
    const ann = await chat.enter('Ann', 'tea');
    while (!ann.isPaused) ann.control();
    const kept: WeakRef<Uint8Array>[] = [];
    const sendMore = () => {
      const bytes = new Uint8Array(1_000);
      kept.push(new WeakRef(bytes));
      ann.sendBinary(bytes);
    };
    // What had come by then, and what comes afterwards.
    sendMore();
    while (ann.closedWith === undefined) ann.control();
    for (let n = 0; n < 10; n += 1) sendMore();
    await settle();
    collectGarbage();
    expect(kept.filter((bytes) => bytes.deref())).toEqual([]);
    expect(ann.isTerminated).toBe(false);
  });

  it('may pipeline a whole outbox, which is read at the rate that it may have', async () => {
    const chat = createTestChat(createMemoryLog('epoch-1'), { allowances: defaultAllowances });
    const ann = chat.connect();
    ann.send({ t: 'auth', name: 'Ann', resume: [] });
    ann.send({ t: 'join', room: 'tea' });
    const ids = Array.from({ length: 600 }, (_, n) => `a${n}`);
    for (const id of ids) ann.send(say(id));
    for (let second = 0; second < 15; second += 1) {
      await settle();
      chat.time.advance(1_000);
    }
    await settle();
    expect(ann.closedWith).toBeUndefined();
    expect(ann.all('ack').map(({ id }) => id)).toEqual(ids);
  });

  it('pays for control frames, and for each room that it resumes', async () => {
    const chat = createLimitedChat({ connection: { perSecond: 10, burst: 60 } });
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 50; n += 1) ann.control();
    expect(ann.isPaused).toBe(true);
    const bob = chat.connect();
    const position = { epoch: 'epoch-1', seq: 0, mid: '' };
    const resume = Array.from({ length: 20 }, (_, n) => ({ room: `room${n}`, ...position }));
    bob.send({ t: 'auth', name: 'Bob', resume });
    expect(bob.isPaused).toBe(true);
  });

  it('pays for what cannot be read, and for its length', async () => {
    const chat = createLimitedChat({ connection: { perSecond: 10, burst: 100 } });
    const ann = await chat.enter('Ann', 'tea');
    ann.send({ ...say('a'), body: '世'.repeat(9_900) });
    for (let n = 0; n < 14; n += 1) ann.sendRaw('?'.repeat(6_000));
    expect(ann.isPaused).toBe(true);
  });
});

describe('several connections together', () => {
  it('of one user spend what the user may', async () => {
    const chat = createLimitedChat({ user: few });
    const ann = await chat.enter('Ann', 'tea');
    const other = await again(chat, ann, '192.0.2.2');
    for (const id of ['a', 'b', 'c', 'd']) ann.send(say(id));
    for (const id of ['e', 'f', 'g', 'h', 'i']) other.send(say(id));
    expect([ann.isPaused, other.isPaused]).toEqual([false, true]);
    const bob = await chat.enter('Bob', 'tea');
    bob.send(say('b'));
    expect(bob.isPaused).toBe(false);
  });

  it('from one address spend what the address may, and a new connection begins no new account', async () => {
    const chat = createLimitedChat({ address: { perSecond: 10, burst: 60 } });
    const ann = await chat.enter('Ann', 'tea');
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) ann.send(say(id));
    ann.end();
    const bob = await chat.enter('Bob', 'tea');
    expect(bob.isPaused).toBe(true);
    const elsewhere = chat.connect('198.51.100.1');
    elsewhere.send({ t: 'auth', name: 'Eve', resume: [] });
    expect(elsewhere.isPaused).toBe(false);
  });

  it('of one user are no more than may be, and the others stay', async () => {
    const chat = createLimitedChat({});
    const ann = await chat.enter('Ann', 'tea');
    const second = await again(chat, ann);
    const third = await again(chat, ann);
    expect([ann, second, third].map(({ closedWith }) => closedWith)).toEqual([
      undefined,
      undefined,
      4505,
    ]);
    second.end();
    expect((await again(chat, ann)).closedWith).toBeUndefined();
  });
});

describe('what is remembered of who spent what', () => {
  it('is forgotten once nothing is owed, and leaves no timer', () => {
    const time = createManualTime();
    const buckets = createKeyedBuckets(few, time);
    buckets.take('a', 1);
    buckets.take('b', 300);
    // Nobody who shares an account is held up for longer than a second.
    expect(buckets.take('b', 0)).toBe(1_000);
    time.advance(10_000);
    buckets.take('a', 1);
    expect(buckets.size).toBe(1);
    time.advance(30_000);
    expect([buckets.size, time.armed]).toEqual([0, 0]);
  });
});

describe('a neighbour who spends all that their address may', () => {
  it('closes nobody, and holds nobody up who only keeps the line alive', async () => {
    const chat = createLimitedChat({ address: few });
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 30; n += 1) {
      const flooder = chat.connect();
      flooder.send(...Array.from({ length: 100 }, () => ({ t: 'refresh' }) as const));
    }
    for (let n = 1; n < 50; n += 1) ann.send({ t: 'ping', n });
    expect([ann.isPaused, ann.closedWith]).toEqual([false, undefined]);
    expect(ann.all('pong')).toHaveLength(49);
    ann.send(say('a'));
    expect(ann.isPaused).toBe(true);
    chat.time.advance(1_000);
    await settle();
    expect([ann.isPaused, ann.last('ack').id]).toEqual([false, 'a']);
  });
});

describe('by default', () => {
  it('an outbox of 200 messages after an outage is sent in one go', async () => {
    const chat = createTestChat(createMemoryLog('epoch-1'), { allowances: defaultAllowances });
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 190; n += 1) ann.send(say(`a${n}`));
    await settle();
    expect(ann.isPaused).toBe(false);
    expect(ann.all('ack')).toHaveLength(190);
  });
});

describe('a frame', () => {
  const rooms = (count: number) => Array.from({ length: count }, (_, n) => ({ room: `r${n}` }));

  it('costs by what it asks for: a search much, a watch by its rooms', () => {
    expect(costOf({ t: 'search', room: 'tea', text: 'x' })).toBe(20);
    expect(costOf({ t: 'read', room: 'tea', seq: 1 })).toBe(2);
    expect(costOf({ t: 'watch', rooms: [] })).toBe(5);
    expect(costOf({ t: 'watch', rooms: rooms(100) })).toBe(205);
  });
});
