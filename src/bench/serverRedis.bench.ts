/**
 * Benchmark `serverRedis`: three gateways on one Redis, beside three servers of socket.io with its Redis
 * streams adapter: what they deliver, and what it costs.
 */
import { expect, it } from 'vitest';
import {
  clusterMethod,
  clusterVersions,
  diskSentence,
  prepareClusterBench,
} from './support/clusterBench';
import { type ClusterLoad, measureClusterLoads } from './support/clusterCells';
import {
  type ClusterCell,
  clusterComparisons,
  clusterLoadColumns,
  clusterLoadRows,
  harmComparisons,
  harmToOurs,
} from './support/clusterFigures';
import type { Figure } from './support/comparisons';
import { loadRuns, measuredMs, subscribersOr } from './support/loadCells';
import type { LoadFigures } from './support/loadFigures';
import { gatewayCount } from './support/measuredClusters';
import { publish } from './support/report';
import { figureNames, loads as loadNames } from './targets';

const window = 64;
const messagesPerSecond = 50;

const loads: readonly ClusterLoad[] = [
  {
    name: loadNames.window,
    mode: 'window',
    settings: { window },
    subscribers: subscribersOr([100, 1_000]),
  },
  {
    name: loadNames.rate,
    mode: 'rate',
    settings: { rate: messagesPerSecond },
    subscribers: subscribersOr([1_000]),
  },
];

it('measures three gateways on one Redis', async () => {
  const bench = await prepareClusterBench();
  const cells: ClusterCell<LoadFigures>[] = [];
  for (const load of loads) cells.push(...(await measureClusterLoads(bench, load)));
  await publish({
    name: 'serverRedis',
    title: `Server, ${gatewayCount} gateways on one Redis`,
    method:
      `${clusterMethod}1 s to warm up, ${measuredMs / 1_000} s measured, then drained until everything ` +
      'came on every line, or nothing came for 5 s. Times from publishing, on 16 of the lines, the ' +
      'warm-up left out. On those, each number is looked at; the others are counted. Lost, doubled and ' +
      'reordered: on all lines together, in the whole run. CPU: user and system of whole processes; of ' +
      `the gateways together, and of Redis. "ours to it" is of one run. ${diskSentence(bench)}`,
    runs: loadRuns,
    compared: await clusterVersions(bench),
    columns: clusterLoadColumns,
    rows: clusterLoadRows(cells),
    comparisons: comparisonsOf(cells),
    figures: { gatewayCount, window, messagesPerSecond, syncMs: bench.syncMs, cells },
  });
  expect(harmToOurs(cells)).toEqual([]);
});

type Cell = ClusterCell<LoadFigures>;

function comparisonsOf(cells: readonly Cell[]) {
  const figure =
    (
      nameOf: (load: string, subscribers: number) => string,
      unit: string,
      better: Figure['better'],
    ) =>
    ({ what, subscribers }: Cell): Figure => ({ what: nameOf(what, subscribers), unit, better });
  const { deliveries, deliveryP99, cpu, redisCpu, harm } = figureNames;
  return [
    ...clusterComparisons(
      cells,
      figure(deliveries, '', 'more'),
      (each) => each.deliveriesPerSecond,
    ),
    ...clusterComparisons(
      cells,
      figure(deliveryP99, 'ms', 'less'),
      ({ deliveryMs }) => deliveryMs?.p99,
    ),
    ...clusterComparisons(cells, figure(cpu, 's per 1M', 'less'), (each) => each.cpuSPerMillion),
    ...clusterComparisons(
      cells,
      figure(redisCpu, 's per 1M', 'less'),
      (each) => each.redisCpuSPerMillion,
    ),
    ...harmComparisons(cells, figure(harm, '', 'less')),
  ];
}
