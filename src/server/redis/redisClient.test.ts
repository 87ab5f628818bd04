import { describe, expect, it, onTestFinished } from 'vitest';
import { startImpostor, versionAnswer } from '../../e2e/support/impostor';
import { type RedisSettings, sharedRedisCluster, startRedis } from '../../e2e/support/redis';
import { LogUnavailableError } from '../log/log';
import type { RedisOptions } from './redisClient';
import { RedisStartError } from './redisErrors';
import { connectTo, ownKeys } from './testRedis';

/** Several processes are waited for one after the other, on a machine that may be busy. */
const timeout = 60_000;

const patience = { timeout: 15_000, interval: 20 };
const impatient = { commandTimeoutMs: 100 };

async function expectNoStart(
  redis: { url: string },
  reason: RegExp,
  options: Partial<RedisOptions> = {},
): Promise<void> {
  const failure: unknown = await connectTo(redis, options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RedisStartError);
  expect(String(failure)).toMatch(reason);
}

/** What is warned of at a start with these settings. */
async function warningsWith(settings: RedisSettings): Promise<string[]> {
  const warnings: string[] = [];
  const redis = await startRedis(settings);
  await connectTo(redis, { onWarning: (text) => warnings.push(text) });
  return warnings;
}

describe('a start', { timeout }, () => {
  it('ends with what is wrong where nothing is there', async () => {
    const redis = await startRedis();
    await redis.stop();
    await expectNoStart(
      redis,
      /Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/,
    );
  });

  it('ends where nobody answers', async () => {
    const redis = await startRedis();
    await redis.pause();
    await expectNoStart(redis, /cannot be used: /, impatient);
  });

  it('ends where a password is wanted, or another one', async () => {
    const redis = await startRedis({ requirepass: 'open sesame' });
    const { host } = new URL(redis.url);
    await expectNoStart({ url: `redis://${host}` }, /wants a password$/);
    await expectNoStart({ url: `redis://:secret@${host}` }, /does not take this .*WRONGPASS/);
    // It is told nowhere.
    await expectNoStart({ url: `redis://:secret@${host}` }, /^(?!.*secret)/);
    const connection = await connectTo(redis);
    expect(await connection.send('a', 'PING')).toBe('PONG');
  });

  it('ends where a Redis is too old', async () => {
    const old = await startImpostor(versionAnswer('6.2.14'));
    await expectNoStart(old, /is 6\.2\.14: Redis 7\.0 or later, or Valkey, is needed$/);
  });

  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', /is no Redis, but a web server \(HTTP\)$/],
    [
      'what speaks TLS',
      '\u0015\u0003\u0001\u0000\u0002\u0002\u0046',
      /speaks TLS: name it as rediss:/,
    ],
    ['a mail server', '220 mail.example ESMTP\r\n', /is no Redis: it answers in another protocol$/],
  ])('ends where %s is there', async (_, answer, reason) => {
    await expectNoStart(await startImpostor(answer), reason);
  });

  it('ends where a Redis is asked for TLS that has none', async () => {
    const { port } = await startRedis();
    await expectNoStart(
      { url: `rediss://127.0.0.1:${port}` },
      /does not answer in TLS \(.*\): name it as redis:/,
    );
  });

  it('ends where the address is of no Redis, of which it says as little as may be', async () => {
    const named = /a Redis is named as redis:\/\/host:6379/;
    await expectNoStart({ url: 'http://:secret@127.0.0.1' }, /6379, and not as http:\/\/$/);
    await expectNoStart({ url: 'localhost' }, named);
    await expectNoStart({ url: 'secret@localhost' }, /^(?!.*secret)/);
  });

  it('ends where messages would be dropped for want of memory', async () => {
    const redis = await startRedis({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
    await expectNoStart(redis, /maxmemory-policy is allkeys-lru\): set it to noeviction$/);
  });

  it.each<[RedisSettings, string[]]>([
    [{}, []],
    [{ appendonly: 'no' }, ['keeps no append-only file']],
    [{ appendfsync: 'everysec' }, ['appendfsync everysec']],
    [{ maxmemory: '100mb' }, []],
    [{ 'maxmemory-policy': 'allkeys-lru' }, ['maxmemory-policy is allkeys-lru']],
  ])('with %j warns of %j', async (settings, sought) => {
    expect(await warningsWith(settings)).toEqual(
      sought.map((text) => expect.stringContaining(text)),
    );
  });

  it('does without what the user may not ask for', async () => {
    const redis = await startRedis({ appendfsync: 'everysec' });
    await redis.command('ACL', 'SETUSER', 'chat', 'on', '>a b', '~*', '&*', '+@all', '-config');
    const warnings: string[] = [];
    const connection = await connectTo(
      { url: `redis://chat:a%20b@127.0.0.1:${redis.port}` },
      { onWarning: (text) => warnings.push(text) },
    );
    expect(warnings).toEqual([]);
    expect(await connection.send('a', 'ACL', 'WHOAMI')).toBe('chat');
  });

  it('warns of a replica', async () => {
    const [master, replica] = [await startRedis(), await startRedis()];
    await replica.replicaOf(master);
    const warnings: string[] = [];
    await connectTo(replica, { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual([expect.stringContaining('is a replica')]);
  });
});

describe('a connection', { timeout }, () => {
  it('says of a command that is wrong that it is wrong', async () => {
    const connection = await connectTo(await startRedis());
    const failure: unknown = await connection
      .send('a', 'GETT', 'a')
      .catch((error: unknown) => error);
    expect(String(failure)).toContain("unknown command 'GETT'");
    expect(failure).not.toBeInstanceOf(LogUnavailableError);
  });

  it('waits at its end for what is under way, and refuses what comes then', async () => {
    const connection = await connectTo(await startRedis());
    const answers = [connection.send('a', 'SET', 'a', '1'), connection.send('a', 'GET', 'a')];
    await connection.close();
    expect(await Promise.all(answers)).toEqual(['OK', '1']);
    await expect(connection.send('a', 'GET', 'a')).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('may be closed while Redis is away', async () => {
    const redis = await startRedis();
    const connection = await connectTo(redis);
    await redis.kill();
    await expect
      .poll(() => connection.send('a', 'PING').catch((error: unknown) => error), patience)
      .toBeInstanceOf(LogUnavailableError);
    await connection.close();
  });
});

describe('a connection to a cluster', { timeout }, () => {
  const nodes = sharedRedisCluster({ requirepass: 'pass:word' });

  it('looks at every node before it starts', async () => {
    const [first, , last] = nodes();
    if (!first || !last) return expect.fail('no node');
    await last.command('CONFIG', 'SET', 'appendfsync', 'everysec');
    const warnings: string[] = [];
    await connectTo(first, { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual([expect.stringContaining(`127.0.0.1:${last.port} syncs`)]);
    await last.command('CONFIG', 'SET', 'maxmemory', '100mb');
    await last.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await expectNoStart(first, new RegExp(`127\\.0\\.0\\.1:${last.port} drops messages`));
    await last.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  });

  it('finds the node of each key, and listens there', async () => {
    const connection = await connectTo(nodes()[0] ?? expect.fail('no node'));
    const keys = ownKeys();
    const rooms = Array.from({ length: 20 }, (_, index) => `room-${index}`);
    const metas = rooms.map((room) => keys.roomMeta(room));
    await Promise.all(metas.map((key) => connection.send(key, 'SET', key, key)));
    const values = metas.map((key) => connection.send(key, 'GET', key));
    expect(await Promise.all(values)).toEqual(metas);

    const subscriber = connection.subscriber();
    await subscriber.connect();
    onTestFinished(() => subscriber.destroy());
    for (const room of rooms) {
      const channel = keys.roomNews(room);
      const heard = new Promise<string>((resolve) => {
        void subscriber
          .sSubscribe(channel, resolve)
          .then(() => connection.send(channel, 'SPUBLISH', channel, room));
      });
      expect(await heard).toBe(room);
    }
  });
});
