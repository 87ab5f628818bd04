import { describe, expect, onTestFinished } from 'vitest';
import { sharedRedis, sharedRedisCluster } from '../../e2e/support/redis';
import { describeClusterContract } from '../chat/gateways/clusterContract';
import { testChat } from './testBuses';

async function open(redis: { url: string }, count: number) {
  const chat = testChat(redis);
  const buses = await Promise.all(Array.from({ length: count }, () => chat.open()));
  onTestFinished(() => expect(buses.flatMap(({ errors }) => errors)).toEqual([]));
  return { gateways: buses.map(({ cluster }) => cluster), append: chat.append };
}

describe('on one Redis', () => {
  const redis = sharedRedis();
  describeClusterContract('gateways on Redis', (count) => open(redis(), count));
});

describe('on a Redis Cluster', () => {
  const nodes = sharedRedisCluster();
  describeClusterContract('gateways on a Redis Cluster', (count) => {
    const [node] = nodes();
    return node ? open(node, count) : expect.fail('there is no node');
  });
});
