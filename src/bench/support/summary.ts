/**
 * The one table of all benchmarks: each figure of ours beside a peer's of the same run, as a ratio, with what was
 * asked of it and whether that was met. A target that nothing was measured for has its row as well, and says so.
 * Pure: from results to rows and text.
 */
import { type BenchmarkName, type Bound, type Target, targets } from '../targets';
import { ratios } from './loadFigures';
import { type Comparison, keyOf, type Result } from './results';
import { median, spread, tableLines } from './tables';

export type Verdict = 'met' | 'missed' | 'not run';

export interface SummaryRow {
  benchmark: BenchmarkName;
  what: string;
  peer: string | undefined;
  target: Target | undefined;
  /** Nothing where it was not run. */
  measured: Measured | undefined;
  /** Nothing where nothing is asked. */
  verdict: Verdict | undefined;
}

interface Measured {
  comparison: Comparison;
  /** Ours to the peer's, run by run, where both have a figure to divide. */
  ratios: readonly number[];
  /** What the target bounds: the ratios, or ours where there is no peer. */
  bounded: readonly number[];
}

/** The rows of these benchmarks: first what is asked of each, in the order of the targets, then what else it told. */
export function summaryRows(
  benchmarks: readonly BenchmarkName[],
  results: ReadonlyMap<BenchmarkName, Result>,
): SummaryRow[] {
  return benchmarks.flatMap((benchmark) => {
    const asked: readonly Target[] = targets[benchmark];
    const comparisons = results.get(benchmark)?.comparisons ?? [];
    const measuredFor = new Map(comparisons.map((each) => [keyOf(each), measuredOf(each)]));
    const isAsked = new Set(asked.map(keyOf));
    return [
      ...asked.map((target) => {
        const measured = measuredFor.get(keyOf(target));
        const verdict = measured ? verdictOn(target, measured.bounded) : 'not run';
        return { benchmark, what: target.what, peer: target.peer, target, measured, verdict };
      }),
      ...comparisons
        .filter((each) => !isAsked.has(keyOf(each)))
        .map((each) => ({
          benchmark,
          what: each.what,
          peer: each.peer?.name,
          target: undefined,
          measured: measuredFor.get(keyOf(each)),
          verdict: undefined,
        })),
    ];
  });
}

/** Of runs without a figure to bound nothing is known. */
export function verdictOn(
  { bound, everyRun }: Pick<Target, 'bound' | 'everyRun'>,
  figures: readonly number[],
): Verdict {
  const middle = median(figures);
  if (middle === undefined) return 'not run';
  const judged = everyRun ? figures : [middle];
  return judged.every((value) => isWithin(bound, value)) ? 'met' : 'missed';
}

export function isWithin(bound: Bound, value: number): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
}

const columns = [
  'benchmark',
  'what',
  'ours',
  'beside',
  'theirs',
  'ours to theirs',
  'better is',
  'target',
  'met',
  'runs',
];

/** The table as Markdown, headed by what is needed to read it; `title` is its first line. */
export function summaryText(
  title: string,
  benchmarks: readonly BenchmarkName[],
  results: ReadonlyMap<BenchmarkName, Result>,
): string {
  const rows = summaryRows(benchmarks, results);
  const told = benchmarks.flatMap((name) => results.get(name) ?? []);
  return [
    `# ${title}`,
    '',
    ...headLines(told),
    ...tableLines(columns, rows.map(cellsOf)),
    '',
    `${countsOf(rows)}.`,
    '',
  ].join('\n');
}

/** `41 of 44 targets met, 2 missed, 1 not run`. */
function countsOf(rows: readonly SummaryRow[]): string {
  const asked = rows.filter(({ target }) => target);
  const withVerdict = (verdict: Verdict) => asked.filter((row) => row.verdict === verdict).length;
  const others = (['missed', 'not run'] as const)
    .map((verdict) => ({ verdict, count: withVerdict(verdict) }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  return [`${withVerdict('met')} of ${asked.length} targets met`, ...others].join(', ');
}

function headLines(results: readonly Result[]): string[] {
  if (results.length === 0) return ['Nothing of it has been run.', ''];
  const each = (pick: (result: Result) => string | undefined) => [
    ...new Set(results.map(pick).filter((value) => value !== undefined)),
  ];
  const days = each(({ at }) => at.slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  const browsers = each(({ browser }) => browser);
  const packages = [...new Set(results.flatMap(({ compared }) => compared))].filter(Boolean);
  const settings = results.filter((result) => Object.keys(result.settings).length > 0);
  return [
    `- Machine: ${each(({ machine }) => machine).join('; ')}`,
    `- Versions: Node ${each(({ node }) => node).join(', ')}${browsers.length > 0 ? `; Chromium ${browsers.join(', ')}` : ''}${packages.length > 0 ? `; ${packages.join(', ')}` : ''}`,
    `- Date: ${first === last ? first : `${first} to ${last}`}`,
    '- Figures: median [min–max]. "ours to theirs" is ours divided by the other\'s of the same run, and its spread ' +
      'that of the runs. A target is of that ratio or, where nothing is beside, of ours; it is met by the median ' +
      'or, where it reads "each", by every run.',
    ...settings.map(({ name, settings: set }) => {
      const words = Object.entries(set).map(([key, value]) => `${key}=${value}`);
      return `- Not as usual: \`${name}\` ran with ${words.join(' ')}`;
    }),
    '',
    ...results.map(({ name, runs, method }) => `- \`${name}\`, ${countOfRuns(runs)}: ${method}`),
    '',
  ];
}

const countOfRuns = (runs: number) => (runs === 1 ? '1 run' : `${runs} runs`);

function cellsOf({ benchmark, what, peer, target, measured, verdict }: SummaryRow): string[] {
  const bound = target ? boundWords(target) : '';
  if (!measured) return [benchmark, what, 'not run', peer ?? '', '', '', '', bound, 'not run', ''];
  const { comparison, ratios: shares } = measured;
  const { unit, better, ours, peer: other } = comparison;
  return [
    benchmark,
    what,
    figureWords(ours, unit),
    peer ?? '',
    other ? figureWords(other.figures, unit) : '',
    // Where theirs is nothing, there is no telling how many times it ours is.
    spread(shares, 2, '∞'),
    better,
    bound,
    verdict ?? '',
    String(other ? shares.length || Math.min(ours.length, other.figures.length) : ours.length),
  ];
}

function boundWords({ bound, unit, everyRun }: Target): string {
  const words =
    'atLeast' in bound
      ? `≥ ${bound.atLeast.toLocaleString('en')}`
      : `≤ ${bound.atMost.toLocaleString('en')}`;
  return [words, unit && ` ${unit}`, everyRun && ', each'].filter(Boolean).join('');
}

function figureWords(values: readonly number[], unit: string): string {
  const words = spread(values, digitsOf(values)).replace(/\d{4,}/g, grouped);
  return unit && words !== 'never' ? `${words} ${unit}` : words;
}

const grouped = (digits: string) => Number(digits).toLocaleString('en');

/** As many decimals as tell figures of that size apart: none of counts. */
function digitsOf(values: readonly number[]): number {
  if (values.every((value) => Number.isInteger(value) || value === Number.POSITIVE_INFINITY))
    return 0;
  const middle = median(values) ?? 0;
  return middle >= 100 ? 0 : middle >= 10 ? 1 : 2;
}

function measuredOf(comparison: Comparison): Measured {
  const { ours, peer } = comparison;
  if (!peer) return { comparison, ratios: [], bounded: ours };
  const runs = Math.min(ours.length, peer.figures.length);
  const all = ratios(ours.slice(0, runs), peer.figures.slice(0, runs));
  // None of either, or never with both: there is nothing to compare.
  const shares = all.filter((value) => !Number.isNaN(value));
  return { comparison, ratios: shares, bounded: shares };
}
