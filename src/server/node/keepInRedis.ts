/** What outlives the connections of a server, in a Redis that several servers share, and its part with them. */
import { systemTime } from '../../connection/ports';
import { gatewayOf } from '../chat/gateway';
import { sharedAllowancesThrough } from '../chat/sharedAllowances';
import { createSharedBuckets } from '../chat/sharedBuckets';
import { createScanSearch } from '../log/scanSearch';
import { redisKeys } from '../redis/keys';
import { redisAllowances } from '../redis/redisAllowances';
import { openRedis } from '../redis/redisClient';
import { openRedisCluster } from '../redis/redisCluster';
import { openRedisLog } from '../redis/redisLog';
import { openRedisPeople } from '../redis/redisPeople';
import { createRedisPushStore } from '../redis/redisPushStore';
import type { Keeping } from './keeping';
import { type LogWatch, tellWhetherThere } from './logWatch';
import type { RedisOptions, ServerOptions } from './options';
import { randomId } from './randomId';
import { readOrMakeSharedKey, readOrMakeSharedVapidKeys } from './sharedSecrets';
import { createWebPushSender } from './webPushSender';

/** How long replicas are waited for, in ms. */
const replicaTimeoutMs = 500;

/** Rejects with a `RedisStartError` where Redis cannot be used, and says why. */
export async function keepInRedis(
  { url, replicas, prefix, leaseMs }: RedisOptions,
  { tokenLifetimeMs, pushContact: contact, pushServices: ownServices }: ServerOptions,
  watch: LogWatch,
): Promise<Keeping> {
  const time = systemTime;
  const random = Math.random;
  const { serverLog } = watch;
  const onError = (err: unknown) => serverLog.error({ err }, 'something failed that should not');
  const tell = tellWhetherThere(watch);
  const connection = await openRedis({
    url,
    time,
    random,
    onWarning: (text) => serverLog.warn(text),
  });
  const keys = redisKeys(prefix);
  const wait = replicas > 0 ? { replicas, timeoutMs: replicaTimeoutMs } : undefined;
  const shared = { line: connection, keys, wait };
  try {
    const key = await readOrMakeSharedKey(shared);
    const vapidKeys = await readOrMakeSharedVapidKeys(shared);
    const people = await openRedisPeople(tokenLifetimeMs, { ...shared, time });
    const log = await openRedisLog({
      ...{ connection, keys, replicas, replicaTimeoutMs, newId: randomId },
      onStored: tell,
    });
    const search = createScanSearch(log);
    const gateway = randomId();
    const cluster = await openRedisCluster({
      ...{ gateway, connection, keys, time, random, onError },
      lease: { leaseMs, renewMs: leaseMs / 3 },
      noteSeen: log.noteSeen,
      onTrouble: tell,
      onReturn: () => tell(undefined),
      onReaped: (lease) => serverLog.info({ lease }, 'took away what a dead gateway had left'),
    });
    const allowances = redisAllowances({ ...shared, gateway });
    const sender = createWebPushSender({ keys: vapidKeys, contact, ownServices });
    const { publicKey } = vapidKeys;
    return {
      key,
      log,
      search,
      people,
      push: { store: createRedisPushStore({ ...shared, time, publicKey }), sender },
      gateway: gatewayOf(cluster),
      sharedAllowances: sharedAllowancesThrough(allowances),
      handshakes: (rate) =>
        createSharedBuckets({
          rate,
          time,
          spending: allowances.spendingOf('handshakes', rate),
          onError,
        }),
      async close(returnMs) {
        sender.close();
        await cluster.stop(returnMs);
        await people.close();
        await search.close();
        await log.close();
        await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
