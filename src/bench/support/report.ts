/** Prints a benchmark's table, with what is needed to read it, and keeps its figures as JSON. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder';

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
  /** What is compared, with versions; without it, the packages of the page. */
  compared?: readonly string[];
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
  const { name, title, method, runs, columns, rows, figures } = report;
  const environment = await describeEnvironment(report);
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
  await mkdir(cacheFolder, { recursive: true });
  const file = new URL(`${name}.json`, cacheFolder);
  const json = { name, at: new Date().toISOString(), environment, method, runs, figures };
  await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(new URL(`${name}.md`, cacheFolder), text);
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

async function describeEnvironment({ browser, compared }: Report): Promise<string[]> {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const packages = compared ?? (await Promise.all(comparedPackages.map(withVersion)));
  return [
    `${cpus().length} x ${cpu?.model.trim()}, ${memory}, ${process.platform} ${release()}`,
    `Node ${process.versions.node}`,
    ...(browser ? [`Chromium ${browser}`] : []),
    packages.join(', '),
  ];
}

/** `ws 8.23.0`: an installed package. */
export async function withVersion(name: string): Promise<string> {
  const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(await readFile(file, 'utf8')).version}`;
}

function tableLines(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
