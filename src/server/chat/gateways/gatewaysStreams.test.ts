/** What is written before all eyes, over several gateways: whatever becomes of what they tell each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownTexts } from '../room/testReader';
import { idleMs, unheardMs } from '../streams/streamLives';
import { settle, type TestChat, type TestClient } from '../testChat';
import { createTestGateways } from './testGateways';

const graceMs = 10_000;

const piece = (at: number, text: string, fields: { cut?: true; id?: string } = {}) =>
  ({ t: 'stream', id: 'a', room: 'tea', at, text, ...fields }) as const;
const say = (body: string, id = 'a') => ({ t: 'send', id, room: 'tea', body }) as const;
const shown = (client: TestClient) => shownTexts(client.received);

function createWorld() {
  // Nobody here answers heartbeats.
  const heartbeat = { intervalMs: 10_000_000, timeoutMs: 10_000 };
  const { cluster, chats, told } = createTestGateways({ heartbeat });

  /** Lets time pass at all gateways, as one, and all arrive that is told meanwhile. */
  async function pass(ms: number, stepMs = 1_000) {
    for (let passed = 0; passed < ms; passed += stepMs) {
      for (const { time } of chats) time.advance(Math.min(stepMs, ms - passed));
      await told();
    }
  }
  async function comeBack(chat: TestChat, client: TestClient, ...rooms: string[]) {
    const again = chat.connect();
    const { token, user } = client.last('ready');
    again.send({ t: 'auth', name: user.name, token, resume: [] });
    for (const room of rooms) again.send({ t: 'join', room });
    await told();
    return again;
  }
  return { cluster, chats, told, pass, comeBack };
}

/** Ann writes at the first gateway, Bob and Eve read at the others. */
async function withReaders() {
  const world = createWorld();
  const [ann, bob, eve] = await Promise.all([
    world.chats[0].enter('Ann', 'tea'),
    world.chats[1].enter('Bob', 'tea'),
    world.chats[2].enter('Eve', 'tea'),
  ]);
  await world.told();
  return { ...world, ann, bob, eve };
}

describe('a message that is being written', () => {
  it('is told to the readers at every gateway, and so is its end', async () => {
    const { ann, bob, eve, told, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    await told();
    for (const each of [bob, eve]) expect(shown(each)).toEqual({ a: 'one …' });
    expect(bob.last('stream').from).toEqual(ann.last('ready').user);
    ann.send(piece(4, 'two '), piece(8, 'three'));
    await pass(40);
    for (const each of [bob, eve]) expect(shown(each)).toEqual({ a: 'one two three…' });
    // What came within a moment has travelled as one piece.
    expect(bob.last('stream')).toMatchObject({ at: 4, text: 'two three' });
    ann.send(say('one two three.'));
    await told();
    for (const each of [ann, bob, eve]) expect(shown(each)).toEqual({ a: 'one two three.' });
    ann.send(piece(13, '!'));
    expect(ann.last('err').code).toBe('stream_ended');
  });

  it('is told to who comes in at a gateway where nobody was', async () => {
    const { chats, pass } = createWorld();
    const ann = await chats[0].enter('Ann', 'tea');
    ann.send(piece(0, 'one '), piece(4, 'two'));
    await pass(40);
    const eve = await chats[2].enter('Eve', 'tea');
    await pass(80, 40);
    expect(shown(eve)).toEqual({ a: 'one two…' });
  });

  it('is asked for where a piece was lost', async () => {
    const { ann, bob, cluster, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    await pass(40);
    ann.send(piece(4, 'two '));
    while (cluster.waiting > 0) cluster.lose(0);
    await pass(40);
    expect(shown(bob)).toEqual({ a: 'one …' });
    ann.send(piece(8, 'three'));
    await pass(100, 20);
    expect(shown(bob)).toEqual({ a: 'one two three…' });
  });

  it('has ended with the message, even while that waits for one of another gateway', async () => {
    const { ann, bob, told } = await withReaders();
    bob.send(say('first', 'f'));
    await settle();
    ann.send(piece(0, 'one '), say('one two'));
    await settle();
    expect(ann.last('ack')).toMatchObject({ id: 'a', seq: 2 });
    ann.send(piece(4, 'two'));
    expect(ann.last('err').code).toBe('stream_ended');
    await told();
    expect(shown(ann)).toEqual({ f: 'first', a: 'one two' });
  });

  it('is not begun anew by a piece that comes behind the message', async () => {
    const { ann, bob, cluster, told, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    await pass(40);
    ann.send(piece(4, 'two'));
    const late = cluster.waiting;
    ann.send(say('one two'));
    await settle();
    while (cluster.waiting > late) cluster.arrive(late);
    await told();
    await pass(100);
    expect(shown(bob)).toEqual({ a: 'one two' });
    expect(bob.received.at(-1)?.t).toBe('msg');
  });

  it('that its writer leaves empty is over at every gateway', async () => {
    const { ann, bob, eve, told } = await withReaders();
    ann.send(piece(0, ''));
    await told();
    expect(shown(bob)).toEqual({ a: '…' });
    ann.send(piece(0, '', { cut: true }));
    await told();
    for (const each of [ann, bob, eve]) expect(shown(each)).toEqual({});
  });

  it('is forgotten where nobody reads the room any more', async () => {
    const { ann, bob, chats, told, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    await told();
    bob.send({ t: 'leave', room: 'tea' });
    await pass(graceMs);
    ann.send(say('one'));
    await told();
    bob.send({ t: 'join', room: 'tea' });
    await told();
    expect(shown(bob)).toEqual({ a: 'one' });
    expect(chats[1].errors).toEqual([]);
  });
});

describe('a writer who goes to another gateway', () => {
  it('goes on there, and the one before lets go', async () => {
    const { ann, bob, chats, comeBack, pass, cluster } = await withReaders();
    ann.send(piece(0, 'one '));
    ann.end();
    const again = await comeBack(chats[1], ann, 'tea');
    again.send(piece(0, 'one two '));
    await pass(idleMs - 1_000);
    again.send(piece(8, 'three'));
    await pass(idleMs - 1_000);
    expect(shown(bob)).toEqual({ a: 'one two three…' });
    again.send(say('one two three'));
    await pass(1_000);
    expect(shown(bob)).toEqual({ a: 'one two three' });
    expect((await cluster.log.head('tea')).seq).toBe(1);
  });

  it('and breaks off there leaves what is there', async () => {
    const { ann, bob, chats, comeBack, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    ann.end();
    const again = await comeBack(chats[2], ann, 'tea');
    again.send(piece(0, 'one two '));
    await pass(graceMs);
    again.end();
    await pass(graceMs - 1_000);
    expect(shown(bob)).toEqual({ a: 'one two …' });
    await pass(1_000);
    expect(shown(bob)).toEqual({ a: 'one two †' });
  });

  it('and says nothing more there is waited for as long as anywhere', async () => {
    const { ann, bob, chats, comeBack, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    ann.end();
    await comeBack(chats[2], ann, 'tea');
    await pass(idleMs - 1_000);
    expect(shown(bob)).toEqual({ a: 'one …' });
    await pass(1_000);
    expect(shown(bob)).toEqual({ a: 'one †' });
  });

  it('where nobody else was, is waited for all the same, and the room is let go of then', async () => {
    const { cluster, chats, comeBack, pass } = createWorld();
    const ann = await chats[0].enter('Ann', 'tea');
    ann.send(piece(0, 'one '));
    ann.end();
    const again = await comeBack(chats[1], ann, 'tea');
    await pass(idleMs - 1_000);
    expect(shown(again)).toEqual({ a: 'one …' });
    await pass(1_000);
    expect(shown(again)).toEqual({ a: 'one †' });
    expect(cluster.enteredBy('a')).toEqual([]);
    for (const { errors } of chats) expect(errors).toEqual([]);
  });

  it('where nobody else was, and goes on there has the room let go of', async () => {
    const { cluster, chats, comeBack, pass } = createWorld();
    const ann = await chats[0].enter('Ann', 'tea');
    ann.send(piece(0, 'one '));
    ann.end();
    const again = await comeBack(chats[1], ann, 'tea');
    expect(cluster.enteredBy('a')).toEqual(['tea']);
    again.send(piece(0, 'one two '));
    await pass(1_000);
    expect(cluster.enteredBy('a')).toEqual([]);
    expect(shown(again)).toEqual({ a: 'one two …' });
  });

  it('is waited for from what they said there', async () => {
    const { ann, bob, chats, comeBack, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    const again = await comeBack(chats[1], ann, 'tea');
    ann.end();
    again.send(piece(0, 'one two '));
    await pass(idleMs - 1_000);
    expect(shown(bob)).toEqual({ a: 'one two …' });
    await pass(1_000);
    expect(shown(bob)).toEqual({ a: 'one two †' });
  });

  it('is not taken to be where they were before by what was said from there', async () => {
    const { ann, bob, chats, cluster, pass, told } = await withReaders();
    ann.send(piece(0, 'one '));
    await pass(40);
    ann.send(piece(4, 'two '));
    const late = cluster.waiting;
    expect(late).toBe(2);
    ann.end();
    const again = chats[1].connect();
    again.send({ t: 'auth', name: 'Ann', token: ann.last('ready').token, resume: [] });
    again.send({ t: 'join', room: 'tea' });
    await settle();
    again.send(piece(0, 'one two '));
    // What the second one says overtakes what the first one said before.
    while (cluster.waiting > late) cluster.arrive(late);
    await told();
    again.end();
    await pass(graceMs);
    expect(shown(bob)).toEqual({ a: 'one two †' });
  });
});

describe('a gateway that dies', () => {
  it('leaves what was written to it to the others, who keep it as cut, once', async () => {
    const { ann, bob, eve, chats, cluster, pass } = await withReaders();
    ann.send(piece(0, 'one '));
    await pass(40);
    cluster.kill('a');
    await settle();
    cluster.arriveAll();
    expect(shown(bob)).toEqual({ a: 'one …' });
    for (const { time } of chats.slice(1)) time.advance(graceMs);
    await settle();
    cluster.arriveAll();
    await settle();
    for (const each of [bob, eve]) expect(shown(each)).toEqual({ a: 'one †' });
    expect((await cluster.log.head('tea')).seq).toBe(1);
  });

  it('takes nothing from a writer who goes on at another', async () => {
    const { ann, bob, eve, chats, cluster, comeBack, told } = await withReaders();
    ann.send(piece(0, 'one '));
    await told();
    cluster.kill('a');
    await told();
    const again = await comeBack(chats[2], ann, 'tea');
    again.send(piece(0, 'one two '));
    await told();
    for (const { time } of chats.slice(1)) time.advance(graceMs);
    await told();
    for (const each of [bob, eve]) expect(shown(each)).toEqual({ a: 'one two …' });
    again.send(say('one two'));
    await told();
    for (const each of [bob, eve]) expect(shown(each)).toEqual({ a: 'one two' });
  });
});

describe('a stream of which nothing is heard any more', () => {
  it('is not told to who comes later, and leaves no timer', async () => {
    const { ann, bob, chats, cluster, comeBack, told } = await withReaders();
    ann.send(piece(0, 'one '));
    await told();
    const [, second] = chats;
    second.time.advance(unheardMs);
    const phone = await comeBack(second, bob, 'tea');
    expect(shown(phone)).toEqual({});
    expect(cluster.waiting).toBe(0);
    const ended = Promise.all(chats.map(({ server }) => server.drain([0, 0])));
    await settle();
    await ended;
    for (const client of [bob, phone]) client.end(4001);
    await settle();
    expect(second.time.armed).toBe(0);
  });
});

describe('whatever becomes of what gateways tell each other, and of lines', () => {
  const text = Array.from({ length: 40 }, (_, index) => `${index} `).join('');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), length: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ kind: fc.constant('write again' as const), at: fc.nat({ max: 80 }) }),
    fc.record({ kind: fc.constant('move' as const), to: fc.nat({ max: 2 }) }),
    fc.record({ kind: fc.constant('reader comes back' as const), which: fc.nat({ max: 2 }) }),
    fc.record({ kind: fc.constant('arrive' as const), index: fc.nat() }),
    fc.record({ kind: fc.constant('repeat' as const), index: fc.nat() }),
    fc.record({ kind: fc.constant('lose' as const), index: fc.nat() }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  );

  it.each(['sends it', 'cuts it', 'is gone'] as const)(
    'every reader ends with the text, when its writer %s',
    async (how) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
          const { chats, cluster, told, pass, comeBack } = createWorld();
          const readers = await Promise.all(chats.map((chat) => chat.enter('Reader', 'tea')));
          let writer = await chats[0].enter('Ann', 'tea');
          await told();
          let written = 0;
          const write = (at: number, end: number) => {
            written = Math.max(written, end);
            writer.send(piece(at, text.slice(at, end)));
          };
          write(0, 3);
          for (const each of steps) {
            const index = 'index' in each ? each.index % Math.max(1, cluster.waiting) : 0;
            if (each.kind === 'write') write(written, written + each.length);
            if (each.kind === 'write again') write(Math.min(each.at, written), written);
            if (each.kind === 'time') for (const { time } of chats) time.advance(each.ms);
            if (each.kind === 'move') {
              writer.end();
              writer = await comeBack(chats[each.to] as TestChat, writer, 'tea');
              write(0, written);
            }
            if (each.kind === 'reader comes back') {
              const before = readers[each.which] as TestClient;
              before.end();
              readers[each.which] = await comeBack(chats[each.which] as TestChat, before, 'tea');
            }
            if (cluster.waiting > 0) {
              if (each.kind === 'arrive') cluster.arrive(index);
              if (each.kind === 'repeat') cluster.repeat(index);
              if (each.kind === 'lose') cluster.lose(index);
            }
            await settle();
            for (const reader of readers) {
              const now = shown(reader).a ?? '…';
              expect(now.endsWith('…') && text.startsWith(now.slice(0, -1)), now).toBe(true);
            }
          }
          expect(writer.all('err')).toEqual([]);
          // From here on nothing is lost: a last piece shows where something was.
          write(written, written + 1);
          await pass(3_000);
          const so = text.slice(0, written);
          for (const reader of readers) expect(shown(reader)).toEqual({ a: `${so}…` });
          if (how === 'sends it') writer.send(say(so));
          if (how === 'cuts it') writer.send(piece(written, '', { cut: true }));
          if (how === 'is gone') writer.end();
          await pass(graceMs + 1_000);
          const mark = how === 'sends it' ? '' : '†';
          for (const reader of readers) expect(shown(reader)).toEqual({ a: `${so}${mark}` });
          const late = await chats[1].enter('Late', 'tea');
          await pass(1_000);
          expect(shown(late)).toEqual({ a: `${so}${mark}` });
          expect((await cluster.log.head('tea')).seq).toBe(1);
          for (const { errors } of chats) expect(errors).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
    30_000,
  );
});
