/** What tests may rely on of the Redis that they start. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { sharedRedisCluster, startRedis } from './redis';

/** Several processes are waited for one after the other, on a machine that may be busy. */
const timeout = 60_000;

describe('a Redis of a test', { timeout }, () => {
  it('has after kill -9 and a restart what it had, and nothing without its files', async () => {
    const redis = await startRedis();
    await redis.command('SET', 'a', '1');
    await redis.kill();
    await redis.start();
    expect(await redis.command('GET', 'a')).toBe('1');
    await redis.stop();
    await redis.loseFiles();
    expect(await readdir(redis.folder)).toEqual([]);
    await redis.start();
    expect(await redis.command('GET', 'a')).toBeNull();
  });

  it('answers nothing while it is paused, and all of it after', async () => {
    const redis = await startRedis();
    const other = await startRedis();
    await redis.pause();
    const answers: string[] = [];
    const answer = redis.command('PING').then(() => answers.push('paused'));
    await other.command('PING').then(() => answers.push('other'));
    redis.resume();
    await answer;
    expect(answers).toEqual(['other', 'paused']);
  });

  it('copies another, until it is a master itself', async () => {
    const [master, replica] = [await startRedis(), await startRedis()];
    await master.command('SET', 'a', '1');
    await replica.replicaOf(master);
    expect(await replica.command('GET', 'a')).toBe('1');
    await expect(replica.command('SET', 'a', '2')).rejects.toThrow('READONLY');
    await replica.replicaOf(undefined);
    expect(await replica.command('SET', 'a', '2')).toBe('OK');
  });

  it('asks for the password that it was given', async () => {
    const redis = await startRedis({ requirepass: 'open sesame' });
    expect(redis.url).toContain('open%20sesame');
    expect(await redis.command('PING')).toBe('PONG');
  });
});

describe('a Redis Cluster of a test', { timeout }, () => {
  const nodes = sharedRedisCluster();

  it('has all slots', async () => {
    for (const node of nodes()) {
      const info = await node.command('CLUSTER', 'INFO');
      expect(info).toContain('cluster_slots_ok:16384');
      expect(info).toContain('cluster_size:3');
    }
  });
});
