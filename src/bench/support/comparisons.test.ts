import { describe, expect, it } from 'vitest';
import { clusterComparisons, harmComparisons } from './clusterFigures';
import { alone, beside } from './comparisons';
import { type LoadCell, loadComparisons } from './loadCells';
import { figuresOfLoad } from './loadFigures';

const figure = { what: 'time', unit: 'ms', better: 'less' } as const;

describe('a comparison', () => {
  it('has ours beside each of the others, by name', () => {
    expect(beside(figure, [1, 2], { ws: [3, 4], bun: [5] })).toEqual([
      { ...figure, ours: [1, 2], peer: { name: 'ws', figures: [3, 4] } },
      { ...figure, ours: [1, 2], peer: { name: 'bun', figures: [5] } },
    ]);
  });

  it('is none where nobody, or nobody else, was measured', () => {
    expect(beside(figure, [], { ws: [3] })).toEqual([]);
    expect(beside(figure, [1], { ws: [] })).toEqual([]);
    expect(alone(figure, [])).toEqual([]);
  });
});

const loadOf = (deliveries: number, harm = { lost: 0, doubled: 0 }) =>
  figuresOfLoad({
    ...{ seconds: 1, published: 40, deliveries, serverCpuS: 2, redisCpuS: 1, generatorCpuS: 1 },
    ...{ ackMs: null, deliveryMs: null, reordered: 0, refused: 0, ...harm },
  });

describe('the comparisons of loads', () => {
  const cell = (server: LoadCell['server'], subscribers: number, deliveries: number): LoadCell => ({
    ...{ server, subscribers },
    figures: [loadOf(deliveries)],
  });
  const cells = [
    cell('ws', 100, 10),
    cell('heartline', 100, 200),
    cell('ws', 1_000, 30),
    cell('heartline', 1_000, 900),
  ];
  const named = (subscribers: number) => ({ ...figure, what: `at ${subscribers}` });

  it('are of the same number of subscribers', () => {
    const compared = loadComparisons(cells, named, (each) => each.deliveriesPerSecond);
    expect(compared.map(({ what, ours, peer }) => [what, ours, peer?.figures])).toEqual([
      ['at 100', [200], [10]],
      ['at 1000', [900], [30]],
    ]);
  });

  it('take what never came for endless', () => {
    const [first] = loadComparisons(cells, named, ({ ackMs }) => ackMs?.p50);
    expect(first?.ours).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe('the comparisons of gateways', () => {
  const cell = (setup: 'socket.io' | 'heartline', what: string, lost: number) => ({
    ...{ setup, what, subscribers: 100 },
    measured: [loadOf(10 * (lost + 1), { lost, doubled: 1 })],
  });
  const cells = [
    cell('socket.io', 'window', 5),
    cell('heartline', 'window', 0),
    cell('socket.io', 'rate', 7),
  ];
  const named = ({ what }: { what: string }) => ({ ...figure, what });

  it('are of the same load', () => {
    const compared = clusterComparisons(cells, named, (each) => each.deliveriesPerSecond);
    expect(compared.map(({ what, ours, peer }) => [what, ours, peer?.figures])).toEqual([
      ['window', [10], [60]],
    ]);
  });

  it('count what was lost or doubled, of ours by itself and beside the others', () => {
    expect(harmComparisons(cells, named).map(({ ours, peer }) => [ours, peer?.figures])).toEqual([
      [[1], undefined],
      [[1], [6]],
    ]);
  });
});
