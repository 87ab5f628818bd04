/** Finds a Firefox for the end-to-end tests, and installs Debian's where there is none and that may be done. */
import { findCommand, findOrInstall, isExecutable } from './debian';

const commands = ['firefox-esr', 'firefox'];
const applications = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** The path of a Firefox's executable. Throws if there is none and none could be installed. */
export function findOrInstallFirefox(): string {
  const named = process.env.FIREFOX_PATH;
  if (named && !isExecutable(named)) throw new Error(`FIREFOX_PATH=${named} cannot be run`);
  const found = named ?? commands.map(findCommand).find(Boolean) ?? applications.find(isExecutable);
  if (found) return found;
  try {
    return findOrInstall('firefox-esr');
  } catch (cause) {
    const told = 'Firefox could not be installed. Install it, or name one in FIREFOX_PATH.';
    throw new Error(told, { cause });
  }
}
