/**
 * What of the one table the chart shows: the ratios that say most, in groups, and what the clients lost. What was
 * not measured is left out and named. Pure.
 */

import type { Result } from '../support/results';
import { type SummaryRow, summaryRows } from '../support/summary';
import { median } from '../support/tables';
import { type BenchmarkName, figureNames, loads, references, uploadLines } from '../targets';
import type { GroupName, LabelName } from './chartTexts';

export interface RatioRow {
  label: LabelName;
  peer: string;
  /** Ours to the peer's. */
  median: number;
  least: number;
  most: number;
  better: 'more' | 'less';
  /** Of the ratio. */
  target: { bound: number; isLeast: boolean } | undefined;
}

export interface HarmRow {
  /** The name of a client, nothing for ours. */
  peer: string | undefined;
  count: number;
}

export interface ChartRows {
  groups: readonly { name: GroupName; rows: readonly RatioRow[] }[];
  /** Ours first, then from the least to the most. */
  harm: readonly HarmRow[];
  /** Benchmarks that have rows in the chart, but left no figures. */
  missing: readonly BenchmarkName[];
  shown: readonly BenchmarkName[];
}

interface Line {
  benchmark: BenchmarkName;
  what: string;
  label: LabelName;
  peers: readonly string[];
}

const servers = ['ws', 'socket.io', 'bun'];

const saturated = (subscribers: number, label: LabelName): Line => ({
  benchmark: 'serverSaturated',
  what: figureNames.deliveries(loads.window, subscribers),
  label,
  peers: servers,
});

const lines: Readonly<Record<GroupName, readonly Line[]>> = {
  server: [
    saturated(100, 'deliveries100'),
    saturated(1_000, 'deliveries1000'),
    saturated(5_000, 'deliveries5000'),
    {
      benchmark: 'serverSteady',
      what: figureNames.cpu(loads.rate, 1_000),
      label: 'steadyCpu',
      peers: servers,
    },
    {
      benchmark: 'serverSteady',
      what: figureNames.deliveryP99(loads.rate, 1_000),
      label: 'steadyP99',
      peers: ['ws'],
    },
    {
      benchmark: 'serverOneByOne',
      what: figureNames.ack(loads.single, 100),
      label: 'ack',
      peers: [references.durableWs],
    },
    {
      benchmark: 'serverIdle',
      what: figureNames.idleMemory(10_000),
      label: 'idle',
      peers: ['ws', 'socket.io'],
    },
    {
      benchmark: 'serverReturn',
      what: figureNames.allBack(5_000, 'lines cut'),
      label: 'back',
      peers: ['socket.io, lines cut'],
    },
  ],
  gateways: [
    {
      benchmark: 'serverRedis',
      what: figureNames.deliveries(loads.window, 100),
      label: 'cluster100',
      peers: ['socket.io'],
    },
    {
      benchmark: 'serverRedis',
      what: figureNames.deliveries(loads.window, 1_000),
      label: 'cluster1000',
      peers: ['socket.io'],
    },
    {
      benchmark: 'serverRedis',
      what: figureNames.deliveryP99(loads.window, 1_000),
      label: 'clusterP99',
      peers: ['socket.io'],
    },
    {
      benchmark: 'serverRedis',
      what: figureNames.redisCpu(loads.rate, 1_000),
      label: 'clusterRedis',
      peers: ['socket.io'],
    },
  ],
  page: [
    {
      benchmark: 'timeline',
      what: figureNames.frame(10_000, 1_000),
      label: 'frames',
      peers: ['react-virtuoso', 'plain', 'chatscope'],
    },
    {
      benchmark: 'timeline',
      what: figureNames.latency(10_000, 1_000),
      label: 'latency',
      peers: ['react-virtuoso'],
    },
    {
      benchmark: 'opening',
      what: figureNames.opened(100_000),
      label: 'opened',
      peers: [figureNames.roomOf(100)],
    },
    {
      benchmark: 'upload',
      what: figureNames.textBeside(uploadLines[0]),
      label: 'besideFileFast',
      peers: [references.noFile],
    },
    {
      benchmark: 'upload',
      what: figureNames.textBeside(uploadLines[1]),
      label: 'besideFile',
      peers: [references.noFile],
    },
  ],
  client: [
    {
      benchmark: 'size',
      what: figureNames.hookSize,
      label: 'hookSize',
      peers: ['react-use-websocket', 'partysocket/react', 'socket.io-client', 'centrifuge'],
    },
  ],
};

const groupNames: readonly GroupName[] = ['server', 'gateways', 'page', 'client'];

export function chartRows(results: ReadonlyMap<BenchmarkName, Result>): ChartRows {
  const used = [
    ...new Set(groupNames.flatMap((name) => lines[name].map((each) => each.benchmark))),
  ];
  const all = summaryRows([...used, 'faults'], results);
  const groups = groupNames
    .map((name) => ({ name, rows: lines[name].flatMap((line) => ratioRows(line, all)) }))
    .filter(({ rows }) => rows.length > 0);
  const harm = harmRows(all);
  const isShown = (name: BenchmarkName) => results.has(name);
  return {
    groups,
    harm,
    missing: [...used, 'faults' as const].filter((name) => !isShown(name)),
    shown: [...used, 'faults' as const].filter(isShown),
  };
}

function ratioRows(
  { benchmark, what, label, peers }: Line,
  all: readonly SummaryRow[],
): RatioRow[] {
  return peers.flatMap((peer) => {
    const row = all.find(
      (each) => each.benchmark === benchmark && each.what === what && each.peer === peer,
    );
    const ratios = row?.measured?.ratios ?? [];
    const middle = median(ratios);
    if (!row?.measured || middle === undefined) return [];
    const bound = row.target?.bound;
    return {
      ...{ label, peer, median: middle, least: Math.min(...ratios), most: Math.max(...ratios) },
      better: row.measured.comparison.better,
      target: bound && {
        bound: 'atLeast' in bound ? bound.atLeast : bound.atMost,
        isLeast: 'atLeast' in bound,
      },
    };
  });
}

function harmRows(all: readonly SummaryRow[]): HarmRow[] {
  const told = all.flatMap(({ what, measured }) =>
    what === figureNames.harmInFaults && measured ? measured.comparison : [],
  );
  const countOf = (figures: readonly number[]) => median(figures) ?? 0;
  const ours = told.find(({ peer }) => !peer);
  const peers = told.flatMap(({ peer }) =>
    peer ? { peer: peer.name, count: countOf(peer.figures) } : [],
  );
  return [
    ...(ours ? [{ peer: undefined, count: countOf(ours.ours) }] : []),
    ...peers.sort((one, other) => one.count - other.count),
  ];
}
