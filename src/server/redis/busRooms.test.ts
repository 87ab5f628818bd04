import { describe, expect, it } from 'vitest';
import type { User } from '../../protocol/frames';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../chat/testChat';
import { createBusRooms } from './busRooms';
import { redisKeys } from './keys';
import { KnownLeases } from './knownLeases';
import type { RosterEntry } from './roomRoster';

const ann: User = { id: 'u1', name: 'Ann' };
const keys = redisKeys('test:');
const lobby = keys.roomNews('lobby');

/** One gateway in the lobby, with who is written there and which leases live in the test's hands. */
function createWorld() {
  const heard: string[] = [];
  const world = { heard, isOpen: true, written: [] as RosterEntry[] };
  const known = new KnownLeases();
  const rooms = createBusRooms({
    ...{ keys, time: createManualTime(), random: () => 0, checkMs: 20_000, known },
    presence: {
      ...{ arrived() {}, left() {}, leave() {}, writeAnew() {}, retry() {} },
      ...{ countHere: () => 0, settled: async () => {} },
      read: async () => world.written,
      count: async () => world.written.length,
    },
    subscriptions: {
      ...{ want() {}, drop() {}, retry() {}, use() {}, clear() {}, ready: async () => {} },
      isOpen: () => world.isOpen,
    },
    async readLeases() {
      known.beginReading().finish(world.written.map(({ lease }) => lease));
    },
    ...{ isOwn: () => false, tell() {}, noteSeen() {}, safely: (tell) => tell() },
    onError: (error) => heard.push(String(error)),
  });
  rooms.enter('lobby', {
    ...{ appended() {}, mayHaveMissed() {}, typing() {}, read() {} },
    arrived: (lease, { name }) => heard.push(`${name} has come by ${lease}`),
    left: (lease, id) => heard.push(`${id} has left by ${lease}`),
    gatewayGone: (lease) => heard.push(`${lease} has ended`),
  });
  async function open() {
    world.isOpen = true;
    rooms.opened(lobby);
    await settle();
  }
  return Object.assign(world, { rooms, open });
}

describe('a lease that ends while this gateway hears nothing of the room', () => {
  async function untilLineLost() {
    const world = createWorld();
    world.written = [{ lease: 'b.1', user: ann }];
    await world.open();
    expect(world.heard).toEqual(['Ann has come by b.1']);
    world.heard.length = 0;
    world.rooms.lineLost();
    world.isOpen = false;
    return world;
  }

  it('takes nobody away who is there by another, which is yet to be read', async () => {
    const { heard, rooms, open, ...world } = await untilLineLost();
    rooms.gone(['b.1']);
    expect(heard).toEqual([]);
    world.written.splice(0, 1, { lease: 'b.2', user: ann });
    await open();
    expect(heard).toEqual(['Ann has come by b.2', 'u1 has left by b.1']);
  });

  it('takes away who is there by no other, once that is known', async () => {
    const { heard, rooms, open, written } = await untilLineLost();
    rooms.gone(['b.1']);
    written.splice(0, 1);
    await open();
    expect(heard).toEqual(['u1 has left by b.1']);
  });

  it('is not judged by what was read before the room is heard again', async () => {
    const { heard, rooms, open, written } = await untilLineLost();
    rooms.gone(['b.1']);
    rooms.retry();
    await settle();
    expect(heard).toEqual([]);
    written.splice(0, 1, { lease: 'b.2', user: ann });
    await open();
    expect(heard[0]).toBe('Ann has come by b.2');
  });
});
