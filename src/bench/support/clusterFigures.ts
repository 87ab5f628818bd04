/** What was measured of several servers on one Redis, as tables, and whether ours did harm. Pure. */
import { alone, beside, type Figure } from './comparisons';
import {
  type FailoverResult,
  type Harm,
  harmOfLoad,
  type LoadFigures,
  ratios,
} from './loadFigures';
import type { SetupName } from './measuredClusters';
import type { Comparison } from './results';
import { spread } from './tables';

export interface ClusterCell<Measured> {
  what: string;
  subscribers: number;
  setup: SetupName;
  /** For each run. */
  measured: Measured[];
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

/** What one figure of ours is beside those of the others, for each load. */
export function clusterComparisons<Measured>(
  cells: readonly ClusterCell<Measured>[],
  figure: (cell: ClusterCell<Measured>) => Figure,
  pick: (measured: Measured) => number | undefined,
): Comparison[] {
  // What did not come in all the time that was measured took at least as long.
  const each = ({ measured }: ClusterCell<Measured>) =>
    measured.map((run) => pick(run) ?? Number.POSITIVE_INFINITY);
  return cells
    .filter(({ setup }) => setup === 'heartline')
    .flatMap((ours) => {
      const others = cells.filter(
        ({ what, subscribers, setup }) =>
          what === ours.what && subscribers === ours.subscribers && setup !== ours.setup,
      );
      const bySetup = Object.fromEntries(others.map((cell) => [cell.setup, each(cell)]));
      return beside(figure(ours), each(ours), bySetup);
    });
}

/** What was lost or doubled: ours by itself, and beside the others. */
export function harmComparisons<Measured extends Harm>(
  cells: readonly ClusterCell<Measured>[],
  figure: (cell: ClusterCell<Measured>) => Figure,
): Comparison[] {
  const count = ({ lost, doubled }: Measured) => lost + doubled;
  const ours = cells.filter(({ setup }) => setup === 'heartline');
  return [
    ...ours.flatMap((cell) => alone(figure(cell), cell.measured.map(count))),
    ...clusterComparisons(cells, figure, count),
  ];
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
  'refused',
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
      show((each) => each.refused, 0),
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
  'refused',
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
      show((each) => each.refused, 0),
    ];
  });
}

/** Until the last of them was delivered to again; Infinity where one never was. */
export function allBackMs({ backMs, neverBack }: FailoverResult): number {
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
  // Where one of both has no figure there is nothing to compare.
  const comparable = (values: number[]) => values.filter((value) => !Number.isNaN(value));
  const all = (of: readonly Measured[], pick: Pick) => of.map((each) => pick(each) ?? Number.NaN);
  return {
    show: (pick: Pick, digits: number) => spread(known(measured.map(pick)), digits),
    toOurs: (pick: Pick) =>
      ours && setup !== 'heartline'
        ? spread(comparable(ratios(all(ours.measured, pick), all(measured, pick))), 2)
        : '',
  };
}
