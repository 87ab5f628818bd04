/**
 * Prints the one table of all benchmarks once they have run: the rows of those that were asked for, with what
 * they measured in this very run.
 */
import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { benchmarkNames } from '../targets';
import { cacheFolder } from './cacheFolder';
import { readResultsSince } from './results';
import { summaryText } from './summary';

export default class TableReporter implements Reporter {
  #startedAt = Date.now();

  onTestRunStart(): void {
    this.#startedAt = Date.now();
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const files = new Set(modules.map(({ moduleId }) => basename(moduleId, '.bench.ts')));
    const asked = benchmarkNames.filter((name) => files.has(name));
    const results = await readResultsSince(cacheFolder, asked, this.#startedAt);
    process.stdout.write(`\n${summaryText('Heartline beside its peers', asked, results)}\n`);
  }
}
