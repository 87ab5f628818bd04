import { describe, expect, it } from 'vitest';
import { type BenchmarkName, benchmarkNames, figureNames, references, targets } from '../targets';
import type { Comparison, Result } from './results';
import { summaryRows, summaryText, verdictOn } from './summary';

const noticed = (ours: number[], theirs: number[], name: string): Comparison => ({
  ...{ what: figureNames.noticed, unit: 'ms', better: 'less' },
  ours,
  peer: { name, figures: theirs },
});

function resultOf(comparisons: Comparison[], fields: Partial<Result> = {}): Result {
  return {
    name: 'notice',
    at: '2026-11-26T12:00:00.000Z',
    machine: '2 x Some CPU',
    node: '20.19.0',
    browser: '140',
    compared: ['socket.io 4.8.4'],
    method: 'A page stands still.',
    runs: 3,
    settings: {},
    comparisons,
    ...fields,
  };
}

const resultsOf = (...results: Result[]) =>
  new Map<BenchmarkName, Result>(results.map((each) => [each.name, each]));

const bound = (...ours: number[]) =>
  noticed(
    ours,
    ours.map(() => 7_000),
    references.bound,
  );

describe('the rows of the one table', () => {
  it('are one for each target of each benchmark, also where nothing was run', () => {
    const rows = summaryRows(benchmarkNames, new Map());
    const asked = benchmarkNames.flatMap((name) => targets[name]);
    expect(rows.map(({ what, peer }) => ({ what, peer }))).toEqual(
      asked.map((target) => ({
        what: target.what,
        peer: 'peer' in target ? target.peer : undefined,
      })),
    );
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['not run']));
  });

  it('tell after those what else was measured', () => {
    const comparisons = [noticed([5], [10], 'socket.io:fast'), bound(3_500)];
    const rows = summaryRows(['notice'], resultsOf(resultOf(comparisons)));
    expect(rows.map(({ peer, verdict }) => [peer, verdict])).toEqual([
      [references.bound, 'met'],
      ['socket.io:fast', undefined],
    ]);
  });

  it('have the ratio of each run to the same run of the peer', () => {
    const results = resultsOf(resultOf([noticed([10, 30, 8], [5, 10, 8], references.bound)]));
    expect(summaryRows(['notice'], results)[0]?.measured?.ratios).toEqual([2, 3, 1]);
  });

  it('have a ratio only of runs that both were in, and none of nothing to nothing', () => {
    const harm = { ...noticed([0, 0, 4], [0, 150], references.bound), unit: '' };
    const results = resultsOf(resultOf([harm]));
    expect(summaryRows(['notice'], results)[0]?.measured?.ratios).toEqual([0]);
  });

  it('do not take a peer for the one that the target names', () => {
    const results = resultsOf(resultOf([noticed([5], [10], 'socket.io:fast')]));
    expect(summaryRows(['notice'], results)[0]?.verdict).toBe('not run');
  });
});

describe('the verdict on a target', () => {
  it('is on the median, or on each run of what is promised', () => {
    const atMost2 = { bound: { atMost: 2 } };
    expect(verdictOn(atMost2, [1, 2, 9])).toBe('met');
    expect(verdictOn(atMost2, [1, 3, 9])).toBe('missed');
    expect(verdictOn({ ...atMost2, everyRun: true }, [1, 2, 9])).toBe('missed');
    expect(verdictOn({ ...atMost2, everyRun: true }, [1, 2, 2])).toBe('met');
  });

  it('asks for more where more is better', () => {
    expect(verdictOn({ bound: { atLeast: 25 } }, [24.9])).toBe('missed');
    expect(verdictOn({ bound: { atLeast: 25 } }, [25])).toBe('met');
  });

  it('is that it was not run, where there is no figure to bound', () => {
    expect(verdictOn({ bound: { atMost: 2 } }, [])).toBe('not run');
  });
});

describe('the one table', () => {
  const cellsOf = (text: string, what: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(what))
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(1, -1);

  it('has ours, the peer, the ratio with its spread, the target, the verdict and the runs', () => {
    const results = resultsOf(resultOf([bound(3_500, 7_000, 4_200)]));
    expect(cellsOf(summaryText('All', ['notice'], results), figureNames.noticed)).toEqual([
      'notice',
      figureNames.noticed,
      '4,200 [3,500–7,000] ms',
      references.bound,
      '7,000 ms',
      '0.60 [0.50–1.00]',
      'less',
      '≤ 1, each',
      'met',
      '3',
    ]);
  });

  it('says of a target that it was not run', () => {
    const text = summaryText('All', ['size'], new Map());
    expect(cellsOf(text, figureNames.hookSize)).toContain('not run');
    expect(text).toContain('Nothing of it has been run.');
    expect(text).toContain('0 of 2 targets met, 2 not run.');
  });

  it('says of what a peer never did that ours took none of its time', () => {
    const never = noticed([5], [Number.POSITIVE_INFINITY], 'partysocket:doc');
    const cells = cellsOf(
      summaryText('All', ['notice'], resultsOf(resultOf([never]))),
      'partysocket',
    );
    expect(cells?.slice(4, 6)).toEqual(['never', '0.00']);
  });

  it('says ∞ of what only ours has any of', () => {
    const only = { ...noticed([3], [0], 'partysocket:doc'), unit: '' };
    const cells = cellsOf(
      summaryText('All', ['notice'], resultsOf(resultOf([only]))),
      'partysocket',
    );
    expect(cells?.[5]).toBe('∞');
  });

  it('is headed by machine, versions, dates, method and unusual settings', () => {
    const notice = resultOf([bound(1)], { settings: { BENCH_RUNS: '1' } });
    const size = resultOf([], { name: 'size', at: '2026-11-27T01:00:00.000Z', runs: 1 });
    const text = summaryText('All', ['notice', 'size'], resultsOf(notice, size));
    expect(text).toContain('- Machine: 2 x Some CPU\n');
    expect(text).toContain('- Versions: Node 20.19.0; Chromium 140; socket.io 4.8.4\n');
    expect(text).toContain('- Date: 2026-11-26 to 2026-11-27\n');
    expect(text).toContain('- Not as usual: `notice` ran with BENCH_RUNS=1\n');
    expect(text).toContain('- `notice`, 3 runs: A page stands still.\n');
    expect(text).toContain('- `size`, 1 run: A page stands still.\n');
  });
});
