/**
 * Benchmark `serverRedis`: three gateways on one Redis, beside three servers of socket.io with its Redis
 * streams adapter: what they deliver, what it costs, and what becomes of a gateway's clients when it is killed.
 */
import { expect, it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import {
  type ClusterBench,
  type ClusterLoad,
  type Failover,
  measureClusterLoads,
  measureFailovers,
  setupsOf,
} from './support/clusterCells';
import {
  type ClusterCell,
  clusterLoadColumns,
  clusterLoadRows,
  failoverColumns,
  failoverRows,
  harmToOurs,
} from './support/clusterFigures';
import { loadRuns, measuredMs, subscribersOr } from './support/loadCells';
import type { FailoverResult, LoadFigures } from './support/loadFigures';
import { gatewayCount } from './support/measuredClusters';
import { prepareServers } from './support/measuredServers';
import { publish, spread, withVersion } from './support/report';

const window = 64;
const messagesPerSecond = 50;

const loads: readonly ClusterLoad[] = [
  {
    name: `window of ${window}`,
    mode: 'window',
    settings: { window },
    subscribers: subscribersOr([100, 1_000]),
  },
  {
    name: `${messagesPerSecond}/s`,
    mode: 'rate',
    settings: { rate: messagesPerSecond },
    subscribers: subscribersOr([1_000]),
  },
];

const failovers: readonly Failover[] = [
  { name: 'another', killed: gatewayCount - 1, rate: messagesPerSecond },
  { name: "the publisher's", killed: 0, rate: messagesPerSecond },
];

const sharedMethod =
  `${gatewayCount} servers and their Redis on core 0, load generator (C, one epoll, src/bench/load) on core 1. ` +
  'Subscribers are spread over the servers; the publisher is at the first. A message is 150 bytes of JSON. ' +
  'Redis keeps an append-only file on the disk of the project and syncs it with every write (appendfsync ' +
  'always), for socket.io as for ours; "everysec" are the same servers of socket.io on a Redis that syncs ' +
  'once a second, as it does unless told otherwise. Ours acks a message once Redis has it on disk; ' +
  'socket.io, set up as its documents show, acks once it has handed it on to the adapter, and delivers to ' +
  'its own clients once Redis has it. ';

async function prepareBench(): Promise<ClusterBench> {
  const servers = await prepareServers(['socket.io', 'heartline']);
  const binary = await buildLoadGenerator();
  const setups = setupsOf(servers);
  if (setups.length === 0) throw new Error('BENCH_SERVERS has neither heartline nor socket.io');
  return { binary, servers, setups, redisVersion: undefined, syncMs: [] };
}

async function versionsOf({ redisVersion }: ClusterBench): Promise<string[]> {
  const packages = ['socket.io', '@socket.io/redis-streams-adapter', 'redis'].map(withVersion);
  return [...(await Promise.all(packages)), ...(redisVersion ? [redisVersion] : [])];
}

const syncOf = ({ syncMs }: ClusterBench) =>
  `The disk takes ${spread(syncMs, 2)} ms to append 4 KiB and fdatasync (p50, measured before each run).`;

it('measures three gateways on one Redis', async () => {
  const bench = await prepareBench();
  const cells: ClusterCell<LoadFigures>[] = [];
  for (const load of loads) cells.push(...(await measureClusterLoads(bench, load)));
  await publish({
    name: 'serverRedis',
    title: `Server, ${gatewayCount} gateways on one Redis`,
    method:
      `${sharedMethod}1 s to warm up, ${measuredMs / 1_000} s measured, then drained until everything ` +
      'came on every line, or nothing came for 5 s. Times from publishing, on 16 of the lines, the ' +
      'warm-up left out. On those, each number is looked at; the others are counted. Lost, doubled and ' +
      'reordered: on all lines together, in the whole run. CPU: user and system of whole processes; of ' +
      `the gateways together, and of Redis. "ours to it" is of one run. ${syncOf(bench)}`,
    runs: loadRuns,
    compared: await versionsOf(bench),
    columns: clusterLoadColumns,
    rows: clusterLoadRows(cells),
    figures: { gatewayCount, window, messagesPerSecond, syncMs: bench.syncMs, cells },
  });
  expect(harmToOurs(cells)).toEqual([]);
});

it('measures the end of one of them', async () => {
  const bench = await prepareBench();
  const cells: ClusterCell<FailoverResult>[] = [];
  for (const subscribers of subscribersOr([1_000])) {
    for (const failover of failovers) {
      cells.push(...(await measureFailovers(bench, failover, subscribers)));
    }
  }
  await publish({
    name: 'serverRedisKilled',
    title: `Server, one of ${gatewayCount} gateways killed`,
    method:
      `${sharedMethod}${messagesPerSecond} messages a second; after 1 s one server is killed (SIGKILL). Its ` +
      'clients go to the other two at once, 128 handshakes at a time, without the random wait of real ones: ' +
      'ours with token and position, those of socket.io with what connection state recovery needs. A ' +
      'publisher who was there too sends again what it had no ack for, under the same ids. Delivered to ' +
      'again: from the kill until a client has something that was said after it. It goes on for ' +
      `${measuredMs / 1_000} s once all are. Lost, doubled and reordered: on all lines, of all that was ` +
      'said; a client of ours drops what it has by its sequence number, as the protocol asks of it. Came as ' +
      `new: the servers no longer knew who it was. ${syncOf(bench)}`,
    runs: loadRuns,
    compared: await versionsOf(bench),
    columns: failoverColumns,
    rows: failoverRows(cells),
    figures: { gatewayCount, messagesPerSecond, syncMs: bench.syncMs, cells },
  });
  expect(harmToOurs(cells)).toEqual([]);
});
