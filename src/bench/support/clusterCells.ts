/** Measures several servers on one Redis, theirs and ours after one another in each run, and tabulates it. */
import { diskSyncMs } from './diskSync';
import { loadRuns, measuredMs } from './loadCells';
import {
  type FailoverResult,
  figuresOfLoad,
  harmOfLoad,
  type LoadFigures,
  parseFailoverResult,
  parseLoadResult,
  ratios,
} from './loadFigures';
import { runLoad } from './loadGenerator';
import { clusterSetups, type SetupName, startCluster } from './measuredClusters';
import type { MeasuredServers } from './measuredServers';
import { progress, spread } from './report';

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

export interface ClusterCell<Measured> {
  what: string;
  subscribers: number;
  setup: SetupName;
  /** For each run. */
  measured: Measured[];
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

/** What must not be in ours, in words; empty where nothing is. */
export function harmToOurs(cells: readonly ClusterCell<LoadFigures | FailoverResult>[]): string[] {
  return cells
    .filter(({ setup }) => setup === 'heartline')
    .flatMap(({ what, measured }) =>
      measured.flatMap((each, run) => {
        const neverBack =
          'neverBack' in each && each.neverBack > 0 ? [`${each.neverBack} never back`] : [];
        return [...harmOfLoad(each), ...neverBack].map(
          (harm) => `${what}, run ${run + 1}: ${harm}`,
        );
      }),
    );
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

export const clusterLoadColumns = [
  'load',
  'subscribers',
  'servers',
  '1,000 deliveries/s',
  'ours to it',
  'gateways CPU-ms per 1,000',
  'ours to it',
  'Redis CPU-ms per 1,000',
  'ours to it',
  'delivery p50 ms',
  'delivery p99 ms',
  'ours to it',
  'ack p50 ms',
  'ack p99 ms',
  'gateways util',
  'Redis util',
  'load util',
  'lost',
  'doubled',
  'reordered',
];

/** A row of `clusterLoadColumns` for each cell. */
export function clusterLoadRows(cells: readonly ClusterCell<LoadFigures>[]): string[][] {
  return cells.map((cell) => {
    const { show, toOurs } = columnsOf(cells, cell);
    return [
      cell.what,
      String(cell.subscribers),
      cell.setup,
      show((each) => each.deliveriesPerSecond / 1_000, 1),
      toOurs((each) => each.deliveriesPerSecond),
      show((each) => each.cpuSPerMillion, 2),
      toOurs((each) => each.cpuSPerMillion),
      show((each) => each.redisCpuSPerMillion, 2),
      toOurs((each) => each.redisCpuSPerMillion),
      show(({ deliveryMs }) => deliveryMs?.p50, 2),
      show(({ deliveryMs }) => deliveryMs?.p99, 2),
      toOurs(({ deliveryMs }) => deliveryMs?.p99),
      show(({ ackMs }) => ackMs?.p50, 2),
      show(({ ackMs }) => ackMs?.p99, 2),
      show((each) => each.serverUtil, 2),
      show((each) => each.redisUtil, 2),
      show((each) => each.generatorUtil, 2),
      show((each) => each.lost, 0),
      show((each) => each.doubled, 0),
      show((each) => each.reordered, 0),
    ];
  });
}

export const failoverColumns = [
  'killed',
  'subscribers',
  'servers',
  'its clients',
  'half delivered to again s',
  'all delivered to again s',
  'ours to it',
  'came as new',
  'lost their line again',
  'said',
  'lost',
  'doubled',
  'reordered',
];

/** A row of `failoverColumns` for each cell. */
export function failoverRows(cells: readonly ClusterCell<FailoverResult>[]): string[][] {
  return cells.map((cell) => {
    const { show, toOurs } = columnsOf(cells, cell);
    return [
      cell.what,
      String(cell.subscribers),
      cell.setup,
      show((each) => each.affected, 0),
      show(({ backMs }) => (backMs?.p50 ?? Number.NaN) / 1_000, 2),
      show((each) => allBackMs(each) / 1_000, 2),
      toOurs(allBackMs),
      show((each) => each.unrecovered, 0),
      show((each) => each.lostAgain, 0),
      show((each) => each.published, 0),
      show((each) => each.lost, 0),
      show((each) => each.doubled, 0),
      show((each) => each.reordered, 0),
    ];
  });
}

function allBackMs({ backMs, neverBack }: FailoverResult): number {
  return neverBack > 0 ? Number.POSITIVE_INFINITY : (backMs?.max ?? Number.NaN);
}

function columnsOf<Measured>(
  cells: readonly ClusterCell<Measured>[],
  { what, subscribers, setup, measured }: ClusterCell<Measured>,
) {
  const ours = cells.find(
    (cell) => cell.setup === 'heartline' && cell.what === what && cell.subscribers === subscribers,
  );
  type Pick = (of: Measured) => number | undefined;
  const known = (values: (number | undefined)[]) => values.filter((value) => value !== undefined);
  const all = (of: readonly Measured[], pick: Pick) => of.map((each) => pick(each) ?? Number.NaN);
  return {
    show: (pick: Pick, digits: number) => spread(known(measured.map(pick)), digits),
    toOurs: (pick: Pick) =>
      ours && setup !== 'heartline'
        ? spread(ratios(all(ours.measured, pick), all(measured, pick)), 2)
        : '',
  };
}
