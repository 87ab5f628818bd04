/** Measures several servers on one Redis, those of all after one another in each run. */
import type { ClusterCell } from './clusterFigures';
import { diskSyncMs } from './diskSync';
import { loadRuns, measuredMs } from './loadCells';
import {
  type FailoverResult,
  figuresOfLoad,
  harmOfLoad,
  type LoadFigures,
  parseFailoverResult,
  parseLoadResult,
} from './loadFigures';
import { runLoad } from './loadGenerator';
import { clusterSetups, type SetupName, startCluster } from './measuredClusters';
import type { MeasuredServers } from './measuredServers';
import { progress } from './report';

export interface ClusterLoad {
  /** As the table names it. */
  name: string;
  mode: 'window' | 'rate';
  /** Of the mode: see `load.c`. */
  settings: Readonly<Record<string, number>>;
  subscribers: readonly number[];
}

export interface Failover {
  /** As the table names it. */
  name: string;
  /** Which of the servers is killed; the publisher is at 0. */
  killed: number;
  rate: number;
}

export interface ClusterBench {
  binary: string;
  servers: MeasuredServers;
  setups: readonly SetupName[];
  /** What was found on the way: to read the figures by. */
  redisVersion: string | undefined;
  syncMs: number[];
}

/** Those whose server was asked for. */
export function setupsOf(servers: MeasuredServers): SetupName[] {
  const names: readonly SetupName[] = ['socket.io', 'socket.io, everysec', 'heartline'];
  return names.filter((name) => servers.names.includes(clusterSetups[name].server));
}

export async function measureClusterLoads(
  bench: ClusterBench,
  load: ClusterLoad,
): Promise<ClusterCell<LoadFigures>[]> {
  const cells: ClusterCell<LoadFigures>[] = [];
  for (const subscribers of load.subscribers) {
    const what = { what: load.name, subscribers };
    const row = await measureRow(bench, what, bench.setups, async (setup) => {
      const settings = { subscribers, 'measured-ms': measuredMs, ...load.settings };
      const line = await runOnFresh(bench, setup, load.mode, settings);
      const figures = figuresOfLoad(parseLoadResult(line));
      return { measured: figures, said: `${Math.round(figures.deliveriesPerSecond)}/s` };
    });
    cells.push(...row);
  }
  return cells;
}

/** Once a second of syncing would change nothing about it: socket.io is measured as ours is. */
export async function measureFailovers(
  bench: ClusterBench,
  { name, killed, rate }: Failover,
  subscribers: number,
): Promise<ClusterCell<FailoverResult>[]> {
  const setups = bench.setups.filter((setup) => clusterSetups[setup].appendfsync === 'always');
  return await measureRow(bench, { what: name, subscribers }, setups, async (setup) => {
    const settings = { subscribers, rate, killed, 'measured-ms': measuredMs };
    const flags = clusterSetups[setup].server === 'socket.io' ? ['recovery'] : [];
    const line = await runOnFresh(bench, setup, 'failover', settings, flags);
    const result = parseFailoverResult(line);
    return { measured: result, said: `back in ${result.backMs?.max.toFixed(0) ?? 'no'} ms` };
  });
}

async function measureRow<Measured extends LoadFigures | FailoverResult>(
  bench: ClusterBench,
  { what, subscribers }: { what: string; subscribers: number },
  setups: readonly SetupName[],
  measure: (setup: SetupName) => Promise<{ measured: Measured; said: string }>,
): Promise<ClusterCell<Measured>[]> {
  const row = setups.map(
    (setup): ClusterCell<Measured> => ({ what, subscribers, setup, measured: [] }),
  );
  for (let run = 1; run <= loadRuns; run += 1) {
    bench.syncMs.push(await diskSyncMs());
    for (const { setup, measured } of row) {
      const figures = await measure(setup);
      measured.push(figures.measured);
      const said = [figures.said, ...harmOfLoad(figures.measured)].join(', ');
      progress(`${what}, ${subscribers} subscribers, run ${run} of ${loadRuns}: ${setup} ${said}`);
    }
  }
  return row;
}

/** What the generator says of a load on fresh servers and a fresh Redis. */
async function runOnFresh(
  bench: ClusterBench,
  setup: SetupName,
  mode: ClusterLoad['mode'] | 'failover',
  settings: Readonly<Record<string, number>>,
  flags: readonly string[] = [],
): Promise<string> {
  const cluster = await startCluster(bench.servers, setup, flags);
  bench.redisVersion = cluster.redisVersion;
  const ofCluster = { 'redis-pid': cluster.redisPid, 'counts-harm': 1 };
  const line = await runLoad(bench.binary, cluster.servers, mode, { ...settings, ...ofCluster });
  await cluster.close();
  return line;
}
