/**
 * Whether a path still leads to the file that was opened under it, whole. On Unix an open file can be
 * moved, deleted, replaced or cut off, and whoever has it open writes on without noticing: into a file
 * that nobody will ever find again, or that nobody can read.
 */
import { type BigIntStats, statSync } from 'node:fs';
import { writeAheadLimitBytes } from '../log/sqliteStore';
import type { FilePlace, Place } from '../log/storeService';

interface KnownFile {
  readonly path: string;
  /** What tells it from every other file on this machine. */
  readonly identity: string | undefined;
  /** What it had at least when it was looked at last. */
  sizeBytes: bigint;
}

/**
 * Remembers which files the database at `path` has: itself and its write-ahead log. To find where they are now
 * takes a few µs. Throws if they are not there to begin with.
 */
export function rememberPlace(path: string): FilePlace {
  const database = remember(path);
  const writeAhead = remember(`${path}-wal`);
  if (database.identity === undefined) throw new Error(`${path} is not there`);
  return {
    find() {
      const place = placeOf(database, (seen) => seen);
      if (place !== 'in place') return place;
      // SQLite itself makes a large one shorter, down to the limit.
      const limit = BigInt(writeAheadLimitBytes);
      const ofWriteAhead = placeOf(writeAhead, (seen) => (seen < limit ? seen : limit));
      return ofWriteAhead === 'gone' ? 'replaced' : ofWriteAhead;
    },
    writeAheadEmptied() {
      writeAhead.sizeBytes = 0n;
    },
  };
}

function remember(path: string): KnownFile {
  const stats = statOf(path);
  return { path, identity: stats && identityOf(stats), sizeBytes: stats?.size ?? 0n };
}

function placeOf(file: KnownFile, leastBytes: (seen: bigint) => bigint): Place {
  const stats = statOf(file.path);
  if (!stats) return 'gone';
  if (identityOf(stats) !== file.identity) return 'replaced';
  if (stats.size < leastBytes(file.sizeBytes)) return 'cut off';
  file.sizeBytes = stats.size;
  return 'in place';
}

const identityOf = ({ dev, ino }: BigIntStats) => `${dev} ${ino}`;

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A folder on the way is no folder any more, or may not be entered.
    return undefined;
  }
}
