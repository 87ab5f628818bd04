import { describe, expect, it } from 'vitest';
import type { User } from '../../protocol/user';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../chat/testChat';
import { askNews, writtenNews } from './busMessages';
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
  const told: string[] = [];
  const held: string[] = [];
  const world = { heard, told, held, isOpen: true, hasLease: true, written: [] as RosterEntry[] };
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
    ...{ isOwn: (lease) => lease === 'a.1', noteSeen() {}, safely: (tell) => tell() },
    holdSeen: (room) => held.push(`holds ${room}`),
    releaseSeen: (room) => held.push(`releases ${room}`),
    tell(channel, newsBy) {
      if (world.hasLease) told.push(`${channel} ${newsBy('a.1')}`);
      return world.hasLease;
    },
    onError: (error) => heard.push(String(error)),
  });
  const link = rooms.enter('lobby', {
    ...{ appended() {}, mayHaveMissed() {}, typing() {}, read() {} },
    askedWritten: () => told.push('all of its own'),
    written: (lease, { user, text }) => heard.push(`${user.name} writes "${text}" by ${lease}`),
    arrived: (lease, { name }) => heard.push(`${name} has come by ${lease}`),
    left: (lease, id) => heard.push(`${id} has left by ${lease}`),
    gatewayGone: (lease) => heard.push(`${lease} has ended`),
  });
  async function open() {
    world.isOpen = true;
    rooms.opened(lobby);
    await settle();
  }
  return Object.assign(world, { rooms, link, open });
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

describe('what is seen of the end of a room', () => {
  it('is needed from when it is entered until it is left', () => {
    const { held, link } = createWorld();
    expect(held).toEqual(['holds lobby']);
    link.leave();
    link.leave();
    expect(held).toEqual(['holds lobby', 'releases lobby']);
  });
});

describe('what is written before all eyes', () => {
  const piece = { user: ann, id: 'c1', at: 0, text: 'one' };

  it('is asked for whenever the room is listened to anew', async () => {
    const { told, rooms, open } = createWorld();
    expect(told).toEqual([`${lobby} ${askNews('a.1')}`]);
    rooms.lineLost();
    await open();
    expect(told.slice(1)).toEqual([`${lobby} ${askNews('a.1')}`, 'all of its own']);
  });

  it('is asked for, and told, once there is a lease again, which comes behind the line', async () => {
    const world = createWorld();
    const { told, rooms, open } = world;
    rooms.lineLost();
    told.length = 0;
    world.hasLease = false;
    await open();
    rooms.retry();
    expect(told).toEqual([]);
    world.hasLease = true;
    rooms.retry();
    rooms.retry();
    expect(told).toEqual([`${lobby} ${askNews('a.1')}`, 'all of its own']);
  });

  it('by a program that nobody is there for ends with its gateway all the same', async () => {
    const { heard, rooms, open } = createWorld();
    await open();
    rooms.heard(lobby, writtenNews('b.1', piece));
    rooms.gone(['b.1']);
    rooms.gone(['b.1']);
    expect(heard).toEqual(['Ann writes "one" by b.1', 'b.1 has ended']);
  });

  it('is not heard by who has told it', () => {
    const { heard, rooms } = createWorld();
    rooms.heard(lobby, writtenNews('a.1', piece));
    expect(heard).toEqual([]);
  });
});
