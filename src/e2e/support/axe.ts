/**
 * What axe-core finds wrong with a page as it stands: every rule of WCAG 2.2 A and AA, and axe's own best
 * practices. It is brought in by the DevTools protocol, so the page's policy against foreign scripts stays.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import * as v from 'valibot';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const results = v.object({
  violations: v.array(
    v.object({
      id: v.string(),
      help: v.string(),
      nodes: v.array(v.object({ html: v.string(), failureSummary: v.optional(v.string()) })),
    }),
  ),
  passes: v.array(v.object({ id: v.string() })),
});

/** Runs in the page, where axe has been put beside it. */
declare const axe: { run(options: object): Promise<AxeResults> };

/** One line for each element at fault, with the rule and what would mend it. Empty if there is none. */
export async function axeFindings(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Runtime.evaluate', { expression: await source });
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `(${runAxe})()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`axe failed: ${JSON.stringify(exceptionDetails)}`);
    const { violations, passes } = v.parse(results, result.value);
    // A page that has not been drawn has nothing wrong with it either.
    if (passes.length === 0) throw new Error('axe found nothing that it could check');
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
  } finally {
    await session.detach();
  }
}

async function runAxe() {
  const { violations, passes } = await axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  });
  return { violations, passes };
}
