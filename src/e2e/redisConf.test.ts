/** The redis.conf of the guide, as a real redis-server takes it: what it keeps, and what the gateways may do. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { configuration, refusedTo, startAs, withPasswords } from './support/guideRedis';
import { type RedisServer, startRedisWith } from './support/redis';

/** As many arguments as the command has at least, each of which may be a key. */
async function anyArguments(redis: RedisServer, name: string): Promise<string[]> {
  const info = v.parse(infoSchema, await redis.command('COMMAND', 'INFO', name));
  const [[, arity]] = info;
  return Array.from({ length: Math.abs(arity) - 1 }, () => 'hl:{lobby}:any');
}

/** Name and arity of the one command that was asked for: with its name, and at least so many if negative. */
const infoSchema = v.tuple([v.looseTuple([v.string(), v.number()])]);

describe('the redis.conf of the guide', () => {
  it('starts nothing until the passwords are put in', async () => {
    const started = startRedisWith({ text: await configuration(), user: 'admin', password: 'x' });
    await expect(started).rejects.toThrow('#SHA256-OF-ADMIN-PASSWORD');
  });

  it('has every message on disk before it answers, and throws nothing away', async () => {
    const redis = await startAs('admin', await withPasswords());
    const setting = async (name: string) => [await redis.command('CONFIG', 'GET', name)].flat()[1];
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('always');
    expect(await setting('no-appendfsync-on-rewrite')).toBe('no');
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(Number(await setting('maxmemory'))).toBeGreaterThan(0);
    expect(await setting('save')).toBe('');
  });

  it('has after kill -9 what it had answered for', async () => {
    const redis = await startAs('heartline', await withPasswords());
    await redis.command('XADD', 'hl:{lobby}:log', '1-0', 'text', 'kept');
    // A script that writes twice stands in the file as a transaction.
    const twice = "redis.call('SET', KEYS[1], 1); redis.call('SET', KEYS[2], 2)";
    await redis.command('EVAL', twice, '2', 'hl:{lobby}:one', 'hl:{lobby}:two');
    await redis.kill();
    await redis.start();
    expect(await redis.command('XLEN', 'hl:{lobby}:log')).toBe(1);
    expect(await redis.command('GET', 'hl:{lobby}:two')).toBe('2');
  });

  it('lets nobody in without name and password', async () => {
    const text = await withPasswords();
    const wrong = await startRedisWith({ text, user: 'heartline', password: 'of nobody' });
    await expect(wrong.command('PING')).rejects.toThrow('WRONGPASS');
    const nameless = await startRedisWith({ text, user: '', password: '' });
    await expect(nameless.command('PING')).rejects.toThrow('NOAUTH');
  });
});

describe('the gateways’ user of Redis', () => {
  const needed = [
    'HELLO 3',
    'AUTH a b',
    'PING',
    'INFO server',
    'TIME',
    'WAIT 1 100',
    'EVAL return 1 hl:{lobby}:meta',
    'EVALSHA 00 1 hl:{lobby}:meta',
    'SCRIPT LOAD return',
    'SSUBSCRIBE hl:{lobby}:news',
    'SUNSUBSCRIBE hl:{lobby}:news',
    'SPUBLISH hl:{lobby}:news m',
    'SUBSCRIBE hl:gateways:news',
    'UNSUBSCRIBE hl:gateways:news',
    'PUBLISH hl:gateways:news x',
    'SET hl:key 1 NX',
    'GET hl:key',
    'HSET hl:{lobby}:here a b',
    'HMGET hl:{lobby}:meta epoch seq',
    'HGETALL hl:{lobby}:here',
    'HSCAN hl:{lobby}:here 0',
    'HINCRBY hl:{lobby}:meta seq 1',
    'HDEL hl:{lobby}:here a',
    'XADD hl:{lobby}:log 1-0 a b',
    'XRANGE hl:{lobby}:log 1 2',
    'XREVRANGE hl:{lobby}:log + - COUNT 1',
    'XDEL hl:{lobby}:log 1-0',
    'SADD hl:gw:a:rooms lobby',
    'SSCAN hl:gw:a:rooms 0',
    'SREM hl:gw:a:rooms lobby',
    'ZADD hl:gateways 1 a',
    'ZRANGE hl:gateways 0 -1',
    'ZRANGEBYSCORE hl:gateways 0 1',
    'ZSCORE hl:gateways a',
    'ZREM hl:gateways a',
    'PEXPIRE hl:key 1000',
    'DEL hl:key',
    'CLUSTER SLOTS',
    'ASKING',
  ];

  const forbidden = [
    'GET another:key',
    'SET another:key 1',
    'EVAL return 1 another:key',
    'SSUBSCRIBE another:channel',
    'PSUBSCRIBE *',
    'KEYS *',
    'SCAN 0',
    'RANDOMKEY',
    'DBSIZE',
    'FLUSHALL',
    'FLUSHDB',
    'SWAPDB 0 1',
    'SORT hl:{lobby}:here',
    'RENAME hl:a hl:b',
    'DUMP hl:key',
    'CONFIG GET *',
    'CONFIG SET appendonly no',
    'ACL LIST',
    'ACL SETUSER heartline +@all',
    'CLIENT LIST',
    'CLIENT KILL TYPE normal',
    'MONITOR',
    'SLOWLOG GET',
    'DEBUG SLEEP 1',
    'SHUTDOWN',
    'SAVE',
    'BGREWRITEAOF',
    'REPLICAOF NO ONE',
    'SYNC',
    'FAILOVER',
    'CLUSTER RESET',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'MODULE LIST',
    'PUBSUB CHANNELS',
    'BZPOPMIN hl:gateways 0',
  ];

  it('may do what the chat needs, and nothing that it does not', async () => {
    const redis = await startAs('admin', await withPasswords());
    expect(await refusedTo(redis, 'heartline', needed)).toEqual([]);
    expect(await refusedTo(redis, 'heartline', forbidden)).toEqual(forbidden);
  });

  it('is refused in earnest, in scripts as well', async () => {
    const redis = await startAs('heartline', await withPasswords());
    await expect(redis.command('FLUSHALL')).rejects.toThrow('NOPERM');
    await expect(redis.command('GET', 'another:key')).rejects.toThrow('NOPERM');
    const script = "return redis.call('RANDOMKEY')";
    await expect(redis.command('EVAL', script, '0')).rejects.toThrow("can't run this command");
  });

  it('may do every command that stands in the server’s own code', async () => {
    const redis = await startAs('admin', await withPasswords());
    const sources = import.meta.glob<string>(['../server/redis/**/*.ts', '!**/*.test.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    });
    const names = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/'([A-Z]{3,})'/g)].map(([, name = '']) => name),
    );
    const known = new Set([await redis.command('COMMAND', 'LIST')].flat().map(String));
    const commands = [...new Set(names)].filter((name) => known.has(name.toLowerCase()));
    const calls = commands.map(async (name) =>
      [name, ...(await anyArguments(redis, name))].join(' '),
    );
    const refused = await refusedTo(redis, 'heartline', await Promise.all(calls));
    expect(refused).toEqual([]);
  });
});
