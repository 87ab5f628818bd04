/**
 * Several servers that share one Redis: gateways of ours, or servers of socket.io with its streams adapter.
 * All of them and the Redis are on core 0, and its append-only file is on the disk that the project is on.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startRedis } from '../../e2e/support/redis';
import { cacheFolder } from './cacheFolder';
import type { MeasuredServer, MeasuredServers, ServerName } from './measuredServers';

export const gatewayCount = 3;

/** How each is run. Redis syncs its file with every write, or where it says so once a second. */
export const clusterSetups = {
  heartline: { server: 'heartline', appendfsync: 'always' },
  'socket.io': { server: 'socket.io', appendfsync: 'always' },
  'socket.io, everysec': { server: 'socket.io', appendfsync: 'everysec' },
} as const satisfies Record<string, { server: ServerName; appendfsync: string }>;

export type SetupName = keyof typeof clusterSetups;

export interface MeasuredCluster {
  readonly servers: readonly [MeasuredServer, ...MeasuredServer[]];
  readonly redisPid: number;
  /** `redis-server 7.0.15` */
  readonly redisVersion: string;
  close(): Promise<void>;
}

/** Fresh servers on a fresh Redis. End with the test, or when closed. */
export async function startCluster(
  servers: MeasuredServers,
  setup: SetupName,
  flags: readonly string[] = [],
): Promise<MeasuredCluster> {
  const { server, appendfsync } = clusterSetups[setup];
  const folder = await mkdtemp(fileURLToPath(new URL('redis-', cacheFolder)));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis({ dir: folder, appendfsync, ...onCoreZero });
  const info = String(await redis.command('INFO', 'server'));
  const start = () =>
    servers.start(server, [...(server === 'heartline' ? ['--redis'] : []), redis.url, ...flags]);
  const first = await start();
  const others: MeasuredServer[] = [];
  while (others.length < gatewayCount - 1) others.push(await start());
  const started: MeasuredCluster['servers'] = [first, ...others];
  return {
    servers: started,
    redisPid: Number(fieldOf(info, 'process_id')),
    redisVersion: `redis-server ${fieldOf(info, 'redis_version')}`,
    async close() {
      await Promise.all(started.map((each) => each.close()));
      await redis.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Settings by which all threads and children of Redis keep to core 0. */
const onCoreZero = {
  server_cpulist: '0',
  bio_cpulist: '0',
  aof_rewrite_cpulist: '0',
  bgsave_cpulist: '0',
};

function fieldOf(info: string, name: string): string {
  const found = new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  if (!found) throw new Error(`Redis does not tell its ${name}`);
  return found;
}
