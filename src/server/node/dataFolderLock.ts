/**
 * Keeps a second server out of a data folder: two on one log would not hear each other's messages. The
 * lock is SQLite's own on a small file beside the log, so it ends with the process however that ends,
 * and other programs may read the log all the while.
 */
import { join } from 'node:path';
import type { Database } from '../log/database';
import { openDatabase } from './sqliteDriver';

export const lockFile = 'server.lock';

/** Takes the folder until `close`. Throws if another process still has it after `patienceMs`. */
export function lockDataFolder(dataDir: string, patienceMs: number): Pick<Database, 'close'> {
  const lock = openDatabase(join(dataDir, lockFile));
  try {
    // Never committed, and nothing is written: what counts is the lock.
    lock.exec(`PRAGMA busy_timeout = ${patienceMs}; BEGIN EXCLUSIVE`);
    return lock;
  } catch (error) {
    lock.close();
    if (!/locked|busy/i.test(String(error))) throw error;
    throw new Error('another server has it open', { cause: error });
  }
}
