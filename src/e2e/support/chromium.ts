/**
 * Finds a Chromium for the end-to-end tests, and installs one where there is none: Debian's package
 * where that may be installed, else Playwright's own build.
 */
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { install, isExecutable, mayUseApt } from './debian';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium's executable. Throws if there is none and none could be installed. */
export function findOrInstallChromium(): string {
  const found = findChromium();
  if (found) return found;
  process.stdout.write('No Chrome or Chromium was found: installing one. This happens once.\n');
  if (mayUseApt()) install('chromium');
  else execFileSync('npx', ['playwright-core', 'install', 'chromium'], { stdio: 'inherit' });
  const installed = findChromium();
  if (installed) return installed;
  throw new Error('Chromium could not be installed. Install it, or name one in CHROMIUM_PATH.');
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM_PATH=${named} cannot be run`);
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  const candidates = [...onPath, ...applications, chromium.executablePath()];
  return named ?? candidates.find(isExecutable);
}
