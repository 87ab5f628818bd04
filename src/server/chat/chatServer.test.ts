import { describe, expect, it } from 'vitest';
import type { ClientFrameOf } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { type Appended, LogUnavailableError, type MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { maxOpenRequests } from './client/logRequests';
import { createTestChat, intervalMs, settle, timeoutMs, tokenLifetimeMs } from './testChat';

const auth = (name: string): ClientFrameOf<'auth'> => ({ t: 'auth', name, resume: [] });
const say = (id: string, body = `body of ${id}`, room = 'tea') =>
  ({ t: 'send', id, room, body }) as const;
const join = (room: string) => ({ t: 'join', room }) as const;

/** A log whose appends, and then whose calls at all, can be made to fail. */
function createBreakableLog() {
  const log = createMemoryLog('epoch-1');
  let broken: 'nothing' | 'appends' | 'everything' = 'nothing';
  const failIf = async (...kinds: (typeof broken)[]) => {
    if (kinds.includes(broken)) throw new LogUnavailableError('disk full');
  };
  const breakable: MessageLog = {
    ...log,
    append: (draft) => failIf('appends', 'everything').then(() => log.append(draft)),
    head: (room) => failIf('everything').then(() => log.head(room)),
    before: (...args) => failIf('everything').then(() => log.before(...args)),
    check: () => failIf('appends', 'everything').then(log.check),
  };
  return {
    log: breakable,
    break(what: typeof broken) {
      broken = what;
    },
  };
}

/** A log that stores at once but answers only when told to. */
function createSlowLog() {
  const log = createMemoryLog('epoch-1');
  const asked: string[] = [];
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: MessageLog = {
    ...log,
    async append(draft): Promise<Appended> {
      asked.push(draft.id);
      const answer = await log.append(draft);
      await released;
      return answer;
    },
  };
  return { log: slow, asked, release: () => release() };
}

describe('a client that connects', () => {
  it('is greeted first, and let in by name alone as a new guest', async () => {
    const chat = createTestChat();
    const ann = chat.connect();
    expect(ann.received).toMatchObject([{ t: 'hello', heartbeat: { intervalMs, timeoutMs } }]);
    ann.send(auth('Ann'));
    await settle();
    expect(ann.last('ready')).toMatchObject({ user: { name: 'Ann' }, rooms: [] });
    const other = await chat.enter('Ann');
    expect(other.last('ready').user.id).not.toBe(ann.last('ready').user.id);
  });

  it('is the same user again with the token that it was given, whatever name it gives', async () => {
    const chat = createTestChat();
    const { user, token } = (await chat.enter('Ann')).last('ready');
    const again = chat.connect();
    again.send({ ...auth('Bob'), token });
    await settle();
    expect(again.last('ready').user).toEqual(user);
  });

  it('is sent away for ever with a token that proves nobody', async () => {
    const client = createTestChat().connect();
    client.send({ ...auth('Ann'), token: 'forged' });
    await settle();
    expect(client.closedWith).toBe(4501);
  });

  it.each([
    ['a name that is not allowed', { name: '   ' }, 'name', 4502],
    ['no name', {}, 'name', 4502],
    ['a name that ends like a tag', { name: 'Ann ●39gc' }, 'tag', 4502],
    ['a token that is too long', { name: 'Ann', token: 'x'.repeat(5_000) }, 'token', 4501],
    ['a room that is none', { name: 'Ann', resume: [{ room: 'No!' }] }, 'resume', 4500],
  ])('is told what is wrong, and sent away for ever, with %s', async (_, fields, named, code) => {
    const client = createTestChat().connect();
    client.sendRaw(JSON.stringify([{ t: 'auth', ...fields }, auth('Ann')]));
    await settle();
    expect(client.last('err')).toMatchObject({ code: 'bad_frame', retry: false });
    expect(client.last('err').message).toContain(named);
    expect(client.closedWith).toBe(code);
    expect(client.all('ready')).toEqual([]);
  });

  it('stays, once it is let in, whatever it says of itself then', async () => {
    const client = await createTestChat().enter('Ann');
    client.send(auth('   '));
    await settle();
    expect(client.last('err').code).toBe('bad_frame');
    expect(client.closedWith).toBeUndefined();
  });

  it('has 10 s to say who it is', () => {
    const chat = createTestChat();
    const client = chat.connect();
    chat.time.advance(9_999);
    expect(client.closedWith).toBeUndefined();
    chat.time.advance(1);
    expect(client.closedWith).toBe(4009);
  });

  it('may only ping before it has said who it is', async () => {
    const client = createTestChat().connect();
    client.send({ t: 'ping', n: 3 }, say('a'), join('tea'));
    await settle();
    expect(client.last('pong').n).toBe(3);
    expect(client.all('err')).toMatchObject([
      { code: 'unauthenticated', id: 'a' },
      { code: 'unauthenticated' },
    ]);
  });

  it('says who it is once', async () => {
    const ann = await createTestChat().enter('Ann');
    ann.send(auth('Bob'));
    expect(ann.last('err').code).toBe('already_authenticated');
  });

  it('need not wait for any answer: auth, join and send may come in one go', async () => {
    const ann = createTestChat().connect();
    ann.send(auth('Ann'), join('tea'), say('a'), say('b'));
    await settle();
    expect(ann.all('ack').map(({ id, seq }) => [id, seq])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});

describe('a message', () => {
  it('is acknowledged to its author, and told to everyone in the room', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea', 'attic');
    const eve = await chat.enter('Eve', 'attic');
    ann.send(say('a', 'hello'));
    await settle();
    const from = ann.last('ready').user;
    const { mid, at } = ann.last('ack');
    expect(at).toBe(chat.time.now());
    for (const client of [ann, bob]) {
      expect(client.all('msg')).toEqual([
        { t: 'msg', room: 'tea', epoch: 'epoch-1', seq: 1, mid, id: 'a', from, body: 'hello', at },
      ]);
    }
    expect(eve.all('msg')).toEqual([]);
  });

  it('is not acknowledged before the log has it, while others are on their way already', async () => {
    const slow = createSlowLog();
    const chat = createTestChat(slow.log);
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a'), say('b'));
    ann.send(say('c'));
    await settle();
    expect(slow.asked).toEqual(['a', 'b', 'c']);
    expect(ann.all('ack')).toEqual([]);
    slow.release();
    await settle();
    expect(ann.all('ack').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(ann.all('msg').map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('that comes again is acknowledged as before, and told to nobody', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea', 'attic');
    ann.send(say('a'));
    await settle();
    const first = ann.last('ack');
    ann.send(say('a'), say('a', 'elsewhere', 'attic'));
    await settle();
    expect(ann.all('ack').slice(1)).toEqual([
      { ...first, dup: true },
      { ...first, dup: true },
    ]);
    expect(ann.all('msg')).toHaveLength(1);
  });

  it('reaches the room even if its author is gone by then', async () => {
    const slow = createSlowLog();
    const chat = createTestChat(slow.log);
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    ann.send(say('a'));
    ann.end();
    slow.release();
    await settle();
    expect(bob.all('msg')).toHaveLength(1);
  });

  it('is refused outside the rooms that its author has joined', async () => {
    const ann = await createTestChat().enter('Ann', 'tea');
    ann.send(say('a', 'psst', 'attic'));
    expect(ann.last('err')).toMatchObject({ code: 'not_in_room', id: 'a', retry: false });
    ann.send({ t: 'leave', room: 'tea' }, say('b'));
    expect(ann.last('err')).toMatchObject({ code: 'not_in_room', id: 'b' });
  });

  it('is to be sent again later when the log is away', async () => {
    const breakable = createBreakableLog();
    const ann = await createTestChat(breakable.log).enter('Ann', 'tea');
    breakable.break('appends');
    ann.send(say('a'));
    await settle();
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'unavailable', retry: true });
    expect(ann.last('err').after).toBeGreaterThan(0);
    breakable.break('nothing');
    ann.send(say('a'));
    await settle();
    expect(ann.last('ack')).toMatchObject({ id: 'a', seq: 1 });
    expect(ann.closedWith).toBeUndefined();
  });

  it('that the log stored but could not confirm shows in the heads, so that all ask for it', async () => {
    const log = createMemoryLog('epoch-1');
    let losesAnswer = true;
    const chat = createTestChat({
      ...log,
      async append(draft) {
        const answer = await log.append(draft);
        if (!losesAnswer) return answer;
        losesAnswer = false;
        throw new LogUnavailableError('the answer was lost');
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    ann.send(say('a'));
    await settle();
    expect(ann.last('err').code).toBe('unavailable');
    ann.send(say('a'));
    await settle();
    bob.send({ t: 'ping', n: 1 });
    expect(bob.last('pong').heads).toEqual([{ room: 'tea', epoch: 'epoch-1', seq: 1 }]);
  });
});

describe('a heartbeat', () => {
  it('of the client is answered with the heads of its rooms', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea', 'attic');
    const bob = await chat.enter('Bob', 'tea');
    bob.send(say('a'));
    await settle();
    ann.send({ t: 'ping', n: 7 });
    expect(ann.last('pong')).toEqual({
      t: 'pong',
      n: 7,
      heads: [
        { room: 'tea', epoch: 'epoch-1', seq: 1 },
        { room: 'attic', epoch: 'epoch-1', seq: 0 },
      ],
    });
  });

  it('keeps a client that answers', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann');
    for (let beat = 1; beat <= 3; beat += 1) {
      chat.time.advance(intervalMs);
      expect(ann.last('ping').n).toBe(beat);
      ann.send({ t: 'pong', n: beat });
    }
    chat.time.advance(timeoutMs);
    expect(ann.closedWith).toBeUndefined();
  });

  it('drops a client that does not answer, whatever else it sends, and does not wait for it', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    chat.time.advance(intervalMs);
    ann.send(say('a'), { t: 'ping', n: 1 });
    chat.time.advance(timeoutMs - 1);
    expect(ann.closedWith).toBeUndefined();
    chat.time.advance(1);
    expect(ann.closedWith).toBe(4002);
    chat.time.advance(1_000);
    expect(ann.isTerminated).toBe(true);
  });
});

describe('a token', () => {
  it('is renewed on the open line, and holds as long as the first one', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann');
    expect(ann.last('ready').expiresIn).toBe(tokenLifetimeMs);
    chat.time.sleep(tokenLifetimeMs - 1);
    ann.send({ t: 'refresh' });
    await settle();
    const { token, expiresIn } = ann.last('token');
    expect(expiresIn).toBe(tokenLifetimeMs);
    chat.time.sleep(tokenLifetimeMs - 1);
    ann.send({ t: 'ping', n: 1 });
    expect(ann.closedWith).toBeUndefined();

    const again = chat.connect();
    again.send({ ...auth('Ann'), token });
    await settle();
    expect(again.last('ready').user).toEqual(ann.last('ready').user);
  });

  it('that has ended ends the line, by the next frame or the server’s own next beat', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat(log);
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    chat.time.sleep(tokenLifetimeMs);
    ann.send(say('a'));
    expect(ann.closedWith).toBe(4006);
    chat.time.advance(0);
    expect(bob.closedWith).toBe(4006);
    await settle();
    expect(await log.head('tea')).toMatchObject({ seq: 0 });
  });

  it('that has ended proves nobody', async () => {
    const chat = createTestChat();
    const { token } = (await chat.enter('Ann')).last('ready');
    chat.time.sleep(tokenLifetimeMs);
    const again = chat.connect();
    again.send({ ...auth('Ann'), token });
    await settle();
    expect(again.closedWith).toBe(4501);
  });

  it('is given to nobody who has not said who it is', async () => {
    const chat = createTestChat();
    const ann = chat.connect();
    ann.send({ t: 'refresh' });
    await settle();
    expect(ann.last('err').code).toBe('unauthenticated');
  });
});

describe('a client that sets the pace of the heartbeat', () => {
  /** Pings as one whose network keeps silent lines, and returns how often the server pinged itself. */
  async function pingEvery(every: number, beats: number) {
    const chat = createTestChat();
    const ann = await chat.enter('Ann');
    ann.send({ t: 'ping', n: 1, every });
    // Until it has said so the server keeps its own pace.
    chat.time.advance(intervalMs);
    ann.send({ t: 'pong', n: 1 });
    for (let n = 2; n <= beats; n += 1) {
      chat.time.advance(every);
      ann.send({ t: 'ping', n, every });
    }
    return { chat, ann, pings: () => ann.received.filter(({ t }) => t === 'ping').length };
  }

  it('is waited for, as each of its pings answers the pong before', async () => {
    const { ann, pings } = await pingEvery(4 * intervalMs, 5);
    expect(pings()).toBe(1);
    expect(ann.closedWith).toBeUndefined();
  });

  it('is asked by the server itself when it falls silent, and dropped', async () => {
    const { chat, ann, pings } = await pingEvery(4 * intervalMs, 3);
    const before = pings();
    chat.time.advance(4 * intervalMs * 1.15);
    expect(pings()).toBe(before + 1);
    chat.time.advance(timeoutMs);
    expect(ann.closedWith).toBe(4002);
  });

  it('is waited for no longer than the longest interval', async () => {
    const { chat, ann } = await pingEvery(4 * intervalMs, 2);
    ann.send({ t: 'ping', n: 3, every: 3_600_000 });
    chat.time.advance(limits.heartbeatIntervalMs * 1.15 + timeoutMs);
    expect(ann.closedWith).toBe(4002);
  });

  it('does not make the server ask more often', async () => {
    const { chat, pings } = await pingEvery(1_000, 2);
    const before = pings();
    chat.time.advance(intervalMs - 1);
    expect(pings()).toBe(before);
  });
});

describe('presence', () => {
  const nameOf = ({ name }: { name: string }) => name;

  it('tells a newcomer who is there, and the others who came', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    expect(bob.last('presence').members?.map(nameOf)).toEqual(['Ann', 'Bob']);
    expect(ann.last('presence').came?.map(nameOf)).toEqual(['Bob']);
  });

  it.each([
    ['leaves the room', 'leave'],
    ['closes on purpose', 'close'],
  ])('ends at once when somebody %s', async (_, how) => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    if (how === 'leave') bob.send({ t: 'leave', room: 'tea' });
    else bob.end(1000);
    expect(ann.last('presence').left).toEqual([bob.last('ready').user.id]);
  });

  it('does not show a line that breaks, if its user is back within 10 s', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    const { token, user } = bob.last('ready');
    ann.clear();
    bob.end(1006);
    chat.time.advance(9_999);
    const again = chat.connect();
    again.send({ ...auth('Bob'), token }, join('tea'));
    await settle();
    chat.time.advance(2_000);
    expect(ann.all('presence')).toEqual([]);
    again.end(1006);
    chat.time.advance(10_000);
    expect(ann.last('presence').left).toEqual([user.id]);
  });

  it('of somebody with two connections ends with the last of them', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    const second = chat.connect();
    second.send({ ...auth('Bob'), token: bob.last('ready').token }, join('tea'));
    await settle();
    ann.clear();
    bob.end(1000);
    expect(ann.all('presence')).toEqual([]);
    second.end(1000);
    expect(ann.all('presence')).toHaveLength(1);
  });

  it('leaves no timer behind once everybody is gone', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    ann.end(1006);
    bob.end(1000);
    chat.time.advance(10_000);
    expect(chat.time.armed).toBe(0);
  });
});

describe('a client that breaks the protocol', () => {
  it.each([
    ['no JSON', 'hello?', 'bad_json'],
    ['no object', '7', 'bad_frame'],
    ['an unknown type', '{"t":"dance"}', 'unknown_type'],
    ['a message without text', '{"t":"send","id":"a","room":"tea","body":""}', 'bad_frame'],
  ])('is told so, and stays: %s', async (_, text, code) => {
    const ann = await createTestChat().enter('Ann', 'tea');
    ann.sendRaw(text);
    expect(ann.last('err')).toMatchObject({ code, retry: false });
    ann.send(say('b'));
    await settle();
    expect(ann.last('ack').id).toBe('b');
  });

  it('is told so for a binary message too', async () => {
    const ann = await createTestChat().enter('Ann');
    ann.sendBinary();
    expect(ann.last('err').code).toBe('bad_frame');
  });

  it('is sent away for ever after 20 times, and the others go on', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    for (let times = 1; times < 20; times += 1) ann.sendRaw('{');
    expect(ann.closedWith).toBeUndefined();
    ann.sendRaw('{');
    expect(ann.closedWith).toBe(4500);
    ann.clear();
    ann.sendRaw('{');
    expect(ann.received).toEqual([]);
    bob.send(say('a'));
    await settle();
    expect(bob.last('ack').seq).toBe(1);
  });
});

describe('a client that asks for too much', () => {
  it('is in at most 100 rooms', async () => {
    const ann = await createTestChat().enter('Ann');
    const rooms = Array.from({ length: limits.roomsPerConnection }, (_, index) => `room-${index}`);
    ann.send(...rooms.map(join));
    await settle();
    expect(ann.all('err')).toEqual([]);
    ann.send(join('one-more'));
    expect(ann.last('err').code).toBe('too_many_rooms');
  });

  it('is not read while too many of its requests wait for the log', async () => {
    const slow = createSlowLog();
    const ann = await createTestChat(slow.log).enter('Ann', 'tea');
    for (let n = 1; n < maxOpenRequests; n += 1) ann.send(say(`a${n}`));
    expect(ann.isPaused).toBe(false);
    ann.send(say('the-last-straw'));
    expect(ann.isPaused).toBe(true);
    slow.release();
    await settle();
    expect(ann.isPaused).toBe(false);
    expect(ann.all('ack')).toHaveLength(maxOpenRequests);
  });
});

describe('a drain', () => {
  it('answers what has come, says when to come back, and closes every line', async () => {
    const slow = createSlowLog();
    const chat = createTestChat(slow.log);
    const ann = await chat.enter('Ann', 'tea');
    const guest = chat.connect();
    ann.send(say('a'));
    const drained = chat.server.drain([500, 3_000]);
    expect(await chat.server.health()).toBe('draining');
    slow.release();
    await drained;
    expect(ann.received.slice(-3).map(({ t }) => t)).toEqual(['ack', 'msg', 'bye']);
    expect(ann.last('bye')).toMatchObject({ code: 4001, after: [500, 1_750] });
    expect(guest.last('bye')).toMatchObject({ code: 4001, after: [1_750, 3_000] });
    for (const client of [ann, guest]) expect(client.closedWith).toBe(4001);
  });

  it('reads nothing more, so that who keeps writing does not hold it up', async () => {
    const slow = createSlowLog();
    const chat = createTestChat(slow.log);
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a'));
    const drained = chat.server.drain([500, 3_000]);
    expect(ann.isPaused).toBe(true);
    slow.release();
    expect(await drained).toEqual({ connections: 1, unanswered: 0 });
    // Else the answer to the close could not be read.
    expect(ann.isPaused).toBe(false);
  });

  it('answers what came behind an auth that is being looked into', async () => {
    const chat = createTestChat();
    const ann = chat.connect();
    ann.send(auth('Ann'), { t: 'join', room: 'tea' }, say('a'));
    await chat.server.drain([500, 3_000]);
    const types = ann.received.map(({ t }) => t);
    expect(types).toContain('ack');
    expect(types.at(-1)).toBe('bye');
  });

  it('waits so long and no longer for a log that does not answer', async () => {
    const chat = createTestChat(createSlowLog().log);
    const [ann, bob] = [await chat.enter('Ann', 'tea'), await chat.enter('Bob', 'tea')];
    ann.send(say('a'));
    const drained = chat.server.drain([500, 3_000], 5_000);
    chat.time.advance(4_999);
    await settle();
    expect(ann.closedWith).toBeUndefined();
    chat.time.advance(1);
    expect(await drained).toEqual({ connections: 2, unanswered: 1 });
    expect([ann.closedWith, bob.closedWith]).toEqual([4001, 4001]);
    expect(ann.all('ack')).toEqual([]);
  });

  it('sends away who comes later', async () => {
    const chat = createTestChat();
    await chat.server.drain([500, 3_000]);
    const late = chat.connect();
    expect(late.last('bye').code).toBe(4001);
    expect(late.closedWith).toBe(4001);
  });

  it('leaves no timer behind', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    bob.end(1006);
    await chat.server.drain([500, 3_000]);
    ann.end(4001);
    expect(chat.time.armed).toBe(0);
  });
});

describe('the server’s health', () => {
  it('is good while the log answers', async () => {
    expect(await createTestChat().server.health()).toBe('ok');
  });

  it('is bad while the log is away, and good again when it is back', async () => {
    const breakable = createBreakableLog();
    const chat = createTestChat(breakable.log);
    breakable.break('everything');
    expect(await chat.server.health()).toBe('log away');
    breakable.break('nothing');
    expect(await chat.server.health()).toBe('ok');
  });

  it('is bad while the log can be read but takes no message', async () => {
    const breakable = createBreakableLog();
    const chat = createTestChat(breakable.log);
    breakable.break('appends');
    expect(await chat.server.health()).toBe('log away');
    breakable.break('nothing');
    expect(await chat.server.health()).toBe('ok');
  });

  it('is bad when the log does not answer at all', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat({ ...log, check: () => new Promise(() => {}) });
    const health = chat.server.health();
    chat.time.advance(2_000);
    expect(await health).toBe('log away');
  });
});

describe('a failure inside the server', () => {
  it('costs the client concerned its line, and nobody else', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat({
      ...log,
      append: async (draft) => {
        if (draft.body === 'poison') throw new TypeError('a bug');
        return log.append(draft);
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    ann.send(say('a', 'poison'));
    await settle();
    expect(ann.closedWith).toBe(4000);
    expect(chat.errors).toHaveLength(1);
    bob.send(say('b'));
    await settle();
    expect(bob.last('ack').seq).toBe(1);
  });
});
