/** A chat's keys in a Redis that a test has started, and gateways' connections to it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { systemTime } from '../../connection/ports';
import { redisKeys } from './keys';
import { openRedis, type RedisConnection } from './redisClient';

/** Keys that no other test has. */
export const testKeys = () => redisKeys(`test:${randomUUID()}:`);

const open = (url: string, commandTimeoutMs = 1_000) =>
  openRedis({ url, time: systemTime, random: Math.random, commandTimeoutMs });

/** A connection, as a gateway has one, until the test is over. */
export async function testConnection(
  url: string,
  commandTimeoutMs?: number,
): Promise<RedisConnection> {
  const connection = await open(url, commandTimeoutMs);
  onTestFinished(() => connection.close());
  return connection;
}

/** One for all tests of a file or of a `describe`, to be called there; the tests get it by calling that. */
export function sharedConnection(url: () => string): () => RedisConnection {
  let connection: RedisConnection | undefined;
  beforeAll(async () => {
    // A busy machine may take long: that is no matter of these tests.
    connection = await open(url(), 10_000);
  });
  afterAll(() => connection?.close());
  return () => connection ?? expect.fail('there is no connection');
}
