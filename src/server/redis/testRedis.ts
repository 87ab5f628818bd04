/** For tests: connections to a Redis, closed when the tests are over, and keys that no other test has. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { systemTime } from '../../connection/ports';
import { type RedisKeys, redisKeys } from './keys';
import { openRedis, type RedisConnection, type RedisOptions } from './redisClient';

/** Redis answers as soon as it can: only what a test lets wait may take this long. */
const ampleTimeoutMs = 10_000;

const optionsFor = (url: string): RedisOptions => ({
  url,
  time: systemTime,
  random: Math.random,
  commandTimeoutMs: ampleTimeoutMs,
});

/** Closed when the test is over. */
export async function connectTo(
  { url }: { url: string },
  options: Partial<RedisOptions> = {},
): Promise<RedisConnection> {
  const connection = await openRedis({ ...optionsFor(url), ...options });
  onTestFinished(() => connection.close());
  return connection;
}

/** One for all tests of a file or of a `describe`, to be called there. */
export function sharedConnection(redis: () => { url: string }): () => RedisConnection {
  let connection: RedisConnection | undefined;
  beforeAll(async () => {
    connection = await openRedis(optionsFor(redis().url));
  });
  afterAll(() => connection?.close());
  return () => connection ?? expect.fail('Redis is not connected');
}

export const ownKeys = (): RedisKeys => redisKeys(`${randomUUID()}:`);

export const newId = (): string => randomUUID();
