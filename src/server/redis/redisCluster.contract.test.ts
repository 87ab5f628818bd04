import { describe } from 'vitest';
import { sharedRedis } from '../../e2e/support/redis';
import { describeClusterContract } from '../chat/clusterContract';
import { testChat } from './testBuses';

describe('on one Redis', () => {
  const redis = sharedRedis();
  describeClusterContract('gateways on Redis', async (count) => {
    const chat = testChat(redis().url);
    const buses = await Promise.all(Array.from({ length: count }, () => chat.open()));
    return { gateways: buses.map(({ cluster }) => cluster), append: chat.append };
  });
});
