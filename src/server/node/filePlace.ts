/**
 * Whether a path still leads to the file that was opened under it. On Unix an open file can be moved,
 * deleted or replaced, and whoever has it open writes on without noticing: into a file that nobody will
 * ever find again.
 */
import { type BigIntStats, statSync } from 'node:fs';
import type { Place } from '../log/storeService';

/**
 * Remembers which files the database at `path` has: itself and its write-ahead log. The function tells
 * where they are now; it takes a few µs.
 */
export function rememberPlace(path: string): () => Place {
  const files = [path, `${path}-wal`];
  const [database, writeAhead] = files.map(identityOf);
  if (database === undefined) throw new Error(`${path} is not there`);
  return () => {
    const [databaseNow, writeAheadNow] = files.map(identityOf);
    if (databaseNow === undefined) return 'gone';
    return databaseNow === database && writeAheadNow === writeAhead ? 'in place' : 'replaced';
  };
}

/** What tells one file from every other on this machine; undefined if there is none. */
function identityOf(path: string): string | undefined {
  const stats = statOf(path);
  return stats && `${stats.dev} ${stats.ino}`;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A folder on the way is no folder any more, or may not be entered.
    return undefined;
  }
}
