/** Builds the load generator with the machine's C compiler, and installs one where there is none. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder';

const sources = fileURLToPath(new URL('../load/', import.meta.url));

/** Builds the load generator anew, which takes a second, and gives its path. */
export async function buildLoadGenerator(): Promise<string> {
  if (process.platform !== 'linux') {
    throw new Error(`the server benchmarks need Linux (epoll, /proc), not ${process.platform}`);
  }
  await mkdir(cacheFolder, { recursive: true });
  const built = fileURLToPath(new URL('load', cacheFolder));
  const files = (await readdir(sources)).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', built];
  execFileSync(findOrInstallCompiler(), [...flags, ...files], { cwd: sources, stdio: 'inherit' });
  return built;
}

function findOrInstallCompiler(): string {
  const found = findCompiler();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('No C compiler was found: installing one. This happens once.\n');
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', 'gcc', 'libc6-dev');
  }
  const installed = findCompiler();
  if (installed) return installed;
  throw new Error('The load generator needs a C compiler: install one that is called cc or gcc.');
}

function findCompiler(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['cc', 'gcc', 'clang']
    .flatMap((command) => folders.map((folder) => join(folder, command)))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}
