/**
 * What a benchmark leaves behind: its figures, each run by run and beside those of a peer in the same run, with
 * the machine and the way that they were measured. Kept as JSON, one file a benchmark, and checked when read.
 */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type BenchmarkName, benchmarkNames } from '../targets';

/** The figures of the last full run, which are committed. */
export const resultsFolder = new URL('../results/', import.meta.url);

/** JSON knows no Infinity: what never came to be is null there. */
const figure = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.POSITIVE_INFINITY),
);

/** One for each run, in their order. */
const figures = v.pipe(v.array(figure), v.minLength(1));

const comparison = v.object({
  /** What was measured; with the peer's name it is unique within a benchmark. */
  what: v.pipe(v.string(), v.nonEmpty()),
  /** Of ours and the peer's; empty for a plain count. */
  unit: v.string(),
  better: v.picklist(['more', 'less']),
  ours: figures,
  /** Without one, the figure stands by itself. */
  peer: v.optional(v.object({ name: v.pipe(v.string(), v.nonEmpty()), figures })),
});

export const result = v.object({
  name: v.picklist(benchmarkNames),
  /** When it ended, in ISO 8601. */
  at: v.pipe(v.string(), v.isoTimestamp()),
  machine: v.string(),
  node: v.string(),
  browser: v.optional(v.string()),
  /** What was compared, with versions. */
  compared: v.array(v.string()),
  method: v.string(),
  runs: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** By which it was told to measure less, or more, than usual. */
  settings: v.record(v.string(), v.string()),
  comparisons: v.pipe(
    v.array(comparison),
    v.check((all) => new Set(all.map(keyOf)).size === all.length, 'a comparison is there twice'),
  ),
});

export type Comparison = v.InferOutput<typeof comparison>;
export type Result = v.InferOutput<typeof result>;

/** What tells the comparisons of a benchmark, and its targets, apart. */
export function keyOf({
  what,
  peer,
}: {
  what: string;
  peer?: { name: string } | string | undefined;
}): string {
  return JSON.stringify([what, typeof peer === 'string' ? peer : peer?.name]);
}

/** Throws an Error that names `source` and what in it is wrong. */
export function parseResult(json: string, source: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${source} is no JSON`, { cause });
  }
  const parsed = v.safeParse(result, value);
  if (parsed.success) return parsed.output;
  const wrong = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'all'}: ${issue.message}`);
  throw new Error(`${source} is no result of a benchmark: ${wrong.join('; ')}`);
}

/**
 * The JSON of a result, and of whatever stands beside it: each row of numbers on a line. Throws an Error where a
 * figure is none.
 */
export function resultJson(value: Result & { figures?: unknown }): string {
  const json = JSON.stringify({ ...value, ...v.parse(result, value) }, rounded, 2);
  return `${json.replace(numbersApart, (row) => row.replace(/\s+/g, ' ').replace(/\[ | \]/g, (end) => end.trim()))}\n`;
}

/** Six digits tell more than any of these clocks knows. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}

const numbersApart = /\[\s+(?:(?:-?[\d.e+-]+|null),?\s+)+\]/g;

/** All that are in the folder, by name. Throws an Error where a file is none, or another's. */
export async function readResults(folder: URL): Promise<Map<BenchmarkName, Result>> {
  const files = await readdir(folder);
  const results = new Map<BenchmarkName, Result>();
  for (const file of files.filter((each) => extname(each) === '.json')) {
    const path = fileURLToPath(new URL(file, folder));
    const read = parseResult(await readFile(path, 'utf8'), path);
    if (read.name !== basename(file, '.json')) throw new Error(`${path} names "${read.name}"`);
    results.set(read.name, read);
  }
  return results;
}

/** Those of these benchmarks that were written at `sinceMs` (ms since 1970) or later. */
export async function readResultsSince(
  folder: URL,
  names: readonly BenchmarkName[],
  sinceMs: number,
): Promise<Map<BenchmarkName, Result>> {
  const results = new Map<BenchmarkName, Result>();
  for (const name of names) {
    const path = fileURLToPath(new URL(`${name}.json`, folder));
    const written = await stat(path).catch(() => undefined);
    // An older one is not even read: it may be of an older form.
    if (!written || written.mtimeMs < sinceMs) continue;
    results.set(name, parseResult(await readFile(path, 'utf8'), path));
  }
  return results;
}

/** Puts it into the folder, in place of an older one of the same benchmark; gives the file's path. */
export async function writeResult(
  folder: URL,
  value: Result & { figures?: unknown },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = new URL(`${value.name}.json`, folder);
  await writeFile(file, resultJson(value));
  return fileURLToPath(file);
}
