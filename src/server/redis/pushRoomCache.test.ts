import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { registrationOf } from '../chat/push/pushStoreContract';
import { createPushRoomCache } from './pushRoomCache';

function createWorld(bounds: { maxRooms?: number; maxRegistrations?: number } = {}) {
  const time = createManualTime();
  const asked: string[] = [];
  const rooms = new Map<string, number>();
  const cache = createPushRoomCache({
    time,
    rememberedMs: 1_000,
    ...bounds,
    async read(room, version) {
      asked.push(`${room} ${version}`);
      const count = rooms.get(room) ?? 0;
      if (version === String(count)) return undefined;
      const registrations = Array.from({ length: count }, (_, n) =>
        registrationOf(`u${n}`, room, 'e'),
      );
      return { version: String(count), registrations };
    },
  });
  const countIn = async (room: string) => (await cache.inRoom(room)).length;
  return { time, asked, rooms, cache, countIn };
}

describe('what is remembered of a room', () => {
  it('is asked for by its version after a while', async () => {
    const { time, asked, rooms, countIn } = createWorld();
    rooms.set('tea', 2);
    expect(await countIn('tea')).toBe(2);
    expect(await countIn('tea')).toBe(2);
    time.advance(1_000);
    expect(await countIn('tea')).toBe(2);
    rooms.set('tea', 3);
    expect(await countIn('tea')).toBe(2);
    time.advance(1_000);
    expect(await countIn('tea')).toBe(3);
    expect(asked).toEqual(['tea undefined', 'tea 2', 'tea 2']);
  });

  it('is of so many rooms, those asked for last', async () => {
    const { asked, countIn } = createWorld({ maxRooms: 2 });
    for (const room of ['a', 'b', 'a', 'c', 'a', 'b']) await countIn(room);
    expect(asked.map((each) => each[0])).toEqual(['a', 'b', 'c', 'b']);
  });

  it('is of so many registrations in all, or one room that has more', async () => {
    const { asked, rooms, countIn } = createWorld({ maxRegistrations: 10 });
    for (const [room, count] of Object.entries({ a: 5, b: 5, c: 1, d: 50 })) rooms.set(room, count);
    for (const room of ['a', 'b', 'a', 'b', 'c', 'b', 'c', 'a']) await countIn(room);
    expect(asked.map((each) => each[0])).toEqual(['a', 'b', 'c', 'a']);
    for (const room of ['d', 'd', 'c', 'd']) await countIn(room);
    expect(asked.slice(4).map((each) => each[0])).toEqual(['d', 'c', 'd']);
  });
});
