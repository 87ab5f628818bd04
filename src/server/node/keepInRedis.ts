/** What outlives the connections of a server, in a Redis that several servers share, and its part with them. */
import { systemTime } from '../../connection/ports';
import { gatewayOf } from '../chat/gateways/gateway';
import { sharedAllowancesThrough } from '../chat/limits/sharedAllowances';
import { createSharedBuckets } from '../chat/limits/sharedBuckets';
import { LogUnavailableError } from '../log/log';
import { createScanSearch } from '../log/scanSearch';
import { createPatience } from '../redis/askPatiently';
import { createDamagedRooms } from '../redis/damagedRooms';
import { redisKeys } from '../redis/keys';
import { redisAllowances } from '../redis/redisAllowances';
import { openRedis } from '../redis/redisClient';
import { openRedisCluster } from '../redis/redisCluster';
import { openRedisLog } from '../redis/redisLog';
import { openRedisPeople } from '../redis/redisPeople';
import { createRedisPushStore } from '../redis/redisPushStore';
import { describeDamage, wrongKeysOf } from '../redis/roomDamage';
import { closeAll } from './closeAll';
import { type Keeping, openFolder } from './keeping';
import { type LogWatch, tellWhetherThere } from './logWatch';
import type { RedisOptions, ServerOptions } from './options';
import { randomId } from './randomId';
import { lookRegularly } from './regularLook';
import {
  putBackSharedSecrets,
  readOrMakeSharedKey,
  readOrMakeSharedVapidKeys,
} from './sharedSecrets';
import { createWebPushSender } from './webPushSender';

/** How often is looked whether messages can be kept, in ms, where nothing else tells. */
const lookEveryMs = 5_000;
/** How long replicas are waited for, in ms. */
const replicaTimeoutMs = 500;

/** Rejects with a `RedisStartError` where Redis cannot be used, and says why. */
export async function keepInRedis(
  { url, replicas, prefix, leaseMs }: RedisOptions,
  options: ServerOptions,
  watch: LogWatch,
): Promise<Keeping> {
  const { tokenLifetimeMs, pushContact: contact, pushServices: ownServices } = options;
  const time = systemTime;
  const random = Math.random;
  const { serverLog } = watch;
  const onError = (err: unknown) => {
    // That Redis is away is told once.
    if (err instanceof LogUnavailableError) return;
    serverLog.error({ err }, 'something failed that should not');
  };
  const tell = tellWhetherThere(watch);
  const keys = redisKeys(prefix);
  const connection = await openRedis({
    url,
    time,
    random,
    onWarning: (text) => serverLog.warn(text),
    onWrongType(key) {
      const room = keys.roomOf(key);
      if (room !== undefined) damagedRooms.suspect(room);
    },
  });
  const damagedRooms = createDamagedRooms({
    time,
    look: (room) => wrongKeysOf(connection, keys, room),
    describe: describeDamage,
    onDamaged: (room, what) => serverLog.error({ room, what }, 'a room is damaged in Redis'),
    onRepaired: (room) => serverLog.warn({ room }, 'the room that was damaged can be used again'),
  });
  const wait = replicas > 0 ? { replicas, timeoutMs: replicaTimeoutMs } : undefined;
  const shared = { line: connection, keys, wait };
  try {
    const patiently = createPatience(time);
    const key = await patiently(() => readOrMakeSharedKey(shared));
    const vapidKeys = await patiently(() => readOrMakeSharedVapidKeys(shared));
    const people = await patiently(() => openRedisPeople(tokenLifetimeMs, { ...shared, time }));
    const log = await openRedisLog({
      ...{ connection, keys, replicas, replicaTimeoutMs, newId: randomId, damagedRooms },
      onStored(failure) {
        if (failure !== undefined) health.now();
      },
    });
    const health = lookRegularly({ look, everyMs: lookEveryMs, time });
    let strangeKey: string | undefined;

    /** Whether messages can be kept, and what gateways have in common is still there. */
    async function look(): Promise<void> {
      try {
        await log.check();
        tell(undefined);
        const strange = await putBackSharedSecrets(shared, { key, vapidKeys });
        if (strange !== undefined && strange !== strangeKey) {
          serverLog.error(
            { key: strange },
            'Redis holds another secret by now: start all gateways anew',
          );
        }
        strangeKey = strange;
      } catch (error) {
        if (error instanceof LogUnavailableError) tell(error.message);
        else onError(error);
      }
    }

    const search = createScanSearch(log);
    const gateway = randomId();
    const cluster = await openRedisCluster({
      ...{ gateway, connection, keys, time, random, onError },
      lease: { leaseMs, renewMs: leaseMs / 3 },
      ...{ noteSeen: log.noteSeen, holdSeen: log.holdSeen, releaseSeen: log.releaseSeen },
      onTrouble: tell,
      onReturn: () => health.now(),
      onReaped: (lease) => serverLog.info({ lease }, 'took away what a dead gateway had left'),
    });
    const allowances = redisAllowances({ ...shared, gateway });
    const sender = createWebPushSender({ keys: vapidKeys, contact, ownServices });
    const { publicKey } = vapidKeys;
    // Each server's own disk would have what the others' people cannot see.
    const { filesDir } = options;
    const files = filesDir === undefined ? undefined : await openFolder(filesDir, options, watch);
    return {
      key,
      log,
      search,
      people,
      files,
      push: { store: createRedisPushStore({ ...shared, time, publicKey, damagedRooms }), sender },
      gateway: gatewayOf(cluster),
      sharedAllowances: sharedAllowancesThrough(allowances),
      handshakes: (rate) =>
        createSharedBuckets({
          rate,
          time,
          spending: allowances.spendingOf('handshakes', rate),
          onError,
        }),
      close: (returnMs) =>
        closeAll([
          sender.close,
          health.stop,
          () => cluster.stop(returnMs),
          people.close,
          search.close,
          log.close,
          () => connection.close(),
        ]),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
