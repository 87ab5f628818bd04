import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Installs a package for one benchmark only, beside the project's own and unknown to them. */
export async function installInto(folder: URL, what: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // With a manifest there, npm looks no further up for a project to install into.
  await writeFile(new URL('package.json', folder), '{"private":true}\n');
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...flags, '--prefix', fileURLToPath(folder), what], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
