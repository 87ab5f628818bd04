/**
 * Benchmark `serverRedisKilled`: what becomes of a gateway's clients when it is killed, with three of them on one
 * Redis, beside three servers of socket.io with its Redis streams adapter.
 */
import { expect, it } from 'vitest';
import {
  clusterMethod,
  clusterVersions,
  diskSentence,
  prepareClusterBench,
} from './support/clusterBench';
import { type Failover, measureFailovers } from './support/clusterCells';
import {
  allBackMs,
  type ClusterCell,
  clusterComparisons,
  failoverColumns,
  failoverRows,
  harmComparisons,
  harmToOurs,
} from './support/clusterFigures';
import { loadRuns, measuredMs, subscribersOr } from './support/loadCells';
import type { FailoverResult } from './support/loadFigures';
import { gatewayCount } from './support/measuredClusters';
import { publish } from './support/report';
import { figureNames, killedGateways } from './targets';

const messagesPerSecond = 50;

const failovers: readonly Failover[] = [
  { name: killedGateways.another, killed: gatewayCount - 1, rate: messagesPerSecond },
  { name: killedGateways.publishers, killed: 0, rate: messagesPerSecond },
];

it('measures the end of one of them', async () => {
  const bench = await prepareClusterBench();
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
      `${clusterMethod}${messagesPerSecond} messages a second; after 1 s one server is killed (SIGKILL). Its ` +
      'clients go to the other two at once, 128 handshakes at a time, without the random wait of real ones: ' +
      'ours with token and position, those of socket.io with what connection state recovery needs. A ' +
      'publisher who was there too sends again what it had no ack for, under the same ids. Delivered to ' +
      'again: from the kill until a client has something that was said after it. It goes on for ' +
      `${measuredMs / 1_000} s once all are. Lost, doubled and reordered: on all lines, of all that was ` +
      'said; a client of ours drops what it has by its sequence number, as the protocol asks of it. Came as ' +
      `new: the servers no longer knew who it was. ${diskSentence(bench)}`,
    runs: loadRuns,
    compared: await clusterVersions(bench),
    columns: failoverColumns,
    rows: failoverRows(cells),
    comparisons: comparisonsOf(cells),
    figures: { gatewayCount, messagesPerSecond, syncMs: bench.syncMs, cells },
  });
  expect(harmToOurs(cells)).toEqual([]);
});

function comparisonsOf(cells: readonly ClusterCell<FailoverResult>[]) {
  return [
    ...harmComparisons(cells, ({ what }) => ({
      what: figureNames.failoverHarm(what),
      unit: '',
      better: 'less',
    })),
    ...clusterComparisons(
      cells,
      ({ what }) => ({ what: figureNames.failoverBack(what), unit: 'ms', better: 'less' }),
      // Nobody was let down, or nobody came back: there is no time to tell.
      (each) => (each.backMs ? allBackMs(each) : undefined),
    ),
  ];
}
