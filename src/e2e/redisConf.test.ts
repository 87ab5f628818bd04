/** The redis.conf of the guide, as a real redis-server takes it: what each of its users may do, and what it keeps. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { type RedisServer, startRedisWith } from './support/redis';

const passwords = {
  admin: 'of the admin',
  replica: 'of-the-replica',
  heartline: 'of the gateways',
};
type User = keyof typeof passwords;

const hashOf = (password: string) => createHash('sha256').update(password).digest('hex');

async function configuration(): Promise<string> {
  const text = await readFile(
    new URL('../server/node/deploy/many/redis.conf', import.meta.url),
    'utf8',
  );
  return text.replace('bind 127.0.0.1 10.0.0.20', 'bind 127.0.0.1');
}

/** With passwords, as the guide has people put them in. */
async function withPasswords(): Promise<string> {
  return (await configuration())
    .replace('#SHA256-OF-ADMIN-PASSWORD', `#${hashOf(passwords.admin)}`)
    .replace('#SHA256-OF-REPLICA-PASSWORD', `#${hashOf(passwords.replica)}`)
    .replace('#SHA256-OF-GATEWAY-PASSWORD', `#${hashOf(passwords.heartline)}`);
}

const startAs = (user: User, text: string) =>
  startRedisWith({ text, user, password: passwords[user] });

/** With those lines that are for who has replicas, and for a replica. */
const ofMaster = (text: string) => text.replace(/^# (min-replicas-.*)$/gm, '$1');
const ofReplica = (text: string, { port }: RedisServer) =>
  text
    .replace(/^# (masteruser .*)$/m, '$1')
    .replace(/^# replicaof 10\.0\.0\.20 6379$/m, `replicaof 127.0.0.1 ${port}`)
    .replace(/^# masterauth REPLICA-PASSWORD$/m, `masterauth ${passwords.replica}`);

/** Those of the commands that the user may not do. */
async function refusedTo(redis: RedisServer, user: User, commands: readonly string[]) {
  const refused: string[] = [];
  for (const command of commands) {
    const answer = await redis.command('ACL', 'DRYRUN', user, ...command.split(' ')).catch(String);
    // Whatever else is said is of arguments that make no sense.
    if (/no permissions/.test(String(answer))) refused.push(command);
  }
  return refused;
}

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
    await redis.kill();
    await redis.start();
    expect(await redis.command('XLEN', 'hl:{lobby}:log')).toBe(1);
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

describe('the replicas’ user of Redis', () => {
  it('copies, and may do nothing else', async () => {
    const text = await withPasswords();
    const master = await startAs('admin', ofMaster(text));
    const replica = await startAs('admin', ofReplica(text, master));
    const link = async () => String(await replica.command('INFO', 'replication'));
    await vi.waitFor(async () => expect(await link()).toContain('master_link_status:up'), 10_000);
    expect(await refusedTo(master, 'replica', ['GET hl:key', 'FLUSHALL', 'CONFIG GET *'])).toEqual([
      'GET hl:key',
      'FLUSHALL',
      'CONFIG GET *',
    ]);

    await vi.waitFor(() => master.command('SET', 'hl:a', '1'), 10_000);
    await replica.kill();
    const write = () => master.command('SET', 'hl:a', '2');
    await vi.waitFor(() => expect(write()).rejects.toThrow('NOREPLICAS'), 15_000);
  }, 60_000);
});
