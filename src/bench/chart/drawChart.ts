/**
 * Draws the chart of the benchmarks as SVG, in light and dark: bars of ratios on one logarithmic scale, to the
 * right where ours is the better, and bars of what each client lost. Pure: from rows, texts and colours to text.
 */
import type { Result } from '../support/results';
import type { BenchmarkName } from '../targets';
import { type ChartRows, chartRows, type HarmRow, type RatioRow } from './chartRows';
import type { ChartTexts } from './chartTexts';
import { colourOf } from './tokens';

const width = 840;
const margin = 28;
const rowHeight = 21;
const headHeight = 42;
/** Where the bars are: labels stand before them, figures behind. */
const plot = { left: 306, right: 606 };
const barHeight = 8;

/** Each colour of the chart, by the class that has it, and the token that it is. */
const fills = {
  paper: 'paper',
  ink: 'ink',
  soft: 'ink-soft',
  ahead: 'heart',
  behind: 'edge',
} as const;
const strokes = { rule: 'line', spread: 'ink', target: 'ink' } as const;

/** The SVG of these results; `tokens` is the text of `tokens.css`. */
export function drawChart(
  results: ReadonlyMap<BenchmarkName, Result>,
  texts: ChartTexts,
  tokens: string,
): string {
  const rows = chartRows(results);
  const scale = scaleFor(rows.groups.flatMap((group) => group.rows));
  const parts: string[] = [];
  let y = margin + 24;
  parts.push(text(margin, y, 'title', texts.title));
  y += 14;

  if (rows.groups.length > 0) {
    y += 10;
    parts.push(text(margin, y, 'soft small', texts.ratioLead));
    const top = y + 20;
    y = top + 26;
    const body: string[] = [];
    for (const { name, rows: ratios } of rows.groups) {
      y += headHeight - rowHeight;
      body.push(text(margin, y, 'head', texts.groups[name]));
      y += rowHeight;
      ratios.forEach((row, index) => {
        const isRepeat = ratios[index - 1]?.label === row.label;
        body.push(ratioBar(row, isRepeat ? '' : texts.labels[row.label], y, scale, texts));
        y += rowHeight;
      });
    }
    parts.push(axis(scale, top, y - 8, texts), ...body);
  }

  if (rows.harm.length > 0) {
    y += headHeight - rowHeight;
    parts.push(text(margin, y, 'head', texts.harm));
    y += 19;
    parts.push(text(margin, y, 'soft small', texts.harmLead));
    y += rowHeight + 4;
    const most = Math.max(...rows.harm.map(({ count }) => count));
    for (const row of rows.harm) {
      parts.push(harmBar(row, y, most, texts));
      y += rowHeight;
    }
  }

  for (const line of footLines(rows, results, texts)) {
    y += 18;
    parts.push(text(margin, y, 'soft small', line));
  }
  const height = y + margin - 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" lang="${texts.language}">`,
    `<title id="title">${escaped(texts.title)}</title>`,
    `<desc id="description">${escaped(description(rows, texts))}</desc>`,
    `<style>${styles(tokens)}</style>`,
    `<rect class="paper rule" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="14"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** How much better ours is: 2 is twice as good, 1 / 2 half as good, whatever is better of the figure. */
function advantageOf(ratio: number, better: RatioRow['better']): number {
  return better === 'more' ? ratio : 1 / ratio;
}

interface Scale {
  ticks: readonly number[];
  /** Where an advantage stands; what is beyond the scale stands at its end. */
  xOf(advantage: number): number;
}

/** From a quarter, at most, to four, at least, each step four times the one before. */
function scaleFor(rows: readonly RatioRow[]): Scale {
  const all = rows.flatMap(({ median, least, most, better, target }) =>
    [median, least, most, ...(target ? [target.bound] : [])].map(
      (each) => Math.log(advantageOf(each, better)) / Math.log(4),
    ),
  );
  const known = all.filter(Number.isFinite);
  const lowest = Math.max(-4, Math.min(-1, ...known.map(Math.floor)));
  const highest = Math.min(6, Math.max(1, ...known.map(Math.ceil)));
  const steps = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
  return {
    ticks: steps.map((step) => 4 ** step),
    xOf(advantage) {
      const step = Math.min(highest, Math.max(lowest, Math.log(advantage) / Math.log(4)));
      const share = (step - lowest) / (highest - lowest);
      return round(plot.left + share * (plot.right - plot.left));
    },
  };
}

function axis({ ticks, xOf }: Scale, top: number, bottom: number, texts: ChartTexts): string {
  const middle = xOf(1);
  return [
    ...ticks.map((tick) => {
      const x = xOf(tick);
      const isOne = tick === 1;
      return `<path class="${isOne ? 'one' : 'rule'}" d="M${x} ${top + 10}V${bottom}"/>${text(x, top + 4, 'soft tiny middle', tickWords(tick))}`;
    }),
    text(middle + 8, top + 22, 'soft tiny', `${texts.ahead} →`),
    text(middle - 8, top + 22, 'soft tiny end', `← ${texts.behind}`),
  ].join('\n');
}

/** `1/4`, `1`, `16`. */
function tickWords(tick: number): string {
  return tick < 1 ? `1/${Math.round(1 / tick)}` : String(tick);
}

function ratioBar(
  row: RatioRow,
  label: string,
  y: number,
  scale: Scale,
  texts: ChartTexts,
): string {
  const { better, target } = row;
  const x = (ratio: number) => scale.xOf(advantageOf(ratio, better));
  const [from, to] = [scale.xOf(1), x(row.median)].sort((one, other) => one - other);
  const [least, most] = [x(row.least), x(row.most)];
  const isAhead = advantageOf(row.median, better) >= 1;
  const middle = y - barHeight / 2;
  const says = row.median < 1 ? texts.partOf : texts.times;
  const words = says(ratioWords(row.median), peerName(row.peer, texts));
  return [
    label && text(margin, y, 'ink', label),
    `<rect class="${isAhead ? 'ahead' : 'behind'}" x="${from}" y="${y - barHeight}" width="${round(Math.max(2, (to ?? 0) - (from ?? 0)))}" height="${barHeight}" rx="2"/>`,
    least === most ? '' : `<path class="spread" d="M${least} ${middle}H${most}"/>`,
    target
      ? `<path class="target" d="M${x(target.bound)} ${y - barHeight - 4}v${barHeight + 8}"/>`
      : '',
    text(plot.right + 14, y, 'ink', words),
  ]
    .filter(Boolean)
    .join('\n');
}

function harmBar({ peer, count }: HarmRow, y: number, most: number, texts: ChartTexts): string {
  const share = most === 0 ? 0 : count / most;
  const length = round(Math.max(2, share * (plot.right - plot.left)));
  const isOurs = peer === undefined;
  return [
    text(margin, y, isOurs ? 'ink strong' : 'ink', isOurs ? texts.ours : peerName(peer, texts)),
    `<rect class="${isOurs ? 'ahead' : 'behind'}" x="${plot.left}" y="${y - barHeight}" width="${length}" height="${barHeight}" rx="2"/>`,
    text(plot.right + 14, y, isOurs ? 'ink strong' : 'ink', count.toLocaleString('en')),
  ].join('\n');
}

function footLines(
  { shown, missing }: ChartRows,
  results: ReadonlyMap<BenchmarkName, Result>,
  texts: ChartTexts,
): string[] {
  const told = shown.flatMap((name) => results.get(name) ?? []);
  const days = [...new Set(told.map(({ at }) => at.slice(0, 10)))].sort();
  const [first, last] = [days[0], days.at(-1)];
  const dates = first === last ? first : `${first} – ${last}`;
  const machines = [...new Set(told.map(({ machine }) => machine))].join('; ');
  return [
    ...(dates ? wrapped(texts.measuredOn(dates, machines)) : []),
    ...(missing.length > 0 ? wrapped(texts.notMeasured(missing.join(', '))) : []),
  ];
}

/** How many characters of the smallest text stand in a line. */
const lineLength = 110;

/** Lines that fit, where there are spaces to break at. */
function wrapped(words: string, most = lineLength): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most)
      lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}

function description({ groups, harm }: ChartRows, texts: ChartTexts): string {
  const spoken = groups.flatMap(({ name, rows }) => [
    `${texts.groups[name]}.`,
    ...rows.map(({ label, peer, median, target }) => {
      const bound = target && (target.isLeast ? texts.atLeast : texts.atMost)(target.bound);
      const words = texts.labels[label];
      return `${texts.spoken(words, ratioWords(median), peerName(peer, texts), bound)}.`;
    }),
  ]);
  const counts = harm.map(
    ({ peer, count }) => `${peer === undefined ? texts.ours : peerName(peer, texts)}: ${count}.`,
  );
  return [...spoken, ...(counts.length > 0 ? [`${texts.harm}.`, ...counts] : [])].join(' ');
}

function peerName(peer: string, texts: ChartTexts): string {
  const [name = peer, settings] = peer.split(':');
  const known = texts.peers[name] ?? name;
  return settings === 'tuned' ? `${known} (${texts.tuned})` : known;
}

/** With as many digits as one reads. */
function ratioWords(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio >= 1 ? ratio.toFixed(1) : ratio.toFixed(2);
}

function styles(tokens: string): string {
  const rules = (theme: 'light' | 'dark') => [
    ...Object.entries(fills).map(
      ([name, token]) => `.${name}{fill:${colourOf(tokens, token)[theme]}}`,
    ),
    ...Object.entries(strokes).map(
      ([name, token]) => `.${name}{stroke:${colourOf(tokens, token)[theme]}}`,
    ),
    `.one{stroke:${colourOf(tokens, 'ink-soft')[theme]}}`,
    `.title,.head,.strong{fill:${colourOf(tokens, 'ink')[theme]}}`,
  ];
  const face =
    'system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';
  return [
    `text{font:14px ${face}}`,
    '.title{font-size:21px;font-weight:650}',
    '.head{font-size:14px;font-weight:650}',
    '.strong{font-weight:650}',
    '.small{font-size:13px}',
    '.tiny{font-size:12px}',
    '.middle{text-anchor:middle}',
    '.end{text-anchor:end}',
    '.spread{stroke-width:1.5}',
    '.target{stroke-width:2;stroke-dasharray:2 2}',
    ...rules('light'),
    `@media(prefers-color-scheme:dark){${rules('dark').join('')}}`,
  ].join('');
}

function text(x: number, y: number, classes: string, words: string): string {
  return `<text class="${classes}" x="${x}" y="${y}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const round = (value: number) => Math.round(value * 10) / 10;
