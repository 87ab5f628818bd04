/**
 * SQLite for this Node: its own `node:sqlite` where it has one, else `@photostructure/sqlite`, which
 * has the same API and comes prebuilt.
 */
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Database } from '../log/database';

const require = createRequire(import.meta.url);

/** Opens the database file, making it if it is missing. Throws with the reason if that fails. */
export function openDatabase(path: string): Database {
  const { DatabaseSync } = loadDriver();
  return new DatabaseSync(path);
}

/**
 * Opens the database file; `readOnly`, so that nothing can be written by it. Throws with the reason if that
 * fails, or if there is none.
 */
export function openExistingDatabase(path: string, options: OpenOptions = {}): Database {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`there is no ${path}`);
  const { DatabaseSync } = loadDriver();
  return new DatabaseSync(path, options);
}

interface OpenOptions {
  readOnly?: boolean;
}

interface Driver {
  DatabaseSync: new (path: string, options?: OpenOptions) => Database;
}

function loadDriver(): Driver {
  for (const name of ['node:sqlite', '@photostructure/sqlite']) {
    try {
      return withoutExperimentalWarning(() => require(name));
    } catch {
      // Not in this Node, or not installed: the next one.
    }
  }
  throw new Error(
    'there is no SQLite for this Node: use Node 22.13 or later, or install @photostructure/sqlite',
  );
}

/** Node warns that its SQLite is experimental; who starts a chat need not read that. */
function withoutExperimentalWarning<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
