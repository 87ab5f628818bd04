import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  parseResult,
  type Result,
  readResults,
  readResultsSince,
  resultJson,
  resultsFolder,
  writeResult,
} from './results';

const result: Result = {
  name: 'notice',
  at: '2026-11-26T12:00:00.000Z',
  machine: '2 x Some CPU',
  node: '20.19.0',
  compared: [],
  method: 'A page stands still.',
  runs: 2,
  settings: {},
  comparisons: [
    {
      ...{ what: 'until it notices', unit: 'ms', better: 'less' },
      ours: [1.23456789, 4_927],
      peer: { name: 'another', figures: [Number.POSITIVE_INFINITY, 0] },
    },
  ],
};

async function temporaryFolder(): Promise<URL> {
  const path = await mkdtemp(join(tmpdir(), 'heartline-results-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return pathToFileURL(`${path}/`);
}

describe('a result as JSON', () => {
  it('comes back as it was, never included, but for digits that say nothing', () => {
    const [comparison] = result.comparisons;
    const read = parseResult(resultJson(result), 'it');
    expect(read).toEqual({ ...result, comparisons: [{ ...comparison, ours: [1.23457, 4_927] }] });
  });

  it('has the figures of all runs on one line', () => {
    expect(resultJson(result)).toContain('"ours": [1.23457, 4927],');
    expect(resultJson(result)).toContain('"figures": [null, 0]');
  });

  it('keeps what stands beside it', () => {
    const json = resultJson({ ...result, figures: { boundMs: 7_000 } });
    expect(JSON.parse(json)).toMatchObject({ figures: { boundMs: 7_000 } });
  });

  it('is refused with a figure that is none', () => {
    const comparisons = result.comparisons.map((each) => ({ ...each, ours: [Number.NaN] }));
    expect(() => resultJson({ ...result, comparisons })).toThrow('NaN');
  });
});

describe('what is read as a result', () => {
  it.each([
    ['no JSON', '{', 'r.json is no JSON'],
    ['another benchmark', resultJson(result).replace('notice', 'noise'), 'name'],
    ['no figures', resultJson(result).replace('[1.23457, 4927]', '[]'), 'comparisons.0.ours'],
    ['words for figures', resultJson(result).replace('4927', '"many"'), 'comparisons.0.ours.1'],
    ['no date', resultJson(result).replace('2026-11-26T', 'yesterday'), 'at'],
  ])('is refused with its place where it has %s', (_, json, words) => {
    expect(() => parseResult(json, 'r.json')).toThrow('r.json');
    expect(() => parseResult(json, 'r.json')).toThrow(words);
  });

  it('is refused where it compares the same with the same twice', () => {
    const twice = JSON.stringify({
      ...JSON.parse(resultJson(result)),
      comparisons: [
        ...JSON.parse(resultJson(result)).comparisons,
        ...JSON.parse(resultJson(result)).comparisons,
      ],
    });
    expect(() => parseResult(twice, 'r.json')).toThrow('twice');
  });
});

describe('a folder of results', () => {
  it('gives back what was written, by name', async () => {
    const folder = await temporaryFolder();
    await writeResult(folder, result);
    expect([...(await readResults(folder)).keys()]).toEqual(['notice']);
  });

  it('refuses a file that is called as another benchmark', async () => {
    const folder = await temporaryFolder();
    await writeFile(new URL('size.json', folder), resultJson(result));
    await expect(readResults(folder)).rejects.toThrow('names "notice"');
  });

  it('tells what a run left from what was there before it', async () => {
    const folder = await temporaryFolder();
    const path = await writeResult(folder, result);
    const before = Date.now() - 1_000;
    expect([...(await readResultsSince(folder, ['notice', 'size'], before)).keys()]).toEqual([
      'notice',
    ]);
    await utimes(path, 1, 1);
    expect((await readResultsSince(folder, ['notice'], before)).size).toBe(0);
  });
});

describe('the results that are committed', () => {
  it('parse, and each is of the benchmark that its file is named after', async () => {
    await expect(readResults(resultsFolder)).resolves.toBeInstanceOf(Map);
  });
});
