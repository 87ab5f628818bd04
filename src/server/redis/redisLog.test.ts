import { describe } from 'vitest';
import { sharedRedis, startRedis } from '../../e2e/support/redis';
import { describeDurability, describeLogContract } from '../log/logContract';
import { openRedisLog } from './redisLog';
import { connectTo, newId, ownKeys, sharedConnection } from './testRedis';

describe('the log on Redis', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  describeLogContract(
    'the log on Redis',
    () => openRedisLog({ connection: connection(), keys: ownKeys(), newId }),
    { countsPerRoom: true },
  );
});

describeDurability('the log on a Redis that is killed and started again', async () => {
  const redis = await startRedis();
  const keys = ownKeys();
  const open = async () => openRedisLog({ connection: await connectTo(redis), keys, newId });
  return {
    log: await open(),
    async reopen() {
      await redis.kill();
      await redis.start();
      return open();
    },
  };
});
