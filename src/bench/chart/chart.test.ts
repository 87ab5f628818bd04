import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readResults, resultsFolder } from '../support/results';
import { summaryText } from '../support/summary';
import { benchmarkNames } from '../targets';
import { chinese, english } from './chartTexts';
import { drawChart } from './drawChart';

/** `npm run chart` writes what these compare with. */
const tokensFile = new URL('../../components/tokens.css', import.meta.url);

it.each([
  ['bench.svg', english],
  ['bench.zh-CN.svg', chinese],
])('.github/%s is what the committed results give', async (file, texts) => {
  const tokens = await readFile(tokensFile, 'utf8');
  const drawn = drawChart(await readResults(resultsFolder), texts, tokens);
  await expect(drawn).toMatchFileSnapshot(`../../../.github/${file}`);
});

it('the committed table is what the committed results give', async () => {
  const text = summaryText(
    'What the benchmarks last told',
    benchmarkNames,
    await readResults(resultsFolder),
  );
  await expect(text).toMatchFileSnapshot('../results/README.md');
});
