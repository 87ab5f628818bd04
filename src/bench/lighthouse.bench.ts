/** Benchmark `lighthouse`: what Lighthouse says of the built page, on its phone profile. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { inject, it } from 'vitest';
import { startServer } from '../e2e/support/serverProcess';
import { cacheFolder } from './support/cacheFolder';
import { alone } from './support/comparisons';
import { installInto } from './support/installInto';
import { publish } from './support/report';
import { spread } from './support/tables';
import { figureNames, lighthousePages } from './targets';

/** The last line that runs on Node 20. */
const version = '12.8.2';

const runs = Number(process.env.BENCH_RUNS ?? 3);

/** Now and then it cannot record what the browser does, and gives no figures at all. */
const mostTries = 3;

const categories = ['performance', 'accessibility', 'best-practices'] as const;
type Category = (typeof categories)[number];
const timings = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
] as const;

const score = v.object({ score: v.nullable(v.number()) });
const timing = v.object({ numericValue: v.number() });
const result = v.object({
  categories: v.object({ performance: score, accessibility: score, 'best-practices': score }),
  audits: v.looseObject({
    'first-contentful-paint': timing,
    'largest-contentful-paint': timing,
    'total-blocking-time': timing,
  }),
});

it('asks Lighthouse', async () => {
  const folder = new URL(`lighthouse-${version}/`, cacheFolder);
  const entry = fileURLToPath(new URL('node_modules/lighthouse/cli/index.js', folder));
  if (!existsSync(entry)) await installInto(folder, `lighthouse@${version}`);
  const server = await startServer();
  const rows = Object.entries(lighthousePages).map(([page, query]) => ({
    page,
    results: Array.from({ length: runs }, () => audit(entry, `${server.url}${query}`)),
  }));
  await publish({
    name: 'lighthouse',
    title: 'The built page, as Lighthouse sees it',
    method:
      'Its phone profile: a slow phone (processor at a quarter of this one) and 1.6 Mbit/s with 150 ms, both ' +
      'simulated. Scores of 100.',
    runs,
    compared: [`lighthouse ${version}`],
    columns: ['page', ...categories, 'FCP ms', 'LCP ms', 'TBT ms'],
    rows: rows.map(({ page, results }) => [
      page,
      ...categories.map((name) => spread(results.map((each) => scoreOf(each, name)))),
      ...timings.map((name) => spread(results.map((each) => each.audits[name].numericValue))),
    ]),
    comparisons: rows.flatMap(({ page, results }) =>
      categories.flatMap((name) =>
        alone(
          { what: figureNames.score(name, page), unit: '', better: 'more' },
          results.map((each) => scoreOf(each, name)),
        ),
      ),
    ),
    figures: rows,
  });
});

/** Of 100; 0 where it gave none. */
function scoreOf({ categories: scores }: v.InferOutput<typeof result>, name: Category): number {
  return Math.round(100 * (scores[name].score ?? 0));
}

function audit(entry: string, url: string): v.InferOutput<typeof result> {
  const flags = [
    '--output=json',
    '--quiet',
    '--no-enable-error-reporting',
    `--only-categories=${categories.join()}`,
    '--chrome-flags=--headless=new --no-sandbox',
  ];
  for (let tries = mostTries; ; tries -= 1) {
    try {
      const json = execFileSync(process.execPath, [entry, url, ...flags], {
        env: { ...process.env, CHROME_PATH: inject('chromiumPath') },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return v.parse(result, JSON.parse(json));
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
