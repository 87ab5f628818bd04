import { describe, expect, it } from 'vitest';
import {
  type RedisServer,
  sharedRedis,
  sharedRedisCluster,
  startRedis,
} from '../../e2e/support/redis';
import type { User } from '../../protocol/user';
import { type Ear, listen } from '../chat/gateways/clusterContract';
import { LogUnavailableError } from '../log/log';
import { come, type TestBus, testChat } from './testBuses';

const ann: User = { id: 'u1', name: 'Ann' };
const bob: User = { id: 'u2', name: 'Bob' };
const cas: User = { id: 'u3', name: 'Cas' };

type Chat = ReturnType<typeof testChat>;

interface InRoom {
  bus: TestBus;
  ear: Ear;
}

/** A gateway that is in the lobby. */
async function enter(chat: Chat, options: Parameters<Chat['open']>[0] = {}): Promise<InRoom> {
  const bus = await chat.open(options);
  const ear = listen(bus.cluster, 'lobby');
  await ear.link.ready();
  return { bus, ear };
}

/** What stands in a hash of Redis. */
async function fieldsOf(redis: RedisServer, key: string): Promise<string[]> {
  return [await redis.command('HKEYS', key)].flat().map(String).sort();
}

const leasesOf = async (redis: RedisServer, chat: Chat) =>
  [await redis.command('ZRANGE', chat.keys.gateways(), '0', '-1')].flat().map(String).sort();

/** Every gateway that lives has renewed its lease at least once since this was called. */
async function allRenewed(redis: RedisServer, chat: Chat) {
  const ends = async () => {
    const flat = await redis.command('ZRANGE', chat.keys.gateways(), '0', '-1', 'WITHSCORES');
    return new Map(
      [flat].flat().flatMap((each, index, all) => (index % 2 ? [] : [[each, all[index + 1]]])),
    );
  };
  const before = await ends();
  await come(async () => {
    for (const [lease, end] of await ends()) {
      if (Number(end) <= Number(before.get(lease) ?? 0)) expect.fail(`${lease} was not renewed`);
    }
  });
}

describe('a gateway that ends without a goodbye', () => {
  const redis = sharedRedis();

  it('is gone for the others, and what it left behind is taken away by exactly one of them', async () => {
    const chat = testChat(redis());
    const [first, second, third] = [await enter(chat), await enter(chat), await enter(chat)];
    first.ear.link.arrived(ann);
    first.ear.link.arrived(bob);
    second.ear.link.arrived(bob);
    first.bus.cluster.lines.came('u1');
    await come(() => expect(third.ear.there()).toEqual(['u1', 'u2']));
    await come(async () => expect(await third.bus.cluster.lines.isElsewhere('u1')).toBe(true));
    first.bus.cutOff();
    await come(() => expect(third.ear.there()).toEqual(['u2']));
    await come(() => expect(second.ear.there()).toEqual([]));
    await come(() => expect([...second.bus.reaped, ...third.bus.reaped]).toEqual(['gateway-1.1']));
    expect(await third.bus.cluster.lines.isElsewhere('u1')).toBe(false);
    const { keys } = chat;
    expect(await fieldsOf(redis(), keys.roomHere('lobby'))).toEqual(['gateway-2.1 u2']);
    expect(await fieldsOf(redis(), keys.userLines('u1'))).toEqual([]);
    const left = [keys.leaseRooms('gateway-1.1'), keys.leaseUsers('gateway-1.1')];
    expect(await redis().command('EXISTS', ...left)).toBe(0);
    expect(await leasesOf(redis(), chat)).toEqual(['gateway-2.1', 'gateway-3.1']);
    await allRenewed(redis(), chat);
    expect([...second.bus.reaped, ...third.bus.reaped]).toEqual(['gateway-1.1']);
  });

  it('is gone for a gateway that had died itself by then, and began anew', async () => {
    const chat = testChat(redis());
    const first = await enter(chat);
    first.ear.link.arrived(ann);
    await come(async () =>
      expect(await fieldsOf(redis(), chat.keys.roomHere('lobby'))).toEqual(['gateway-1.1 u1']),
    );
    first.bus.cutOff();
    const second = await enter(chat);
    await come(() => expect(second.bus.reaped).toEqual(['gateway-1.1']));
    expect(await fieldsOf(redis(), chat.keys.roomHere('lobby'))).toEqual([]);
    await come(() => expect(second.ear.there()).toEqual([]));
  });

  it('is told to nobody who comes later, even before that is taken away', async () => {
    const chat = testChat(redis());
    const here = chat.keys.roomHere('lobby');
    const first = await enter(chat);
    first.ear.link.arrived(ann);
    await come(async () => expect(await fieldsOf(redis(), here)).toEqual(['gateway-1.1 u1']));
    // Of a lease that nobody lists any more.
    await redis().command('HSET', here, 'gateway-9.4 u2', JSON.stringify(bob));
    const second = await enter(chat);
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    expect(second.ear.calls).toBe(1);
  });
});

describe('a gateway that stood still for longer than its lease', () => {
  const redis = sharedRedis();

  it('is gone for the others, and is there again once it goes on', async () => {
    const chat = testChat(redis());
    const [first, second] = [await enter(chat), await enter(chat)];
    first.ear.link.arrived(ann);
    second.ear.link.arrived(bob);
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    await come(() => expect(first.ear.there()).toEqual(['u2']));
    first.bus.freeze();
    await come(() => expect(second.bus.reaped).toEqual(['gateway-1.1']));
    expect(second.ear.there()).toEqual([]);
    first.bus.resume();
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    expect(first.ear.there()).toEqual(['u2']);
    await come(async () =>
      expect(await fieldsOf(redis(), chat.keys.roomHere('lobby'))).toEqual([
        'gateway-1.2 u1',
        'gateway-2.1 u2',
      ]),
    );
  });
});

describe('a gateway that is cut off from Redis, and not from its clients', () => {
  const redis = sharedRedis();

  it('is gone for the others, and finds how it is by then once it has come back', async () => {
    const chat = testChat(redis());
    const [first, second, third] = [await enter(chat), await enter(chat), await enter(chat)];
    first.ear.link.arrived(ann);
    second.ear.link.arrived(bob);
    third.ear.link.arrived(cas);
    await come(() => expect(first.ear.there()).toEqual(['u2', 'u3']));
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u3']));
    first.bus.cutOff();
    await come(() => expect(second.ear.there()).toEqual(['u3']));
    second.ear.link.left('u2');
    third.ear.link.arrived({ id: 'u4', name: 'Dee' });
    first.ear.link.left('u1');
    first.ear.link.arrived({ id: 'u5', name: 'Eve' });
    await come(() => expect(second.ear.there()).toEqual(['u3', 'u4']));
    expect([first.ear.there(), first.ear.missed]).toEqual([['u2', 'u3'], 0]);
    first.bus.rejoin();
    await come(() => expect(first.ear.there()).toEqual(['u3', 'u4']));
    await come(() => expect(second.ear.there()).toEqual(['u3', 'u4', 'u5']));
    expect(first.ear.missed).toBe(1);
    expect([first.bus.troubles, first.bus.returns]).toEqual([['cut off'], 1]);
  });
});

describe('a sign-out', () => {
  const redis = sharedRedis();

  it('at a gateway that cannot tell of it is told once it can', async () => {
    const chat = testChat(redis());
    const [first, second] = [await chat.open(), await chat.open()];
    const heard: string[] = [];
    second.cluster.onSignedOut((userId) => heard.push(userId));
    first.cutOff();
    first.cluster.signedOut('u1');
    first.rejoin();
    await come(() => expect(heard).toEqual(['u1']));
    first.cluster.signedOut('u2');
    await come(() => expect(heard).toEqual(['u1', 'u2']));
  });

  it('that a gateway cannot hear of is one that it knows it may have missed, once it hears again', async () => {
    const chat = testChat(redis());
    const [first, second, third] = [await chat.open(), await chat.open(), await chat.open()];
    const [heard, heardByThird]: [string[], string[]] = [[], []];
    third.cluster.onSignedOut((userId) => heardByThird.push(userId));
    first.cluster.onSignedOut((userId) => heard.push(userId));
    first.cluster.onSignOutsMissed(() => {
      heard.push('missed some');
      // Nothing falls between: what is told from now on is heard.
      second.cluster.signedOut('u2');
    });
    first.cutOff();
    second.cluster.signedOut('u1');
    await come(() => expect(heardByThird).toEqual(['u1']));
    expect(heard).toEqual([]);
    first.rejoin();
    await come(() => expect(heard).toEqual(['missed some', 'u2']));
  });
});

describe('a gateway that ends as it should', () => {
  const redis = sharedRedis();
  /** So long that nothing here can be by its end. */
  const longLease = { leaseMs: 600_000, renewMs: 300_000 };

  it('is gone for the others at once, and leaves nothing in Redis', async () => {
    const chat = testChat(redis());
    const first = await enter(chat, { lease: longLease });
    const second = await enter(chat, { lease: longLease });
    first.ear.link.arrived(ann);
    first.bus.cluster.lines.came('u1');
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    await come(async () => expect(await second.bus.cluster.lines.isElsewhere('u1')).toBe(true));
    await first.bus.stop();
    await come(() => expect(second.ear.there()).toEqual([]));
    expect(await second.bus.cluster.lines.isElsewhere('u1')).toBe(false);
    expect(await leasesOf(redis(), chat)).toEqual(['gateway-2.1']);
    await second.bus.stop();
    // The locks end by themselves.
    const { keys } = chat;
    const left = [await redis().command('KEYS', `${keys.gateways().slice(0, -8)}*`)].flat();
    expect(left.sort()).toEqual([keys.leaseReaper('gateway-1.1'), keys.leaseReaper('gateway-2.1')]);
    expect([first.bus.reaped, second.bus.reaped]).toEqual([[], []]);
  });

  it('to be back, or for its people to be, is not gone before they can be', async () => {
    const chat = testChat(redis());
    const first = await enter(chat, { lease: longLease });
    const second = await enter(chat);
    const third = await enter(chat);
    first.ear.link.arrived(ann);
    first.ear.link.arrived(bob);
    first.bus.cluster.lines.came('u1');
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u2']));
    await come(() => expect(third.ear.there()).toEqual(['u1', 'u2']));
    await first.bus.cluster.stop(2_000);
    expect(first.bus.armed).toBe(0);
    expect(await second.bus.cluster.lines.isElsewhere('u1')).toBe(true);
    second.ear.link.arrived(ann);
    await come(() => expect(third.ear.there()).toEqual(['u1']));
    await come(() => expect(second.ear.there()).toEqual([]));
    await come(() => expect([...second.bus.reaped, ...third.bus.reaped]).toEqual(['gateway-1.1']));
    await come(async () => expect(await leasesOf(redis(), chat)).toHaveLength(2));
  });

  it('leaves no timer and no connection, whatever it was in the middle of', async () => {
    const own = await startRedis();
    const chat = testChat(own);
    const clients = async () => String(await own.command('CLIENT', 'LIST')).split('\n').length;
    const before = await clients();
    const { bus, ear } = await enter(chat);
    listen(bus.cluster, 'garden');
    listen(bus.cluster, 'cellar').link.leave();
    for (let id = 0; id < 1_000; id += 1) {
      ear.link.arrived({ id: `u${id}`, name: `User ${id}` });
      ear.link.typing(ann);
      bus.cluster.lines.came(`u${id}`);
    }
    await bus.stop();
    expect(bus.armed).toBe(0);
    await come(async () => expect(await clients()).toBe(before));
    ear.link.arrived(ann);
    bus.cluster.signedOut('u1');
    bus.cluster.lines.came('u1');
    await expect(ear.link.ready()).rejects.toThrow(LogUnavailableError);
    expect([bus.armed, bus.errors]).toEqual([0, []]);
    expect(await fieldsOf(own, chat.keys.roomHere('lobby'))).toEqual([]);
  });
});

describe('a Redis that is killed and started again', () => {
  /** Two gateways, one user each; while Redis is away somebody comes and somebody goes. */
  async function through(away: (redis: RedisServer) => Promise<void>) {
    const redis = await startRedis();
    const chat = testChat(redis);
    const [first, second] = [await enter(chat), await enter(chat)];
    first.ear.link.arrived(ann);
    first.ear.link.arrived(cas);
    first.bus.cluster.lines.came('u1');
    second.ear.link.arrived(bob);
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u3']));
    await come(() => expect(first.ear.there()).toEqual(['u2']));
    await redis.kill();
    await come(() => expect([first, second].map(({ bus }) => bus.troubles.length)).toEqual([1, 1]));
    first.ear.link.left('u3');
    first.ear.link.arrived({ id: 'u4', name: 'Dee' });
    for (let turn = 0; turn < 5_000; turn += 1) {
      first.ear.link.typing(ann);
      first.ear.link.read(ann, 'e1', turn);
    }
    first.bus.cluster.signedOut('u9');
    await expect(second.bus.cluster.lines.isElsewhere('u1')).rejects.toThrow(LogUnavailableError);
    const garden = listen(second.bus.cluster, 'garden');
    await expect(garden.link.ready()).rejects.toThrow(LogUnavailableError);
    await away(redis);
    await redis.start();
    await come(() => expect(Math.min(first.bus.returns, second.bus.returns)).toBeGreaterThan(0));
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u4']));
    await come(() => expect(first.ear.there()).toEqual(['u2']));
    await come(() => expect(first.ear.missed).toBeGreaterThan(0));
    await come(() => expect(second.ear.missed).toBeGreaterThan(0));
    await come(async () => expect(await second.bus.cluster.lines.isElsewhere('u1')).toBe(true));
    await come(() => garden.link.ready());
    // What was told while Redis was away is lost, and what is told now is not.
    first.ear.link.typing(bob);
    await come(() => expect(second.ear.news).toEqual(['Bob is typing']));
    expect([...first.bus.errors, ...second.bus.errors]).toEqual([]);
    return { redis, chat, first, second };
  }

  /** By which gateway's lease who is there, and that these are not the leases of before. */
  async function standsAnew(redis: RedisServer, chat: Chat) {
    const fields = await fieldsOf(redis, chat.keys.roomHere('lobby'));
    expect(fields.map((field) => field.replace(/\.\d+/, ''))).toEqual([
      'gateway-1 u1',
      'gateway-1 u4',
      'gateway-2 u2',
    ]);
    expect(fields.join()).not.toMatch(/\.1 /);
    expect(await leasesOf(redis, chat)).toEqual(
      [...new Set(fields.map((field) => field.split(' ')[0]))].sort(),
    );
  }

  it('with its files: all gateways are there as before, and nothing is left of earlier leases', async () => {
    const { redis, chat } = await through(async () => {});
    await come(() => standsAnew(redis, chat));
  });

  it('without them: all gateways are there as before', async () => {
    const { redis, chat } = await through((server) => server.loseFiles());
    await come(() => standsAnew(redis, chat));
  });

  it('may do so again and again', async () => {
    const { redis, first, second } = await through(async () => {});
    for (let round = 1; round <= 3; round += 1) {
      await redis.kill();
      await redis.start();
      const returns = () => [first, second].map(({ bus }) => bus.returns);
      await come(() => expect(Math.min(...returns())).toBeGreaterThan(round));
    }
    first.ear.link.arrived(cas);
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u3', 'u4']));
    await come(() => expect(first.ear.there()).toEqual(['u2']));
    expect([...first.bus.errors, ...second.bus.errors]).toEqual([]);
  });

  it('and does not come back is no reason for a gateway not to end', async () => {
    const redis = await startRedis();
    const { bus, ear } = await enter(testChat(redis));
    ear.link.arrived(ann);
    await redis.kill();
    await come(() => expect(bus.troubles.length).toBe(1));
    await bus.stop();
    expect([bus.armed, bus.errors]).toEqual([0, []]);
  });
});

describe('a node of a Redis Cluster that is killed and started again', () => {
  const nodes = sharedRedisCluster({ 'cluster-node-timeout': '1000' });

  it('is no end: all gateways are there as before', async () => {
    const [entry, ...others] = nodes();
    if (!entry) throw new Error('there is no node');
    const chat = testChat(entry);
    const rooms = ['lobby', 'garden', 'cellar', 'attic'];
    const [first, second] = [await chat.open(), await chat.open()];
    const ears = rooms.map((room) => [listen(first.cluster, room), listen(second.cluster, room)]);
    for (const [one, two] of ears) {
      one?.link.arrived(ann);
      two?.link.arrived(bob);
    }
    const there = () => ears.map((both) => both.map((ear) => ear.there()));
    const all = rooms.map(() => [['u2'], ['u1']]);
    await come(() => expect(there()).toEqual(all));
    for (const node of others) {
      const before = [first.returns, second.returns];
      await node.kill();
      await node.start();
      await come(() => {
        expect(first.returns).toBeGreaterThan(before[0] ?? 0);
        expect(second.returns).toBeGreaterThan(before[1] ?? 0);
      });
      await come(() => expect(there()).toEqual(all));
    }
    for (const [one] of ears) one?.link.arrived(cas);
    await come(() => expect(there()).toEqual(rooms.map(() => [['u2'], ['u1', 'u3']])));
    expect([...first.errors, ...second.errors]).toEqual([]);
  });
});

describe('a Redis that has lost all it had, without a connection that broke', () => {
  it('is told everything again', async () => {
    const redis = await startRedis();
    const chat = testChat(redis);
    const [first, second] = [await enter(chat), await enter(chat)];
    first.ear.link.arrived(ann);
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    await redis.command('FLUSHALL');
    await come(async () =>
      expect(await fieldsOf(redis, chat.keys.roomHere('lobby'))).toEqual(['gateway-1.2 u1']),
    );
    const third = await enter(chat);
    await come(() => expect(third.ear.there()).toEqual(['u1']));
    expect(second.ear.there()).toEqual(['u1']);
  });
});

describe('a Redis that does not answer for a while', () => {
  it('is waited for without an end of time or memory, and heard again', async () => {
    const redis = await startRedis();
    const chat = testChat(redis);
    const [first, second] = [await enter(chat, { answerMs: 500 }), await enter(chat)];
    await redis.pause();
    const garden = listen(first.bus.cluster, 'garden');
    await expect(garden.link.ready()).rejects.toThrow(LogUnavailableError);
    await expect(first.bus.cluster.lines.isElsewhere('u1')).rejects.toThrow(LogUnavailableError);
    first.ear.link.arrived(ann);
    for (let turn = 0; turn < 5_000; turn += 1) first.ear.link.typing(ann);
    await come(() => expect(first.bus.troubles.length).toBeGreaterThan(0));
    redis.resume();
    await come(() => expect(second.ear.there()).toEqual(['u1']));
    await come(() => garden.link.ready());
    expect([...first.bus.errors, ...second.bus.errors]).toEqual([]);
  });
});

describe('a room', () => {
  const redis = sharedRedis();
  const listeners = async (chat: Chat, room = 'lobby') => {
    const counts = await redis().command('PUBSUB', 'SHARDNUMSUB', chat.keys.roomNews(room));
    return Number([counts].flat()[1]);
  };

  it('is listened to for a while after it was left, and then no more', async () => {
    const chat = testChat(redis());
    const { bus, ear } = await enter(chat, { lingerMs: 0 });
    bus.freeze();
    ear.link.leave();
    expect(await listeners(chat)).toBe(1);
    bus.resume();
    await come(async () => expect(await listeners(chat)).toBe(0));
  });

  it('is listened to all along where it is entered again in that time', async () => {
    const chat = testChat(redis());
    const { bus, ear } = await enter(chat, { lingerMs: 300 });
    const other = await enter(chat);
    for (let turn = 0; turn < 5; turn += 1) {
      ear.link.leave();
      await listen(bus.cluster, 'lobby').link.ready();
    }
    const again = listen(bus.cluster, 'cellar');
    await again.link.ready();
    again.link.leave();
    // That one has ended by then.
    await come(async () => expect(await listeners(chat, 'cellar')).toBe(0));
    expect(await listeners(chat)).toBe(2);
    other.ear.link.arrived(ann);
  });

  it('may have missed something from time to time', async () => {
    const { ear } = await enter(testChat(redis()), { checkMs: 20 });
    await come(() => expect(ear.missed).toBeGreaterThan(2));
  });

  it('finds in time who has left, though nothing was heard of it', async () => {
    const chat = testChat(redis());
    const first = await enter(chat);
    const second = await enter(chat, { checkMs: 50 });
    first.ear.link.arrived(ann);
    first.ear.link.arrived(bob);
    await come(() => expect(second.ear.there()).toEqual(['u1', 'u2']));
    await redis().command('HDEL', chat.keys.roomHere('lobby'), 'gateway-1.1 u1');
    await come(() => expect(second.ear.there()).toEqual(['u2']));
  });

  it('with thousands who come at once is told of every one', async () => {
    const chat = testChat(redis());
    const [first, second] = [await enter(chat), await enter(chat)];
    const ids = Array.from({ length: 3_000 }, (_, index) => `user-${index}`).sort();
    for (const id of ids) first.ear.link.arrived({ id, name: id });
    await come(() => expect(second.ear.there()).toEqual(ids));
    const third = await enter(chat);
    await come(() => expect(third.ear.there()).toEqual(ids));
    first.ear.link.leave();
    await come(() => expect(third.ear.there()).toEqual([]));
    await come(async () =>
      expect(await fieldsOf(redis(), chat.keys.roomHere('lobby'))).toEqual([]),
    );
    await come(async () =>
      expect(await redis().command('EXISTS', chat.keys.leaseRooms('gateway-1.1'))).toBe(0),
    );
  });
});

describe('what is heard', () => {
  const redis = sharedRedis();

  it('of the log is seen, as far as it goes', async () => {
    const chat = testChat(redis());
    const { bus, ear } = await enter(chat);
    await chat.append('lobby', 'one', 'two');
    await come(() => expect(ear.messages).toEqual(['one', 'two']));
    const [epoch, mid] = [expect.any(String), expect.any(String)];
    expect([...bus.seen]).toEqual([['lobby', { epoch, seq: 2, mid }]]);
  });

  it('and not understood is told, and what comes after is heard', async () => {
    const chat = testChat(redis());
    const { bus, ear } = await enter(chat);
    const channel = chat.keys.roomNews('lobby');
    for (const text of ['m{', 'p{"by":"x"}', 'z from a later version', '']) {
      await redis().command('SPUBLISH', channel, text);
    }
    await redis().command('HSET', chat.keys.roomHere('lobby'), 'nobody', '{}');
    await chat.append('lobby', 'one');
    await come(() => expect(ear.messages).toEqual(['one']));
    expect(bus.errors.map(String)).toEqual([
      'Error: a gateway said what is not JSON: m{',
      expect.stringContaining('Error: a gateway said what is not understood: '),
    ]);
  });

  it('by a listener that fails is told, and heard by the others', async () => {
    const chat = testChat(redis());
    const [first, second] = [await chat.open(), await enter(chat)];
    const failing = listen(first.cluster, 'garden');
    failing.link.leave();
    const link = first.cluster.enter('garden', {
      ...failing,
      typing() {
        throw new Error('no');
      },
    });
    await link.ready();
    const garden = listen(second.bus.cluster, 'garden');
    garden.link.typing(ann);
    await come(() => expect(first.errors).toEqual([new Error('no')]));
  });
});
