/** What the log on Redis does when somebody has put something else to a room's keys. */
import { describe, expect, it } from 'vitest';
import { sharedRedis } from '../../e2e/support/redis';
import { draftOf } from '../log/draftOf';
import { RoomUnavailableError } from '../log/log';
import type { RedisKeys } from './keys';
import { openRedisLog, type RedisLog } from './redisLog';
import { describeDamage, wrongKeysOf } from './roomDamage';
import { newId, ownKeys, sharedConnection } from './testRedis';

const ample = { messages: 1_000, length: 1_000_000 };

const redis = sharedRedis();
const connection = sharedConnection(redis);

/** Calls by what they do, each in the room `tea`. */
const calls = {
  end: (log) => log.head('tea'),
  texts: (log) => log.textsUpTo('tea', 3),
  'newest page': (log) => log.before('tea', 99, ample),
  page: (log) => log.after('tea', 0, ample),
  'end of the page': (log) => log.after('tea', 2, ample),
  append: (log) => log.append(draftOf()),
} satisfies Record<string, (log: RedisLog) => Promise<unknown>>;

/** A log with three messages in `tea` and in `attic`, and what it says of rooms. */
async function open() {
  const keys = ownKeys();
  const told: string[] = [];
  const stored: (string | undefined)[] = [];
  const log = await openRedisLog({
    ...{ connection: connection(), keys, newId },
    onStored: (failure) => stored.push(failure),
    damagedRooms: {
      failed: (room, error) => told.push(`${room}: ${describeDamage(error)}`),
      worked() {},
    },
  });
  for (const room of ['tea', 'attic']) {
    for (const body of ['one', 'two', 'three']) await log.append(draftOf({ room, body }));
  }
  const { command } = redis();
  /** Keeps what is at the key, and gives the way back. */
  async function keep(key: string) {
    await command('COPY', key, `${key}:aside`);
    return () => command('RENAME', `${key}:aside`, key);
  }
  const wrongKeys = () => wrongKeysOf(connection(), keys, 'tea');
  return { keys, log, told, stored, command, keep, wrongKeys };
}

/** The calls that fail because of the room. */
async function failing(log: RedisLog): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    await call(log).catch((error: unknown) => {
      expect(error).toBeInstanceOf(RoomUnavailableError);
      failed.push(name);
    });
  }
  return failed;
}

const all = Object.keys(calls);
const pages = ['newest page', 'page'];

/** Packed as a message that was changed is, with this text. */
const packed = (json: string) =>
  `return redis.call('HSET', KEYS[1], '2', cmsgpack.pack({'"mid":"m"', '2', '${json}', '3', '', '', ''}))`;

interface Damage {
  what: string;
  /** The key that is damaged, and the commands that do it. */
  keyOf(keys: RedisKeys): string;
  by: string[][];
  fails: string[];
  /** What is to be seen from outside. */
  seen(keys: RedisKeys): string;
}

const log = (keys: RedisKeys) => keys.roomLog('tea');
const meta = (keys: RedisKeys) => keys.roomMeta('tea');
const changed = (keys: RedisKeys) => keys.roomChanged('tea');

const damages: Damage[] = [
  {
    what: 'a text in place of its messages',
    keyOf: log,
    by: [['SET', 'KEY', 'gone']],
    fails: ['texts', ...pages, 'end of the page', 'append'],
    seen: (keys) => `${log(keys)} is a string, and not a stream`,
  },
  {
    what: 'a list in place of its end',
    keyOf: meta,
    by: [
      ['DEL', 'KEY'],
      ['RPUSH', 'KEY', 'gone'],
    ],
    fails: all,
    seen: (keys) => `${meta(keys)} is a list, and not a hash`,
  },
  {
    what: 'an end that is no number',
    keyOf: meta,
    by: [['HSET', 'KEY', 'seq', 'many']],
    fails: all,
    seen: (keys) => `${meta(keys)} does not say where the room ends`,
  },
  {
    what: 'an epoch that is none',
    keyOf: meta,
    by: [['HSET', 'KEY', 'epoch', 'no epoch']],
    fails: all,
    seen: (keys) => `${meta(keys)} does not say where the room ends`,
  },
  {
    what: 'the loss of its end, to which messages would be added',
    keyOf: meta,
    by: [['DEL', 'KEY']],
    fails: ['append'],
    seen: (keys) => `${log(keys)} goes on to 3, where ${meta(keys)} ends the room at 0`,
  },
  {
    what: 'something else among its messages',
    keyOf: log,
    by: [['XADD', 'KEY', '9-0', 'sensor', '7']],
    fails: ['append'],
    seen: (keys) => `${log(keys)} goes on to 9, where ${meta(keys)} ends the room at 3`,
  },
];

describe('a room that is damaged', () => {
  it.each(damages)(
    'by $what is unavailable as far as that goes, until it is put right',
    async (damage) => {
      const { keys, log, told, command, keep, wrongKeys } = await open();
      const key = damage.keyOf(keys);
      const putRight = await keep(key);
      for (const args of damage.by) {
        await command(...args.map((arg) => (arg === 'KEY' ? key : arg)));
      }
      expect(await failing(log)).toEqual(damage.fails);
      expect(await wrongKeys()).toEqual([damage.seen(keys)]);
      expect(told).not.toEqual([]);
      // Another room is no worse for it.
      expect(await log.append(draftOf({ room: 'attic' }))).toMatchObject({ seq: 4 });
      expect((await log.after('attic', 0, ample)).messages).toHaveLength(4);

      await putRight();
      expect(await failing(log)).toEqual([]);
      expect(await wrongKeys()).toEqual([]);
    },
  );
});

describe('a message that was changed and is damaged', () => {
  it.each<[string, (key: string) => string[], (keys: RedisKeys) => string]>([
    [
      'is gone',
      (key) => ['HDEL', key, '2'],
      (keys) => `neither ${log(keys)} nor ${changed(keys)} has message 2`,
    ],
    [
      'cannot be read',
      (key) => ['HSET', key, '2', 'rubbish'],
      (keys) => `${changed(keys)} has no message in its field 2`,
    ],
    [
      'has a text that is none',
      (key) => ['EVAL', packed('"open'), '1', key],
      (keys) => `message 2 in ${log(keys)} or ${changed(keys)} is none`,
    ],
  ])('as it %s is named, and what is without it goes on', async (_, damage, said) => {
    const { keys, log, told, command, keep } = await open();
    const { seq, mid } = (await log.after('tea', 1, ample)).messages[0] ?? expect.fail('none');
    await log.append(draftOf({ body: 'better', about: { kind: 'edit', seq, mid } }));
    const putRight = await keep(keys.roomChanged('tea'));
    await command(...damage(keys.roomChanged('tea')));
    expect(await failing(log)).toEqual(expect.arrayContaining(pages));
    expect(await failing(log)).not.toContain('append');
    expect(new Set(told)).toEqual(new Set([`tea: ${said(keys)}`]));
    await putRight();
    expect(await failing(log)).toEqual([]);
  });
});

describe('a change to a room that is damaged', () => {
  it('is not half done', async () => {
    const { keys, log, stored, command } = await open();
    const { seq, mid } = (await log.after('tea', 1, ample)).messages[0] ?? expect.fail('none');
    await command('SET', keys.roomChanged('tea'), 'gone');
    const edit = draftOf({ body: 'better', about: { kind: 'edit', seq, mid } });
    const results = await Promise.allSettled([
      log.append(draftOf()),
      log.append(edit),
      log.append(draftOf()),
    ]);
    expect(results).toMatchObject([
      { value: { seq: 4 } },
      { reason: expect.any(RoomUnavailableError) },
      { value: { seq: 5 } },
    ]);
    // The log is not away for that.
    expect(new Set(stored)).toEqual(new Set([undefined]));
    await command('DEL', keys.roomChanged('tea'));
    expect(await log.append(edit)).toMatchObject({ seq: 6, dup: false });
    const { messages } = await log.after('tea', 0, ample);
    expect(messages.map(({ body }) => body)).toEqual(
      expect.arrayContaining(['one', 'better', 'three']),
    );
    expect(messages.map((each) => each.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a message whose own key is damaged', () => {
  it('is refused for now alone, and stored once that is put right', async () => {
    const { keys, log, told, command } = await open();
    const draft = draftOf({ author: 'bob' });
    const key = keys.roomMessageId('tea', 'bob', draft.id);
    await command('RPUSH', key, 'gone');
    const others = [draftOf(), draftOf()] as const;
    const results = await Promise.allSettled([others[0], draft, others[1]].map(log.append));
    expect(results).toMatchObject([
      { value: { seq: 4 } },
      { reason: expect.any(RoomUnavailableError) },
      { value: { seq: 5 } },
    ]);
    expect(told).toEqual([`tea: ${key} is no string`]);
    await command('DEL', key);
    expect(await log.append(draft)).toMatchObject({ seq: 6, dup: false });
    expect((await log.after('tea', 0, ample)).messages).toHaveLength(6);
  });
});
