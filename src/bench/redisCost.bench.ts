/** Benchmark `redisCost`: what Redis holds for each message, person and room, and how long it works for them. */
import { randomUUID } from 'node:crypto';
import { it } from 'vitest';
import { systemTime } from '../connection/ports';
import { type RedisServer, startRedis } from '../e2e/support/redis';
import type { RoomListener } from '../server/chat/gateways/cluster';
import type { Draft } from '../server/log/log';
import { randomId } from '../server/node/randomId';
import { redisKeys } from '../server/redis/keys';
import { openRedis } from '../server/redis/redisClient';
import { openRedisCluster, type RedisCluster } from '../server/redis/redisCluster';
import { openRedisLog } from '../server/redis/redisLog';
import { alone } from './support/comparisons';
import { progress, publish } from './support/report';
import { spread } from './support/tables';

const runs = Number(process.env.BENCH_RUNS ?? 3);
const messages = 50_000;
const textLength = 100;
/** One after another. */
const few = 2_000;
const looks = 20_000;
const people = 20_000;
const peoplePerRoom = 50;
const rooms = people / peoplePerRoom;
const gateways = 4;
/** What is sent before answers are waited for. */
const batch = 500;

const keys = redisKeys();

/** Bytes each, and microseconds each. */
interface Cost {
  /** While its id is known, and when that has been forgotten. */
  message: number;
  oldMessage: number;
  /** In the append-only file, as it is written. */
  messageInFile: number;
  /** What a script takes that stores a message, among others of its room or alone. */
  storedTogetherUs: number;
  storedAloneUs: number;
  /** What a script takes that reads a room from its end, where there is nothing: in it, and in all. */
  readUs: number;
  readInAllUs: number;
  /** What it takes to look whether a room has anything new, and who is in it: in the commands, and in all. */
  lookedUs: number;
  lookedInAllUs: number;
  /** Who is in a room and has a line. */
  person: number;
  /** A room that one more gateway listens to. */
  listening: number;
}

/** What the table calls each, and its unit. */
const costs: readonly { cost: keyof Cost; unit: string; what: string }[] = [
  { cost: 'message', unit: 'bytes', what: 'message, its id known (7 days)' },
  { cost: 'oldMessage', unit: 'bytes', what: 'message, its id forgotten' },
  { cost: 'messageInFile', unit: 'bytes', what: 'message in the append-only file' },
  { cost: 'person', unit: 'bytes', what: 'person in a room, with a line' },
  { cost: 'listening', unit: 'bytes', what: 'room that one more gateway listens to' },
  { cost: 'storedTogetherUs', unit: 'µs', what: 'message stored, 5 of its room at once' },
  { cost: 'storedAloneUs', unit: 'µs', what: 'message stored alone' },
  { cost: 'readUs', unit: 'µs', what: 'room read from its end, where there is nothing' },
  { cost: 'readInAllUs', unit: 'µs', what: 'the same, with reading and answering, each by itself' },
  { cost: 'lookedUs', unit: 'µs', what: 'room looked at that has nothing new' },
  {
    cost: 'lookedInAllUs',
    unit: 'µs',
    what: 'the same, with reading and answering, each by itself',
  },
];

it('measures what Redis holds and does', async () => {
  const all: Cost[] = [];
  let version = '';
  for (let run = 1; run <= runs; run += 1) {
    const redis = await startRedis({ appendfsync: 'no' });
    version = (await numbersOf(redis, 'server')).get('redis_version') ?? '';
    const cost = { ...(await holdMessages(redis)), ...(await holdPeople(redis)) };
    all.push(cost);
    progress(`cost, run ${run} of ${runs}: ${cost.message.toFixed(0)} bytes a message`);
    await redis.kill();
  }
  const each = (cost: keyof Cost) => all.map((run) => run[cost]);
  await publish({
    name: 'redisCost',
    title: 'What Redis holds and does',
    method:
      `used_memory of a Redis before and after, by the number of what was added. ${messages} messages of ` +
      `${textLength} characters in 100 rooms by 1,000 authors, by the log itself; ${people} people, ` +
      `${peoplePerRoom} in a room, each by one of ${gateways} gateways, all of which listen to all rooms. Microseconds are those of Redis's one thread in the ` +
      'scripts and commands themselves (INFO commandstats), without reading, sending and syncing the file; where it ' +
      'says so, all that the thread does (INFO cpu), one room after another.',
    runs,
    compared: [`redis-server ${version}`],
    columns: ['what', 'each'],
    rows: costs.map(({ cost, unit, what }) => [`${unit}: ${what}`, spread(each(cost))]),
    comparisons: costs.flatMap(({ cost, unit, what }) =>
      alone({ what, unit, better: 'less' }, each(cost)),
    ),
    figures: all,
  });
});

async function numbersOf(redis: RedisServer, section: string): Promise<Map<string, string>> {
  const text = String(await redis.command('INFO', section));
  return new Map(
    text.split('\r\n').map((line) => {
      const [name = '', value = ''] = line.split(':');
      return [name, value];
    }),
  );
}

const memoryOf = async (redis: RedisServer) =>
  Number((await numbersOf(redis, 'memory')).get('used_memory'));

const fileOf = async (redis: RedisServer) =>
  Number((await numbersOf(redis, 'persistence')).get('aof_current_size'));

async function holdMessages(redis: RedisServer) {
  const connection = await openRedis({ url: redis.url, time: systemTime, random: Math.random });
  const log = await openRedisLog({ connection, keys, newId: randomId });
  const authors = Array.from({ length: 1_000 }, () => ({ id: randomId(), name: 'Ann Example' }));
  // Scripts and connections are there already.
  await log.append(draft(authors[0], 0));
  const [emptyBytes, emptyFileBytes] = [await memoryOf(redis), await fileOf(redis)];
  const send = (from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        log.append(draft(authors[(from + index) % authors.length], from + index)),
      ),
    );
  const storedUs = await scriptUs(redis, async () => {
    for (let sent = 0; sent < messages; sent += batch) await send(sent, batch);
  });
  const [fullBytes, fullFileBytes] = [await memoryOf(redis), await fileOf(redis)];
  const storedAloneUs = await scriptUs(redis, async () => {
    for (let sent = 0; sent < few; sent += 1) await send(sent, 1);
  });
  const ends = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => (await log.head(`room-${index}`)).seq),
  );
  const read = async () => {
    for (let reads = 0; reads < looks; reads += 1) {
      const index = reads % ends.length;
      await log.after(`room-${index}`, ends[index] ?? 0, { messages: 1_000, length: 1_000_000 });
    }
  };
  let readInAllUs = 0;
  const readUs = await scriptUs(redis, async () => {
    readInAllUs = await threadUs(redis, read);
  });
  const look = async () => {
    for (let looked = 0; looked < looks; looked += 1) {
      const room = `room-${looked % ends.length}`;
      // As a gateway does every so often.
      await Promise.all([
        log.head(room),
        connection.send(keys.roomHere(room), 'HLEN', keys.roomHere(room)),
      ]);
    }
  };
  let lookedInAllUs = 0;
  const lookedUs = await commandUs(redis, ['hmget', 'hlen'], async () => {
    lookedInAllUs = await threadUs(redis, look);
  });
  await forgetIds(redis);
  const oldBytes = await memoryOf(redis);
  await log.close();
  await connection.close();
  return {
    message: (fullBytes - emptyBytes) / messages,
    oldMessage: (oldBytes - emptyBytes) / (messages + few),
    messageInFile: (fullFileBytes - emptyFileBytes) / messages,
    storedTogetherUs: storedUs / messages,
    storedAloneUs: storedAloneUs / few,
    readUs: readUs / looks,
    readInAllUs: readInAllUs / looks,
    lookedUs: lookedUs / looks,
    lookedInAllUs: lookedInAllUs / looks,
  };
}

const scriptUs = (redis: RedisServer, during: () => Promise<unknown>) =>
  commandUs(redis, ['evalsha'], during);

/** How long Redis was in these commands meanwhile, in µs: nothing of it within scripts, if it is not those. */
async function commandUs(
  redis: RedisServer,
  commands: readonly string[],
  during: () => Promise<unknown>,
): Promise<number> {
  await redis.command('CONFIG', 'RESETSTAT');
  await during();
  const stats = await numbersOf(redis, 'commandstats');
  return commands.reduce((sum, command) => {
    const told = stats.get(`cmdstat_${command}`) ?? '';
    const [, us] = /(?:^|,)usec=(\d+)/.exec(told) ?? [];
    if (us === undefined) throw new Error(`Redis told no time: ${told}`);
    return sum + Number(us);
  }, 0);
}

/** The CPU that Redis's one thread used meanwhile, in µs. */
async function threadUs(redis: RedisServer, during: () => Promise<unknown>): Promise<number> {
  const used = async () => {
    const numbers = await numbersOf(redis, 'cpu');
    const names = ['used_cpu_user_main_thread', 'used_cpu_sys_main_thread'];
    return names.reduce((sum, name) => sum + 1e6 * Number(numbers.get(name)), 0);
  };
  const before = await used();
  await during();
  return (await used()) - before;
}

function draft(from: Draft['from'] | undefined, index: number): Draft {
  if (!from) throw new Error('there is no author');
  return {
    ...{ room: `room-${index % 100}`, from, id: randomUUID(), mid: randomId(), at: Date.now() },
    body: 'a'.repeat(textLength),
  };
}

/** As their time does after a week. */
async function forgetIds(redis: RedisServer): Promise<void> {
  const script = `
    local cursor = '0'
    repeat
      local found = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
      cursor = found[1]
      if #found[2] > 0 then redis.call('DEL', unpack(found[2])) end
    until cursor == '0'`;
  await redis.command('EVAL', script, '0', keys.roomMessageId('*', '*', '*').replace(/[{}]/g, '?'));
}

async function holdPeople(redis: RedisServer) {
  await redis.command('FLUSHALL');
  const connection = await openRedis({ url: redis.url, time: systemTime, random: Math.random });
  const opened: RedisCluster[] = [];
  for (let gateway = 1; gateway <= gateways; gateway += 1) opened.push(await join(gateway));

  async function join(gateway: number): Promise<RedisCluster> {
    return openRedisCluster({
      gateway: `gateway-${gateway}-${randomId()}`,
      ...{ connection, keys, time: systemTime, random: Math.random },
      ...{ noteSeen() {}, holdSeen() {}, releaseSeen() {} },
      onError(error) {
        throw error;
      },
    });
  }

  const emptyBytes = await memoryOf(redis);
  const links = opened.map((cluster) =>
    Array.from({ length: rooms }, (_, room) => cluster.enter(`room-${room}`, silent)),
  );
  await Promise.all(links.flat().map((link) => link.ready()));
  const listenedBytes = await memoryOf(redis);
  for (let person = 0; person < people; person += 1) {
    const user = { id: randomId(), name: 'Ann Example' };
    const gateway = person % gateways;
    opened[gateway]?.lines.came(user.id);
    links[gateway]?.[Math.floor(person / peoplePerRoom)]?.arrived(user);
  }
  await untilWritten(redis);
  const fullBytes = await memoryOf(redis);
  await Promise.all(opened.map((cluster) => cluster.stop()));
  await connection.close();
  return {
    listening: (listenedBytes - emptyBytes) / (gateways * rooms),
    person: (fullBytes - listenedBytes) / people,
  };
}

/** Everybody stands in Redis once its last room and every user's key do. */
async function untilWritten(redis: RedisServer): Promise<void> {
  // Each user has a key, each room one, each gateway two, and all gateways one.
  const keysInAll = people + rooms + 2 * gateways + 1;
  for (let tries = 0; tries < 600; tries += 1) {
    const last = Number(await redis.command('HLEN', keys.roomHere(`room-${rooms - 1}`)));
    if (last === peoplePerRoom && Number(await redis.command('DBSIZE')) >= keysInAll) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('not everybody was written');
}

const silent: RoomListener = {
  appended() {},
  mayHaveMissed() {},
  arrived() {},
  left() {},
  gatewayGone() {},
  typing() {},
  read() {},
  written() {},
  askedWritten() {},
};
