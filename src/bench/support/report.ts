/** Prints a benchmark's table, with what is needed to read it, and keeps its figures as JSON. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import type { BenchmarkName } from '../targets';
import { cacheFolder } from './cacheFolder';
import { type Comparison, type Result, resultsFolder, writeResult } from './results';
import { tableLines } from './tables';

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
  /** That of its file. */
  name: BenchmarkName;
  title: string;
  /** How it was measured, in a sentence or a few. */
  method: string;
  runs: number;
  browser?: string | undefined;
  /** What is compared, with versions; without it, the packages of the page. */
  compared?: readonly string[];
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** What stands in the one table of all benchmarks. */
  comparisons: readonly Comparison[];
  /** Everything that was measured, run by run. */
  figures: unknown;
}

/** Says how far a benchmark is, in a line. */
export function progress(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

/**
 * Prints the report and keeps it in the cache; with `BENCH_KEEP=1` also what stands in the one table, among the
 * results that are committed.
 */
export async function publish(report: Report): Promise<void> {
  const { title, method, runs, columns, rows, figures } = report;
  const result = await resultOf(report);
  const { machine, node, browser, compared } = result;
  const environment = [
    machine,
    `Node ${node}`,
    ...(browser ? [`Chromium ${browser}`] : []),
    ...(compared.length > 0 ? [compared.join(', ')] : []),
  ];
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
  progress(`figures: ${await writeResult(cacheFolder, { ...result, figures })}`);
  await writeFile(new URL(`${result.name}.md`, cacheFolder), text);
  if (isKept) progress(`kept: ${await writeResult(resultsFolder, result)}`);
}

async function resultOf(report: Report): Promise<Result> {
  const { name, browser, compared, method, runs, comparisons } = report;
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    name,
    at: new Date().toISOString(),
    machine: `${cpus().length} x ${cpu?.model.trim()}, ${memory}, ${process.platform} ${release()}`,
    node: process.versions.node,
    ...(browser !== undefined && { browser }),
    compared: [...(compared ?? (await Promise.all(comparedPackages.map(withVersion))))],
    method,
    runs,
    settings: settingsOf(process.env),
    comparisons: [...comparisons],
  };
}

const keepSetting = 'BENCH_KEEP';
const isKept = process.env[keepSetting] === '1';

/** What a benchmark was told to do otherwise than usual. */
function settingsOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      key.startsWith('BENCH_') && key !== keepSetting && value !== undefined ? [[key, value]] : [],
    ),
  );
}

/** `ws 8.23.0`: an installed package. */
export async function withVersion(name: string): Promise<string> {
  const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(await readFile(file, 'utf8')).version}`;
}
