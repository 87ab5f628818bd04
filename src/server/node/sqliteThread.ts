/** Starts the thread that owns the message log's file. */
import type { SqliteThread } from '../log/threadCalls';
import { startThread } from './startThread';

/**
 * Resolves once the log at `path` is open; only with `mayMake` is one made there if there is none.
 * Rejects with the reason if it cannot be opened.
 */
export const startSqliteThread = (path: string, mayMake: boolean): Promise<SqliteThread> =>
  startThread(new URL('./sqliteWorker.js', import.meta.url), { path, mayMake });
