/** A server that is to keep all in Redis, and is started where that cannot be. */
import { describe, expect, it } from 'vitest';
import { startImpostor, versionAnswer } from './support/impostor';
import { startRedis } from './support/redis';
import { runToEnd, startServer } from './support/serverProcess';

/** The server does not start with this Redis, and says why in one line. */
async function expectNoStart(url: string, why: RegExp): Promise<void> {
  const { code, stdout, stderr } = await runToEnd(['--port', '0', '--redis', url]);
  expect(stderr).toMatch(why);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(1);
}

describe('a start says in one line why not, and ends with 1,', () => {
  it('where no Redis is there', async () => {
    const redis = await startRedis();
    await redis.stop();
    await expectNoStart(redis.url, new RegExp(`127\\.0\\.0\\.1:${redis.port} .*ECONNREFUSED`));
  });

  it('where it wants a password, or another one', async () => {
    const redis = await startRedis({ requirepass: 'open sesame' });
    const { host } = new URL(redis.url);
    await expectNoStart(`redis://${host}`, new RegExp(`${host} wants a password`));
    await expectNoStart(`redis://:s3cret@${host}`, /^(?!.*s3cret).*does not take this/);
  });

  it('where it is too old', async () => {
    const old = await startImpostor(versionAnswer('6.2.14'));
    await expectNoStart(old.url, /6\.2\.14: Redis 7\.0 or later, or Valkey, is needed/);
  });

  it('where it throws messages away when it is full', async () => {
    const redis = await startRedis({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
    await expectNoStart(redis.url, /maxmemory-policy is allkeys-lru\): set it to noeviction/);
  });
});

describe('a start on a Redis that an accident may cost something', () => {
  it('works, and warns of it', async () => {
    const redis = await startRedis({ appendonly: 'no' });
    const server = await startServer(['--redis', redis.url]);
    expect(server.output().stderr).toContain('keeps no append-only file');
  });
});
