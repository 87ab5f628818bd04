/**
 * Copies of a data folder, and data folders out of copies. A backup is a folder of plain files: every
 * SQLite database of the data folder as SQLite itself copies it, consistent even while a server writes,
 * and every other file as it is; what people have sent stands under `files`. It appears under its name only once
 * it is whole and on the disk.
 */
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { reasonOf } from '../log/reasonOf';
import { readEpoch } from '../log/sqliteSchema';
import { lockDataFolder, lockFile } from './dataFolderLock';
import { codeOf } from './errorCode';
import { filesFolder } from './folderBlobs';
import { booksFile, bytesFolder } from './folderBooks';
import { makeFolder, syncFolder } from './makeFolder';
import { searchFile } from './openSearch';
import { openExistingDatabase } from './sqliteDriver';

/** Why there is no backup, or why nothing was restored, in one line. */
export class BackupError extends Error {
  override name = 'BackupError';
}

const logFile = 'log.sqlite';

/** What a database may wait for a writer, in ms. */
const patienceMs = 5_000;

/**
 * Backs the data folder up into a new folder `to`, with the files in `filesDir`. A server may run on it. Rejects
 * with a BackupError, and leaves nothing behind, if that fails.
 */
export async function backUp(
  dataDir: string,
  to: string,
  filesDir = join(dataDir, filesFolder),
): Promise<void> {
  await requireLog(dataDir, 'data folder');
  if (await exists(to)) throw new BackupError(`"${to}" exists already: nothing is overwritten`);
  if (!relative(resolve(dataDir), resolve(to)).startsWith('..')) {
    throw new BackupError(`"${to}" lies in the data folder: choose a place outside`);
  }
  const failed = `"${dataDir}" could not be backed up to "${to}"`;
  await inStaging(to, failed, async (staging) => {
    for (const name of await filesIn(dataDir)) {
      const [from, copy] = [join(dataDir, name), join(staging, name)];
      if (name.endsWith('.sqlite')) copyDatabase(from, copy);
      else if (!isSideFile(name)) await copyFile(from, copy);
    }
    // What a message in the log holds was there before it.
    if (await exists(join(filesDir, booksFile))) {
      const copy = join(staging, filesFolder);
      await mkdir(copy, { mode: 0o700 });
      copyDatabase(join(filesDir, booksFile), join(copy, booksFile));
      doubtAll(join(copy, booksFile));
      await copyBytes(filesDir, copy);
    }
    await finish(staging);
    await rename(staging, to);
  });
}

/**
 * Makes a data folder out of a backup. `dataDir` must be empty, or not be there, and so must `filesDir`, where the
 * files go to if not into it. Every database is checked before it is put in place. Rejects with a BackupError, and
 * leaves `dataDir` as it was, if that fails.
 */
export async function restore(dataDir: string, from: string, filesDir?: string): Promise<void> {
  await requireLog(from, 'backup');
  const isNew = !(await exists(dataDir));
  if (!isNew) await requireEmpty(dataDir);
  const failed = `"${from}" could not be restored to "${dataDir}"`;
  const hasFiles = await exists(join(from, filesFolder, booksFile));
  if (hasFiles && filesDir !== undefined) await restoreFiles(filesDir, from);
  // A folder that is there may be one that cannot be renamed, as a mounted one.
  await inStaging(isNew ? dataDir : join(dataDir, 'restore'), failed, async (staging) => {
    // What was copied by hand after a crash may have a write-ahead log, and not all without it.
    for (const name of await filesIn(from)) {
      if (!isDiscarded(name)) await copyFile(join(from, name), join(staging, name));
    }
    if (hasFiles && filesDir === undefined) {
      const copy = join(staging, filesFolder);
      await mkdir(copy, { mode: 0o700 });
      await copyFiles(join(from, filesFolder), copy);
    }
    const files = await readdir(staging);
    for (const name of files) if (name.endsWith('.sqlite')) checkDatabase(join(staging, name));
    await finish(staging);
    if (isNew) return rename(staging, dataDir);
    // The log comes last: whoever finds it finds everything.
    for (const name of logLast(await readdir(staging))) {
      await rename(join(staging, name), join(dataDir, name));
    }
    await rmdir(staging);
    await syncFolder(dataDir);
  });
}

/** Puts the files of a backup elsewhere than into the data folder. */
async function restoreFiles(filesDir: string, from: string): Promise<void> {
  const isNew = !(await exists(filesDir));
  if (!isNew) await requireEmpty(filesDir);
  const failed = `the files in "${from}" could not be restored to "${filesDir}"`;
  await inStaging(isNew ? filesDir : join(filesDir, 'restore'), failed, async (staging) => {
    await copyFiles(join(from, filesFolder), staging);
    await finish(staging);
    if (isNew) return rename(staging, filesDir);
    for (const name of await readdir(staging)) {
      await rename(join(staging, name), join(filesDir, name));
    }
    await rmdir(staging);
    await syncFolder(filesDir);
  });
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of await filesIn(from)) {
    if (!isDiscarded(name)) await copyFile(join(from, name), join(to, name));
  }
  checkDatabase(join(to, booksFile));
  await copyBytes(from, to);
}

/** Whole files; what is on its way begins anew. */
async function copyBytes(from: string, to: string): Promise<void> {
  const bytes = join(from, bytesFolder);
  await mkdir(join(to, bytesFolder), { mode: 0o700 });
  for (const folder of await readdir(bytes)) {
    await mkdir(join(to, bytesFolder, folder), { mode: 0o700 });
    for (const name of await readdir(join(bytes, folder))) {
      const copy = join(to, bytesFolder, folder, name);
      await copyFile(join(bytes, folder, name), copy).catch(unlessGone);
    }
  }
}

/** Its message was deleted meanwhile. */
function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** The copy of the log is older than that of the books: whether it has each message that holds a file is found out. */
function doubtAll(path: string): void {
  const database = openExistingDatabase(path);
  try {
    database.exec('UPDATE holds SET doubted_at = 0');
  } finally {
    database.close();
  }
}

/** Works in a new folder beside `path`, of which nothing is left if it fails. */
async function inStaging(path: string, failed: string, work: (staging: string) => Promise<void>) {
  const staging = `${resolve(path)}.partial-${randomBytes(4).toString('hex')}`;
  try {
    await makeFolder(dirname(staging));
    await mkdir(staging, { mode: 0o700 });
    await work(staging);
    await syncFolder(dirname(staging));
  } catch (error) {
    // What could not be made cannot be removed either.
    await rm(staging, { recursive: true, force: true }).catch(() => {});
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${failed}: ${reasonOf(error)}`);
  }
}

function copyDatabase(from: string, to: string): void {
  const database = openExistingDatabase(from);
  try {
    database.exec(`PRAGMA busy_timeout = ${patienceMs}`);
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
  checkDatabase(to);
}

const integrityRow = v.object({ integrity_check: v.string() });

/** Throws unless SQLite finds the database sound. Takes a write-ahead log over into it. */
function checkDatabase(path: string): void {
  const database = openExistingDatabase(path);
  try {
    const row = v.parse(integrityRow, database.prepare('PRAGMA integrity_check').get());
    if (row.integrity_check !== 'ok') throw new Error(row.integrity_check);
    if (path.endsWith(logFile)) readEpoch(database);
    database.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    const why = reasonOf(error);
    throw new Error(`the copy of ${path} is damaged: ${why}`, { cause: error });
  } finally {
    database.close();
  }
}

/** For its owner's eyes only, and on the disk. */
async function finish(staging: string): Promise<void> {
  for (const entry of await readdir(staging, { withFileTypes: true })) {
    const path = join(staging, entry.name);
    if (entry.isDirectory()) {
      await finish(path);
      continue;
    }
    await chmod(path, 0o600);
    const file = await open(path, 'r+');
    await file.sync();
    await file.close();
  }
  await syncFolder(staging);
}

async function requireLog(folder: string, what: string): Promise<void> {
  if (!(await exists(folder))) throw new BackupError(`there is no ${what} "${folder}"`);
  if (await exists(join(folder, logFile))) return;
  throw new BackupError(`"${folder}" is no ${what}: there is no ${logFile} in it`);
}

async function requireEmpty(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch(() => undefined);
  if (names === undefined) throw new BackupError(`"${dataDir}" is no folder`);
  if (names.length === 0) return;
  if (names.includes(lockFile) && isServed(dataDir)) {
    throw new BackupError(`a server runs on "${dataDir}": stop it, and restore to a new folder`);
  }
  throw new BackupError(`"${dataDir}" is not empty: restore to a new folder`);
}

function isServed(dataDir: string): boolean {
  try {
    lockDataFolder(dataDir, 0).close();
    return false;
  } catch {
    return true;
  }
}

/** The log first: what it names was there before it. What can be made out of the log stays away. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(searchFile));
  return logLast(files.map(({ name }) => name)).reverse();
}

const logLast = (names: readonly string[]) =>
  [...names].sort((a, b) => Number(a === logFile) - Number(b === logFile));

/** What SQLite keeps beside a database while it is open. */
const isSideFile = (name: string) => /-(wal|journal)$/.test(name) || isDiscarded(name);
const isDiscarded = (name: string) => name.endsWith('-shm') || name === lockFile;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
