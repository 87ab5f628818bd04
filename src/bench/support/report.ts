/** Prints a benchmark's table, with what is needed to read it, and keeps its figures as JSON. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const resultsFolder = new URL('../../../node_modules/.cache/heartline-bench/', import.meta.url);

const comparedPackages = [
  'react',
  'react-use-websocket',
  'partysocket',
  'socket.io',
  'socket.io-client',
  'centrifuge',
  'ws',
  'vite',
];

export interface Report {
  /** The benchmark's name: that of its file. */
  name: string;
  title: string;
  /** How it was measured, in a sentence or a few. */
  method: string;
  runs: number;
  browser?: string | undefined;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Everything that was measured, run by run. */
  figures: unknown;
}

/** Says how far a benchmark is, in a line. */
export function progress(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

export async function publish(report: Report): Promise<void> {
  const { name, title, method, runs, browser, columns, rows, figures } = report;
  const environment = await describeEnvironment(browser);
  const cells = `${runs === 1 ? '1 run' : `median [min–max] of ${runs} runs`}`;
  const text = [
    '',
    `## ${title}`,
    '',
    `${environment.join('; ')}. ${cells}.`,
    method,
    '',
    ...tableLines(columns, rows),
    '',
    '',
  ].join('\n');
  process.stdout.write(text);
  await mkdir(resultsFolder, { recursive: true });
  const file = new URL(`${name}.json`, resultsFolder);
  const json = { name, at: new Date().toISOString(), environment, method, runs, figures };
  await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(new URL(`${name}.md`, resultsFolder), text);
  progress(`figures: ${fileURLToPath(file)}`);
}

/** `5`, `5 [4–6]`, `never` for Infinity, `-` for nothing; with as many digits as asked for. */
export function spread(values: readonly number[], digits = 0): string {
  const show = (value: number | undefined) =>
    value === undefined || value === Number.POSITIVE_INFINITY ? 'never' : value.toFixed(digits);
  if (values.length === 0) return '-';
  const sorted = [...values].sort((one, other) => one - other);
  const [lowest, highest] = [show(sorted[0]), show(sorted.at(-1))];
  const middle = show(median(values));
  return lowest === highest ? middle : `${middle} [${lowest}–${highest}]`;
}

/** The upper one of the two in the middle where the count is even. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

async function describeEnvironment(browser: string | undefined): Promise<string[]> {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const versions = await Promise.all(comparedPackages.map(versionOf));
  return [
    `${cpus().length} x ${cpu?.model.trim()}, ${memory}, ${process.platform} ${release()}`,
    `Node ${process.versions.node}`,
    ...(browser ? [`Chromium ${browser}`] : []),
    comparedPackages.map((name, index) => `${name} ${versions[index]}`).join(', '),
  ];
}

async function versionOf(name: string): Promise<string> {
  const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  return String(JSON.parse(await readFile(file, 'utf8')).version);
}

function tableLines(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
