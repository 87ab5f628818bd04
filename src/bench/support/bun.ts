/**
 * Bun, for its column in the server benchmarks only: installed from npm when it is first needed, beside
 * the project's own packages and unknown to them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder';
import { installInto } from './installInto';
import { progress } from './report';

const version = '1.4.5';

/** By `process.arch`; the second one is for processors without AVX2. */
const packagesFor: Partial<Record<string, readonly string[]>> = {
  x64: ['@oven/bun-linux-x64', '@oven/bun-linux-x64-baseline'],
  arm64: ['@oven/bun-linux-aarch64'],
};

/** The path of a Bun that runs here, or undefined where none can be had. */
export async function findOrInstallBun(): Promise<string | undefined> {
  for (const name of packagesFor[process.arch] ?? []) {
    const folder = new URL(`bun-${version}/`, cacheFolder);
    const path = fileURLToPath(new URL(`node_modules/${name}/bin/bun`, folder));
    try {
      if (!existsSync(path)) await installInto(folder, `${name}@${version}`);
      if (execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() === version) return path;
    } catch (error) {
      progress(`Bun cannot be had as ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  progress(`Without Bun ${version} for ${process.platform} ${process.arch} its rows are left out.`);
  return undefined;
}

export const bunName = `Bun ${version}`;
