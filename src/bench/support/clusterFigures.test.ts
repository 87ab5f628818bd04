import { describe, expect, it } from 'vitest';
import {
  type ClusterCell,
  clusterLoadColumns,
  clusterLoadRows,
  failoverColumns,
  failoverRows,
  harmToOurs,
} from './clusterFigures';
import { type FailoverResult, figuresOfLoad } from './loadFigures';
import type { SetupName } from './measuredClusters';

const noHarm = { lost: 0, doubled: 0, reordered: 0, refused: 0 };

const load = (setup: SetupName, deliveries: number, harm = noHarm) => ({
  what: 'window of 64',
  subscribers: 100,
  setup,
  measured: [
    figuresOfLoad({
      ...harm,
      ...{ seconds: 4, published: 40, deliveries, serverCpuS: 2, redisCpuS: 1, generatorCpuS: 1 },
      ackMs: null,
      deliveryMs: { count: 2, p50: 1, p99: 2, max: 2 },
    }),
  ],
});

const failover = (setup: SetupName, result: Partial<FailoverResult>) => ({
  what: 'another',
  subscribers: 100,
  setup,
  measured: [
    {
      ...noHarm,
      ...{ affected: 3, neverBack: 0, unrecovered: 0, lostAgain: 0, published: 90 },
      backMs: { count: 3, p50: 500, p99: 1_000, max: 1_000 },
      ...result,
    },
  ],
});

function column(name: string, columns: readonly string[], rows: readonly string[][]) {
  return rows.map((row) => row[columns.indexOf(name)]);
}

describe('harm to ours', () => {
  it('is nothing where all came once and in order', () => {
    expect(harmToOurs([load('heartline', 4_000), failover('heartline', {})])).toEqual([]);
  });

  it('is told by load and run', () => {
    const cells: ClusterCell<FailoverResult>[] = [
      failover('heartline', { lost: 4, doubled: 1, neverBack: 2 }),
    ];
    expect(harmToOurs(cells)).toEqual([
      'another, run 1: 4 lost',
      'another, run 1: 1 doubled',
      'another, run 1: 2 never back',
    ]);
  });

  it('is none of the harm to others', () => {
    expect(harmToOurs([failover('socket.io', { lost: 4 })])).toEqual([]);
  });
});

describe('the table of loads', () => {
  const rows = clusterLoadRows([load('socket.io', 1_000), load('heartline', 4_000)]);

  it('compares ours with each of the others, and not with itself', () => {
    expect(column('ours to it', clusterLoadColumns, rows)).toEqual(['4.00', '']);
  });

  it('tells what gateways and Redis cost apart', () => {
    expect(column('gateways CPU-ms per 1,000', clusterLoadColumns, rows)).toEqual([
      '2000.00',
      '500.00',
    ]);
    expect(column('Redis CPU-ms per 1,000', clusterLoadColumns, rows)).toEqual([
      '1000.00',
      '250.00',
    ]);
  });

  it('leaves open how long an ack takes that never came', () => {
    expect(column('ack p50 ms', clusterLoadColumns, rows)).toEqual(['-', '-']);
  });
});

describe('the table of failovers', () => {
  it('says never where somebody got nothing any more', () => {
    const cells = [failover('socket.io', { neverBack: 1 }), failover('heartline', {})];
    const rows = failoverRows(cells);
    expect(column('all delivered to again s', failoverColumns, rows)).toEqual(['never', '1.00']);
    expect(column('ours to it', failoverColumns, rows)).toEqual(['0.00', '']);
  });

  it('compares nothing where nobody was delivered to again', () => {
    const cells = [failover('socket.io', { backMs: null }), failover('heartline', {})];
    expect(column('ours to it', failoverColumns, failoverRows(cells))).toEqual(['-', '']);
  });
});
