/** What is written before all eyes, on one server: seen from the lines of who writes and who reads. */
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../../protocol/closeCodes';
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import type { ChatServerOptions } from '../chatServer';
import { behindBytes } from '../client/clientLine';
import { createFlushPace } from '../room/flushPace';
import { shownTexts } from '../room/testReader';
import { createTestChat, settle, type TestClient } from '../testChat';
import { retriesMs } from './streamKeeping';
import { idleMs } from './streamLives';

const graceMs = 10_000;

const piece = (at: number, text: string, fields: Partial<ClientFrameOf<'stream'>> = {}) =>
  ({ t: 'stream', id: 'a', room: 'tea', at, text, ...fields }) as const;
const say = (body: string, id = 'a') => ({ t: 'send', id, room: 'tea', body }) as const;
const shown = (client: TestClient) => shownTexts(client.received);
/** Where each piece that came began, and its text. */
const pieces = (client: TestClient) => client.all('stream').map(({ at, text }) => [at, text]);

/** Ann writes, Bob reads. */
async function createWorld(log?: MessageLog, options?: Partial<ChatServerOptions>) {
  // Nobody here answers heartbeats.
  const heartbeat = { intervalMs: 10_000_000, timeoutMs: 10_000 };
  const chat = createTestChat(log, { heartbeat, ...options });
  const ann = await chat.enter('Ann', 'tea');
  const bob = await chat.enter('Bob', 'tea');
  const comeBack = async (name: string, token: string, ...rooms: string[]) => {
    const client = chat.connect();
    client.send({ t: 'auth', name, token, resume: [] });
    for (const room of rooms) client.send({ t: 'join', room });
    await settle();
    return client;
  };
  return { ...chat, ann, bob, comeBack };
}

/** A log that can be away, and what it holds. */
function createAbsentLog() {
  const log = createMemoryLog('epoch-1');
  const state = { isAway: false };
  const absent: MessageLog = {
    ...log,
    async append(draft) {
      if (state.isAway) throw new LogUnavailableError('away');
      return log.append(draft);
    },
  };
  return Object.assign(state, {
    log: absent,
    async texts() {
      const { messages } = await log.before('tea', 1_000, { messages: 100, length: 1_000_000 });
      return messages.map(({ body, cut }) => (cut ? `${body}†` : body));
    },
  });
}

describe('a message that is being written', () => {
  it('is told to who is in its room, as far as it has come, and to nobody else', async () => {
    const { ann, bob, enter } = await createWorld();
    const eve = await enter('Eve', 'attic');
    ann.send(piece(0, 'one '));
    const { user } = ann.last('ready');
    expect(bob.last('stream')).toEqual({
      ...{ t: 'stream', room: 'tea', id: 'a', from: user, at: 0, text: 'one ' },
    });
    ann.send(piece(4, 'two'));
    expect(pieces(bob)).toEqual([
      [0, 'one '],
      [4, 'two'],
    ]);
    expect(pieces(ann)).toEqual(pieces(bob));
    expect(eve.all('stream')).toEqual([]);
    expect(shown(bob)).toEqual({ a: 'one two…' });
  });

  it('is kept nowhere before its end', async () => {
    const { log, texts } = createAbsentLog();
    const { ann } = await createWorld(log);
    ann.send(piece(0, 'one '));
    await settle();
    expect(await texts()).toEqual([]);
  });

  it('says what it replies to', async () => {
    const { ann, bob } = await createWorld();
    bob.send(say('question', 'q'));
    await settle();
    const { seq, mid } = ann.last('msg');
    ann.send(piece(0, 'well', { about: { kind: 'reply', seq, mid } }));
    expect(bob.last('stream').about).toEqual({ kind: 'reply', seq });
  });

  it('travels as one piece of all that came within a flush', async () => {
    const { ann, bob, time } = await createWorld(undefined, {
      soon: setImmediate,
      pace: createFlushPace(),
    });
    time.advance(1_000);
    await settle();
    const { writes } = bob;
    for (let at = 0; at < 10; at += 1) ann.send(piece(at, String(at)));
    ann.send(piece(0, 'other', { id: 'b' }));
    await settle();
    expect(pieces(bob)).toEqual([
      [0, '0123456789'],
      [0, 'other'],
    ]);
    expect(bob.writes).toBe(writes + 1);
    ann.send(piece(10, 'a'));
    ann.send(piece(11, 'b'));
    await settle();
    time.advance(15);
    expect(pieces(bob)).toHaveLength(2);
    time.advance(1);
    expect(pieces(bob).at(-1)).toEqual([10, 'ab']);
  });

  it('counts what is said twice once, by its offset', async () => {
    const { ann, bob } = await createWorld();
    ann.send(piece(0, 'one '), piece(0, 'one '), piece(2, 'e two'), piece(0, 'one two three'));
    expect(shown(bob)).toEqual({ a: 'one two three…' });
    expect(
      pieces(bob)
        .map(([, text]) => text)
        .join(''),
    ).toBe('one two three');
  });

  it('is refused where it begins beyond what is known, and taken from the beginning', async () => {
    const { ann, bob } = await createWorld();
    ann.send(piece(4, 'two'));
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'stream_gap', retry: true });
    ann.send(piece(0, 'one'), piece(4, 'two'));
    expect(ann.all('err')).toHaveLength(2);
    ann.send(piece(0, 'one two'));
    expect(ann.all('err')).toHaveLength(2);
    expect(shown(bob)).toEqual({ a: 'one two…' });
  });

  it('is refused outside of joined rooms, and in another room than it was begun in', async () => {
    const { ann, enter } = await createWorld();
    ann.send(piece(0, 'x', { room: 'attic' }));
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'not_in_room' });
    const eve = await enter('Eve', 'tea', 'attic');
    eve.send(piece(0, 'x'), piece(1, 'y', { room: 'attic' }));
    expect(eve.last('err')).toMatchObject({ id: 'a', code: 'bad_frame', retry: false });
  });

  it('shows that its writer is there by an empty piece, now and then', async () => {
    const { ann, bob, time } = await createWorld();
    ann.send(piece(0, 'one'));
    ann.send(piece(3, ''));
    expect(pieces(bob)).toEqual([[0, 'one']]);
    time.advance(10_000);
    ann.send(piece(3, ''));
    expect(pieces(bob).at(-1)).toEqual([3, '']);
  });
});

describe('who comes into a room in the middle', () => {
  it('is told all that is being written, behind the page', async () => {
    const { ann, enter } = await createWorld();
    ann.send(piece(0, 'one '), piece(4, 'two'), piece(0, 'other', { id: 'b' }));
    const eve = await enter('Eve', 'tea');
    const types = eve.received.map(({ t }) => t).filter((t) => t === 'sync' || t === 'stream');
    expect(types).toEqual(['sync', 'stream', 'stream']);
    expect(shown(eve)).toEqual({ a: 'one two…', b: 'other…' });
    ann.send(piece(7, ' three'), say('one two three'));
    await settle();
    expect(shown(eve)).toEqual({ a: 'one two three', b: 'other…' });
  });

  it('is told so after a lost line, too', async () => {
    const { ann, bob, connect } = await createWorld();
    ann.send(piece(0, 'one '));
    const { token } = bob.last('ready');
    const { epoch } = bob.last('sync');
    bob.end();
    ann.send(piece(4, 'two'));
    const again = connect();
    const resume = [{ room: 'tea', epoch, seq: 0, mid: '' }];
    again.send({ t: 'auth', name: 'Bob', token, resume });
    await settle();
    expect(shown(again)).toEqual({ a: 'one two…' });
  });

  it('misses no piece that comes while the page is read', async () => {
    let release = () => {};
    const log = createMemoryLog('epoch-1');
    const slow: MessageLog = {
      ...log,
      async before(...args) {
        const page = await log.before(...args);
        await new Promise<void>((resolve) => {
          release = resolve;
          if (!isSlow) resolve();
        });
        return page;
      },
    };
    let isSlow = false;
    const { ann, enter } = await createWorld(slow);
    ann.send(piece(0, 'one '), say('first', 'f'));
    await settle();
    isSlow = true;
    const coming = enter('Eve', 'tea');
    await settle();
    ann.send(piece(4, 'two '));
    release();
    ann.send(piece(8, 'three'));
    const eve = await coming;
    await settle();
    expect(shown(eve)).toMatchObject({ a: 'one two three…' });
  });
});

describe('what is told to all at the moment when somebody comes in', () => {
  it('does not overtake what is told to them of the time before', async () => {
    const log = createMemoryLog('epoch-1');
    const waiting: (() => void)[] = [];
    const slow: MessageLog = {
      ...log,
      async before(...args) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return log.before(...args);
      },
    };
    const chat = createTestChat(slow, { soon: setImmediate, pace: createFlushPace() });
    const ann = await chat.enter('Ann', 'tea');
    // So many that nobody is told of read marks, which would go between.
    for (let n = 0; n < 50; n += 1) await chat.enter(`Guest ${n}`, 'tea');
    for (const release of waiting.splice(0)) release();
    await settle();
    // After this its page has to be read anew.
    ann.send(say('first', 'f'));
    await settle();
    const eve = await chat.enter('Eve', 'tea');
    chat.time.advance(10_000);
    await settle();
    // The next piece waits for the rest after this one.
    ann.send(piece(0, 'one '));
    await settle();
    eve.clear();
    ann.send(piece(4, 'two '));
    waiting.shift()?.();
    // So far that the page is on its line, and no further.
    for (let turn = 0; turn < 1_000 && eve.all('sync').length === 0; turn += 1) {
      await Promise.resolve();
    }
    expect(eve.all('sync')).toHaveLength(1);
    ann.send(piece(8, 'three'));
    chat.time.advance(50);
    await settle();
    expect(shown(eve)).toEqual({ f: 'first', a: 'one two three…' });
  });
});

describe('a reader that is behind', () => {
  it('is told no pieces, and all of it once it has read', async () => {
    const { ann, bob, time } = await createWorld();
    ann.send(piece(0, 'one '));
    bob.readsNothing(behindBytes + 1);
    ann.send(piece(4, 'two '));
    ann.send(piece(8, 'three '));
    expect(pieces(bob)).toEqual([[0, 'one ']]);
    bob.readsNothing(0);
    time.advance(1_000);
    expect(shown(bob)).toEqual({ a: 'one two three …' });
    ann.send(piece(14, 'four'));
    expect(shown(bob)).toEqual({ a: 'one two three four…' });
  });

  it('learns all the same that something was broken off', async () => {
    const { ann, bob } = await createWorld(undefined, { soon: setImmediate });
    ann.send(piece(0, ''));
    await settle();
    bob.readsNothing(behindBytes + 1);
    ann.send(piece(0, '', { cut: true }), piece(0, 'other', { id: 'b' }));
    await settle();
    expect(shown(bob)).toEqual({});
  });
});

describe('the message at the end', () => {
  it('takes the place of what was shown, and no piece comes behind it', async () => {
    const { ann, bob } = await createWorld();
    ann.send(piece(0, 'one '), say('one two'));
    await settle();
    expect(shown(bob)).toEqual({ a: 'one two' });
    ann.send(piece(4, 'two'));
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'stream_ended', retry: false });
    expect(bob.received.at(-1)?.t).toBe('msg');
  });

  it('is told once, and to who comes later as any other', async () => {
    const { ann, enter } = await createWorld();
    ann.send(piece(0, 'one '), say('one two'));
    await settle();
    const eve = await enter('Eve', 'tea');
    expect(eve.all('stream')).toEqual([]);
    expect(shown(eve)).toEqual({ a: 'one two' });
  });

  it('that is refused for now leaves it as it is, and is sent again', async () => {
    const absent = createAbsentLog();
    const { ann, bob } = await createWorld(absent.log);
    absent.isAway = true;
    ann.send(piece(0, 'one '), say('one two'));
    await settle();
    expect(ann.last('err').code).toBe('unavailable');
    ann.send(piece(4, 'two'));
    expect(shown(bob)).toEqual({ a: 'one two…' });
    absent.isAway = false;
    ann.send(say('one two'));
    await settle();
    expect(shown(bob)).toEqual({ a: 'one two' });
  });

  it('that is refused for ever ends it, and readers learn that', async () => {
    const { ann, bob } = await createWorld();
    bob.send(say('question', 'q'));
    await settle();
    const { seq, mid } = bob.last('msg');
    const about = { kind: 'reply', seq, mid } as const;
    ann.send(piece(0, 'well', { about }));
    bob.send({ ...say('', 'd'), about: { kind: 'delete', seq, mid } });
    await settle();
    ann.send({ ...say('well, no'), about });
    await settle();
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'no_message' });
    expect(bob.last('stream')).toMatchObject({ id: 'a', cut: true });
    expect(shown(bob)).toMatchObject({ a: 'well†' });
  });

  it('takes it away where an earlier one was stored and its ack lost', async () => {
    const { ann, bob, comeBack } = await createWorld();
    ann.send(piece(0, 'one '), say('one two'));
    await settle();
    const again = await comeBack('Ann', ann.last('ready').token, 'tea');
    again.send(piece(0, 'one two'), say('one two'));
    await settle();
    expect(again.last('err').code).toBe('stream_ended');
    expect(again.last('ack')).toMatchObject({ id: 'a', dup: true });
    expect(shown(bob)).toEqual({ a: 'one two' });
  });
});

describe('a writer who breaks off', () => {
  it('leaves what is there as a message that says so, told and pushed as any other', async () => {
    const pushed: ServerFrameOf<'msg'>[] = [];
    const { ann, bob, enter } = await createWorld(undefined, {
      push: () => ({
        ...{ key: 'key', came() {}, left() {}, forget() {}, heard() {}, stop: async () => {} },
        answer: async () => ({ refused: 'no' }),
        told: (message) => void pushed.push(message),
      }),
    });
    ann.send(piece(0, 'one '), piece(4, 'tw', { cut: true }));
    await settle();
    expect(bob.last('msg')).toMatchObject({ id: 'a', body: 'one tw', cut: true, seq: 1 });
    expect(pushed).toEqual([bob.last('msg')]);
    ann.send(piece(6, 'o'));
    expect(ann.last('err').code).toBe('stream_ended');
    ann.send(say('one two'));
    await settle();
    expect(ann.last('ack')).toMatchObject({ id: 'a', seq: 1, dup: true });
    const eve = await enter('Eve', 'tea');
    expect(shown(eve)).toEqual({ a: 'one tw†' });
  });

  it('is told with a reply’s place', async () => {
    const { ann, bob } = await createWorld();
    bob.send(say('question', 'q'));
    await settle();
    const { seq, mid } = bob.last('msg');
    ann.send(piece(0, 'well', { about: { kind: 'reply', seq, mid }, cut: true }));
    await settle();
    expect(bob.last('msg')).toMatchObject({ about: { kind: 'reply', seq }, cut: true });
  });

  it('before there is anything leaves nothing, and readers learn that', async () => {
    const { log, texts } = createAbsentLog();
    const { ann, bob } = await createWorld(log);
    ann.send(piece(0, ''));
    expect(shown(bob)).toEqual({ a: '…' });
    ann.send(piece(0, '', { cut: true }));
    await settle();
    expect(shown(bob)).toEqual({});
    expect(bob.last('stream')).toMatchObject({ id: 'a', text: '', cut: true });
    expect(await texts()).toEqual([]);
    ann.send(piece(0, 'late'));
    expect(ann.last('err').code).toBe('stream_ended');
  });

  it('is one who says nothing for a minute', async () => {
    const { ann, bob, time } = await createWorld();
    ann.send(piece(0, 'one '));
    time.advance(idleMs - 1);
    ann.send(piece(4, ''));
    time.advance(idleMs - 1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one …' });
    time.advance(1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one †' });
  });

  it('is one whose line was lost and who has not come back', async () => {
    const { ann, bob, time } = await createWorld();
    ann.send(piece(0, 'one '));
    ann.end();
    time.advance(graceMs - 1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one …' });
    time.advance(1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one †' });
  });

  it('is not one who comes back in time, on another line, and goes on from the beginning', async () => {
    const { ann, bob, comeBack, time } = await createWorld();
    ann.send(piece(0, 'one '));
    ann.end();
    time.advance(graceMs - 1);
    const again = await comeBack('Ann', ann.last('ready').token, 'tea');
    time.advance(graceMs);
    again.send(piece(0, 'one two'));
    await settle();
    expect(shown(bob)).toEqual({ a: 'one two…' });
    again.end();
    time.advance(graceMs - 1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one two…' });
    time.advance(1);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one two†' });
  });

  it('is not one who has another line', async () => {
    const { ann, bob, comeBack, time } = await createWorld();
    ann.send(piece(0, 'one '));
    await comeBack('Ann', ann.last('ready').token);
    ann.end(closeCodes.left.code);
    time.advance(graceMs);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one …' });
  });

  it.each([
    ['leaves on purpose', (ann: TestClient) => ann.end(closeCodes.left.code)],
    ['signs out', (ann: TestClient) => ann.send({ t: 'signout' })],
  ])('is at once one who %s', async (_, leave) => {
    const { ann, bob } = await createWorld();
    ann.send(piece(0, 'one '));
    leave(ann);
    await settle();
    if (ann.closedWith !== undefined) ann.end(ann.closedWith);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one †' });
  });
});

describe('what was broken off while the log is away', () => {
  it('is kept once it is back, and shown until then', async () => {
    const absent = createAbsentLog();
    const { ann, bob, enter, time } = await createWorld(absent.log);
    absent.isAway = true;
    ann.send(piece(0, 'one ', { cut: true }));
    await settle();
    for (const delayMs of retriesMs.slice(0, 3)) {
      time.advance(delayMs);
      await settle();
    }
    expect(shown(bob)).toEqual({ a: 'one …' });
    ann.send(piece(4, 'two'));
    expect(ann.last('err').code).toBe('stream_ended');
    expect(shown(await enter('Eve', 'tea'))).toEqual({ a: 'one …' });
    absent.isAway = false;
    time.advance(retriesMs[3]);
    await settle();
    expect(shown(bob)).toEqual({ a: 'one †' });
    expect(await absent.texts()).toEqual(['one †']);
  });

  it('is given up after a while, and readers learn that', async () => {
    const absent = createAbsentLog();
    const { ann, bob, time, errors } = await createWorld(absent.log);
    absent.isAway = true;
    ann.send(piece(0, 'one ', { cut: true }));
    await settle();
    const armed = time.armed;
    for (const delayMs of retriesMs) {
      expect(bob.all('stream').every(({ cut }) => !cut)).toBe(true);
      time.advance(delayMs);
      await settle();
    }
    expect(bob.last('stream')).toMatchObject({ at: 4, text: '', cut: true });
    expect(shown(bob)).toEqual({ a: 'one †' });
    expect(time.armed).toBeLessThan(armed);
    absent.isAway = false;
    time.advance(600_000);
    await settle();
    expect(await absent.texts()).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is not kept beside what is sent meanwhile', async () => {
    const absent = createAbsentLog();
    const { ann, bob, time } = await createWorld(absent.log);
    absent.isAway = true;
    ann.send(piece(0, 'one ', { cut: true }));
    await settle();
    absent.isAway = false;
    ann.send(say('one two'));
    await settle();
    time.advance(600_000);
    await settle();
    expect(await absent.texts()).toEqual(['one two']);
    expect(shown(bob)).toEqual({ a: 'one two' });
  });
});

describe('how much may be written before all eyes', () => {
  const many = (count: number, client: string) =>
    Array.from({ length: count }, (_, n) => piece(0, 'x', { id: `${client}-${n}` }));

  it('is so much by one user at a time', async () => {
    const { ann, comeBack } = await createWorld();
    const other = await comeBack('Ann', ann.last('ready').token, 'tea');
    ann.send(...many(limits.streamsPerUser - 1, 'ann'));
    other.send(piece(0, 'x', { id: 'last' }), piece(0, 'x', { id: 'beyond' }));
    expect(other.all('err')).toMatchObject([
      { id: 'beyond', code: 'too_many_streams', retry: true },
    ]);
    ann.send(say('done', 'ann-0'));
    await settle();
    other.send(piece(0, 'x', { id: 'beyond' }));
    expect(other.all('err')).toHaveLength(1);
  });

  it('is so much in one room', async () => {
    const { enter } = await createWorld();
    const writers = await Promise.all(Array.from({ length: 11 }, (_, n) => enter(`W${n}`, 'tea')));
    for (const [n, writer] of writers.entries())
      writer.send(...many(limits.streamsPerUser, `${n}`));
    const refused = writers.map((writer) => writer.all('err').map(({ code }) => code));
    expect(refused.slice(0, 10).flat()).toEqual([]);
    expect(new Set(refused[10])).toEqual(new Set(['too_many_streams']));
  });

  it('is no more than a message holds, and what is there stays', async () => {
    const { ann, bob } = await createWorld();
    const full = '😀'.repeat(limits.bodyLength);
    ann.send(piece(0, full), piece(full.length, 'x'));
    expect(ann.last('err')).toMatchObject({ id: 'a', code: 'bad_frame', retry: false });
    ann.send(say(full));
    await settle();
    expect(shown(bob)).toEqual({ a: full });
  });
});

describe('a server that ends', () => {
  it('keeps what is being written, as cut, before its log closes', async () => {
    const absent = createAbsentLog();
    const { server, ann, bob, time, enter } = await createWorld(absent.log);
    const eve = await enter('Eve', 'tea');
    eve.send(piece(0, 'by Eve'));
    ann.send(piece(0, 'one '));
    ann.end();
    await server.drain([500, 3_000]);
    expect((await absent.texts()).sort()).toEqual(['by Eve†', 'one †']);
    expect(shown(bob)).toEqual({ a: 'one †' });
    expect(bob.received.at(-1)?.t).toBe('bye');
    for (const client of [bob, eve]) client.end(4001);
    expect(time.armed).toBe(0);
  });

  it('does not wait for a log that is away, nor leaves a timer', async () => {
    const absent = createAbsentLog();
    const { server, ann, bob, time } = await createWorld(absent.log);
    absent.isAway = true;
    ann.send(piece(0, 'one ', { cut: true }), piece(0, 'two', { id: 'b' }));
    await settle();
    await server.drain([500, 3_000]);
    expect(shown(bob)).toEqual({ a: 'one †', b: 'two†' });
    for (const client of [ann, bob]) client.end(4001);
    await settle();
    expect(time.armed).toBe(0);
  });
});
