/**
 * What is used of a SQLite driver, and transactions on it. `DatabaseSync` of `node:sqlite` and of
 * `@photostructure/sqlite` both fit.
 */

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  get(...values: SqlValue[]): unknown;
  /** `changes`: how many rows it inserted, updated or deleted. */
  run(...values: SqlValue[]): { changes: number | bigint };
  iterate(...values: SqlValue[]): Iterable<unknown>;
}

export type SqlValue = string | number | Uint8Array | null;

/**
 * Closes it, with what is in its write-ahead log taken over into its file. Closing would do that too, but not while
 * somebody else reads, and a driver may let go of the file later than the process ends.
 */
export function closeWhole(database: Database): void {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // A full disk, say: what stays in the write-ahead log is found there at the next start.
  }
  database.close();
}

/** Does all of `work` or, if it throws, nothing of it. */
export function inTransaction<Result>(database: Database, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself on some errors, a full disk among them.
  }
}
