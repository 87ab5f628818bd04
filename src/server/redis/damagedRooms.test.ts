import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../chat/testChat';
import { createDamagedRooms } from './damagedRooms';

function createWorld() {
  const time = createManualTime();
  const told: string[] = [];
  /** What is to be seen of a room, and how often somebody looked. */
  const seen = new Map<string, string[]>();
  const world = { looks: 0, isAway: false };
  const rooms = createDamagedRooms({
    time,
    async look(room) {
      world.looks += 1;
      if (world.isAway) throw new Error('away');
      return seen.get(room) ?? [];
    },
    describe: (error) => `error: ${error}`,
    onDamaged: (room, what) => told.push(`${room}: ${what}`),
    onRepaired: (room) => told.push(`${room} is repaired`),
  });
  async function fail(room = 'tea', error: unknown = 'bad') {
    rooms.failed(room, error);
    await settle();
  }
  async function work(room = 'tea') {
    rooms.worked(room);
    await settle();
  }
  return { time, told, seen, world, rooms, fail, work };
}

describe('a room that is damaged', () => {
  it('is named with what is to be seen of it, or else with what failed', async () => {
    const { seen, told, fail } = createWorld();
    seen.set('tea', ['the log is a string', 'the end is a list']);
    await fail('tea');
    await fail('attic');
    expect(told).toEqual(['tea: the log is a string; the end is a list', 'attic: error: bad']);
  });

  it('is named with what failed where nobody can look', async () => {
    const { world, told, fail } = createWorld();
    world.isAway = true;
    await fail();
    expect(told).toEqual(['tea: error: bad']);
  });

  it('is named again only after ten minutes, and looked at every ten seconds at most', async () => {
    const { time, told, world, fail } = createWorld();
    for (let second = 0; second < 599; second += 1) {
      for (let time = 0; time < 20; time += 1) await fail();
      time.advance(1_000);
    }
    expect(told).toHaveLength(1);
    expect(world.looks).toBe(60);
    time.advance(11_000);
    await fail();
    expect(told).toHaveLength(2);
  }, 30_000);

  it('is named again when it is something else', async () => {
    const { time, seen, told, fail } = createWorld();
    await fail();
    seen.set('tea', ['the log is a string']);
    time.advance(10_000);
    await fail();
    expect(told).toEqual(['tea: error: bad', 'tea: the log is a string']);
  });

  it('is said to be repaired once nothing has failed for half a minute, and is news after that', async () => {
    const { time, told, fail, work } = createWorld();
    await fail();
    time.advance(20_000);
    await fail();
    time.advance(20_000);
    await work();
    expect(told).toHaveLength(1);
    time.advance(10_000);
    await work();
    await work();
    expect(told).toEqual(['tea: error: bad', 'tea is repaired']);
    time.advance(10_000);
    await fail();
    expect(told).toHaveLength(3);
  });

  it('is not repaired while anything wrong is to be seen', async () => {
    const { time, seen, told, fail, work } = createWorld();
    seen.set('tea', ['the marks are a string']);
    await fail();
    time.advance(60_000);
    await work();
    expect(told).toEqual(['tea: the marks are a string']);
    seen.clear();
    time.advance(10_000);
    await work();
    expect(told).toEqual(['tea: the marks are a string', 'tea is repaired']);
  });
});

describe('a room that may be damaged', () => {
  it('is named if that is to be seen, and else not', async () => {
    const { seen, told, rooms } = createWorld();
    seen.set('tea', ['the marks are a string']);
    rooms.suspect('tea');
    rooms.suspect('attic');
    await settle();
    expect(told).toEqual(['tea: the marks are a string']);
  });
});

describe('many rooms that are damaged', () => {
  it('are named twenty in a minute, the others later, and none is forgotten for that', async () => {
    const { time, told, fail } = createWorld();
    const names = Array.from({ length: 50 }, (_, index) => `room-${index}`);
    for (let minute = 0; minute < 3; minute += 1) {
      for (const name of names) await fail(name);
      expect(told).toHaveLength(Math.min(50, 20 * (minute + 1)));
      time.advance(60_000);
    }
    expect(new Set(told).size).toBe(50);
  });
});
