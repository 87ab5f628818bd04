import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../../../protocol/message';
import { createManualTime } from '../../../testing/manualTime';
import { draftOf } from '../../log/draftOf';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { settle } from '../testChat';
import { RoomFeed } from './roomFeed';

const ample = { messages: 1_000, length: 1_000_000 };

/** A room's feed over a log that the test writes, replaces, and takes away. */
function createWorld() {
  const time = createManualTime();
  const told: string[] = [];
  const restarts: string[] = [];
  const errors: unknown[] = [];
  const world = { memory: createMemoryLog('epoch-1'), isAway: false, reads: 0 };
  const log: Pick<MessageLog, 'head' | 'after'> = {
    async head(room) {
      if (world.isAway) throw new LogUnavailableError('away');
      return world.memory.head(room);
    },
    async after(room, seq, limit) {
      world.reads += 1;
      if (world.isAway) throw new LogUnavailableError('away');
      return world.memory.after(room, seq, limit);
    },
  };
  const feed = new RoomFeed({
    room: 'tea',
    log,
    time,
    random: () => 0,
    tell: (epoch, { seq }) => told.push(`${epoch}:${seq}`),
    restarted: ({ epoch, seq }) => restarts.push(`${epoch}:${seq}`),
    onError: (error) => errors.push(error),
  });
  async function append(count = 1): Promise<LoggedMessage[]> {
    const { seq } = await world.memory.head('tea');
    for (let n = 0; n < count; n += 1) await world.memory.append(draftOf({ room: 'tea' }));
    return (await world.memory.after('tea', seq, ample)).messages;
  }
  return { world, feed, time, told, restarts, errors, append };
}

async function begun(count = 0) {
  const made = createWorld();
  await made.append(count);
  await made.feed.begin();
  return made;
}

const seqs = (epoch: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `epoch-${epoch}:${from + index}`);

describe('the feed of a room', () => {
  it('tells what is appended once it has begun, and nothing from before', async () => {
    const { feed, told, append } = await begun(3);
    for (const message of await append(2)) feed.offer('epoch-1', message);
    expect(told).toEqual(['epoch-1:4', 'epoch-1:5']);
  });

  it('tells what came while it began', async () => {
    const { feed, told, append } = createWorld();
    const before = await append(2);
    const beginning = feed.begin();
    const after = await append(2);
    for (const message of [...before, ...after]) feed.offer('epoch-1', message);
    await beginning;
    expect(told).toEqual(['epoch-1:3', 'epoch-1:4']);
  });

  it('begins later where the log was away, and is asked for once by many', async () => {
    const { world, feed, told, append } = createWorld();
    world.isAway = true;
    await expect(feed.begin()).rejects.toThrow(LogUnavailableError);
    world.isAway = false;
    await Promise.all([feed.begin(), feed.begin()]);
    for (const message of await append()) feed.offer('epoch-1', message);
    expect(told).toEqual(['epoch-1:1']);
  });

  it('waits for what is missing, and tells the rest after it, each once', async () => {
    const { feed, told, time, world, append } = await begun();
    const messages = await append(4);
    for (const index of [2, 1, 3, 2]) feed.offer('epoch-1', messages[index] as LoggedMessage);
    expect(told).toEqual([]);
    feed.offer('epoch-1', messages[0] as LoggedMessage);
    expect(told).toEqual(seqs(1, 1, 4));
    expect(time.armed).toBe(0);
    expect(world.reads).toBe(0);
  });

  it('reads from the log what is still missing after a moment', async () => {
    const { feed, told, time, append } = await begun();
    const messages = await append(5);
    feed.offer('epoch-1', messages[3] as LoggedMessage);
    time.advance(99);
    await settle();
    expect(told).toEqual([]);
    time.advance(1);
    await settle();
    expect(told).toEqual(seqs(1, 1, 5));
    expect(time.armed).toBe(0);
  });

  it('finds what it was never offered when it is told to look', async () => {
    const { feed, told, append } = await begun(1);
    await append(2_500);
    feed.catchUp();
    await settle();
    expect(told).toEqual(seqs(1, 2, 2_501));
  });

  it('reads nothing where it is told to look and nothing is new', async () => {
    const { world, feed, told } = await begun(3);
    feed.catchUp();
    await settle();
    expect(told).toEqual([]);
    expect(world.reads).toBe(0);
  });

  it('tries again until the log is back', async () => {
    const { world, feed, told, time, errors, append } = await begun();
    await append(2);
    world.isAway = true;
    feed.catchUp();
    await settle();
    time.advance(1_000);
    await settle();
    expect(told).toEqual([]);
    world.isAway = false;
    time.advance(1_000);
    await settle();
    expect(told).toEqual(seqs(1, 1, 2));
    expect(errors).toEqual([]);
  });

  it('goes on in another log with its last message, by which readers notice', async () => {
    const { world, feed, told, restarts, append } = await begun(5);
    world.memory = createMemoryLog('epoch-2');
    const messages = await append(3);
    feed.offer('epoch-2', messages[0] as LoggedMessage);
    await settle();
    expect(restarts).toEqual(['epoch-2:3']);
    expect(told).toEqual(['epoch-2:3']);
    for (const message of await append()) feed.offer('epoch-2', message);
    expect(told).toEqual(seqs(2, 3, 4));
  });

  it('notices by a look that the log was emptied', async () => {
    const { world, feed, told, restarts } = await begun(5);
    world.memory = createMemoryLog('epoch-2');
    feed.catchUp();
    await settle();
    expect(restarts).toEqual(['epoch-2:0']);
    expect(told).toEqual([]);
  });

  it('holds only so much, and reads the rest', async () => {
    const { feed, told, time, append } = await begun();
    const [first, ...messages] = await append(1_000);
    const more = await append(1_000);
    for (const message of [...messages, ...more]) feed.offer('epoch-1', message);
    feed.offer('epoch-1', first as LoggedMessage);
    expect(told.length).toBeLessThan(2_000);
    // What was left out shows itself by what comes next.
    for (const message of await append()) feed.offer('epoch-1', message);
    time.advance(100);
    await settle();
    expect(told).toEqual(seqs(1, 1, 2_001));
  });

  it('tells nothing and leaves no timer once it is closed', async () => {
    const { feed, told, time, append } = await begun();
    const messages = await append(2);
    feed.offer('epoch-1', messages[1] as LoggedMessage);
    feed.close();
    feed.offer('epoch-1', messages[0] as LoggedMessage);
    feed.catchUp();
    time.advance(10_000);
    await settle();
    expect(told).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('whatever comes in whatever order: each of the room’s messages once, in order', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('offer' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('lose' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('repeat' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ kind: fc.constant('away' as const), isAway: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { world, feed, told, time, append } = await begun(2);
        const onItsWay: LoggedMessage[] = [];
        for (const each of steps) {
          const index = 'index' in each ? each.index % Math.max(1, onItsWay.length) : 0;
          const chosen = onItsWay[index];
          if (each.kind === 'append') onItsWay.push(...(await append(each.count)));
          if (each.kind === 'time') time.advance(each.ms);
          if (each.kind === 'away') world.isAway = each.isAway;
          if (each.kind === 'offer' && chosen) feed.offer('epoch-1', chosen);
          if (each.kind === 'repeat' && chosen) feed.offer('epoch-1', chosen);
          if (each.kind === 'offer' || each.kind === 'lose') onItsWay.splice(index, 1);
          await settle();
        }
        world.isAway = false;
        feed.catchUp();
        await settle();
        const { seq } = await world.memory.head('tea');
        expect(told).toEqual(seqs(1, 3, seq));
        time.advance(5_000);
        await settle();
        expect(time.armed).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
