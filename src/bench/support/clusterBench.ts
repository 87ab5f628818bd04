/** What the benchmarks of several gateways on one Redis have in common: their servers, and how they are measured. */
import { buildLoadGenerator } from './cCompiler';
import { type ClusterBench, setupsOf } from './clusterCells';
import { gatewayCount } from './measuredClusters';
import { prepareServers } from './measuredServers';
import { withVersion } from './report';
import { spread } from './tables';

/** The first sentences of their methods. */
export const clusterMethod =
  `${gatewayCount} servers and their Redis on core 0, load generator (C, one epoll, src/bench/load) on core 1. ` +
  'Subscribers are spread over the servers; the publisher is at the first. A message is 150 bytes of JSON. ' +
  'Redis keeps an append-only file on the disk of the project and syncs it with every write (appendfsync ' +
  'always), for socket.io as for ours; "everysec" are the same servers of socket.io on a Redis that syncs ' +
  'once a second, as it does unless told otherwise. Ours acks a message once Redis has it on disk; ' +
  'socket.io, set up as its documents show, acks once it has handed it on to the adapter, and delivers to ' +
  'its own clients once Redis has it. ';

/** Ready to measure those that were asked for; rejects where it is none of them. */
export async function prepareClusterBench(): Promise<ClusterBench> {
  const servers = await prepareServers(['socket.io', 'heartline']);
  const binary = await buildLoadGenerator();
  const setups = setupsOf(servers);
  if (setups.length === 0) throw new Error('BENCH_SERVERS has neither heartline nor socket.io');
  return { binary, servers, setups, redisVersion: undefined, syncMs: [] };
}

/** What was compared, once something was measured. */
export async function clusterVersions({ redisVersion }: ClusterBench): Promise<string[]> {
  const packages = ['socket.io', '@socket.io/redis-streams-adapter', 'redis'].map(withVersion);
  return [...(await Promise.all(packages)), ...(redisVersion ? [redisVersion] : [])];
}

/** The sentence on the disk. */
export const diskSentence = ({ syncMs }: ClusterBench) =>
  `The disk takes ${spread(syncMs, 2)} ms to append 4 KiB and fdatasync (p50, measured before each run).`;
