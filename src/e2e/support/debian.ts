/** Finds commands that tests need, and installs Debian's packages of them where that may be done. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps what only root runs, which is not on everybody's path. */
const adminFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a command; undefined if there is none. */
export function findCommand(command: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...adminFolders];
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/**
 * The path of a command, of a Debian package if it is missing: of its own name, unless told. Throws if it stays
 * missing.
 */
export function findOrInstall(command: string, packageName = command): string {
  const found = findCommand(command);
  if (found) return found;
  if (mayUseApt()) {
    process.stdout.write(`There is no ${command}: installing it. This happens once.\n`);
    install(packageName);
  }
  const installed = findCommand(command);
  if (installed) return installed;
  throw new Error(`${command} is missing and could not be installed: install it`);
}

/** Installs a package. Throws if that fails. */
export function install(name: string): void {
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', name]);
}

export function mayUseApt(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}
