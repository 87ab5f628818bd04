/** The thread that owns the message log's file, and waits for the disk so that nobody else has to. */
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { openSqliteStore } from '../log/sqliteStore';
import { serveSqliteStore } from '../log/storeService';
import { lockDataFolder } from './dataFolderLock';
import { rememberPlace } from './filePlace';
import { randomId } from './randomId';
import { openDatabase, openExistingDatabase } from './sqliteDriver';

/** Long enough, in ms, for a server that is just ending to be gone. */
const patienceMs = 2_000;

const { path, mayMake } = v.parse(v.object({ path: v.string(), mayMake: v.boolean() }), workerData);
const database = mayMake ? openDatabase(path) : openExistingDatabase(path);
const lock = lockDataFolder(dirname(path), patienceMs);
database.exec(`PRAGMA busy_timeout = ${patienceMs}`);
const store = openSqliteStore(database, mayMake ? randomId() : undefined);
// The log was lost, and who knows what was done to it since.
if (!mayMake) store.verify();
const port = parentPort;
if (port) {
  serveSqliteStore({
    store,
    channel: {
      post: (message) => port.postMessage(message),
      onMessage: (receive) => void port.on('message', receive),
    },
    files: rememberPlace(path),
    now: () => performance.now(),
    after: (delayMs, callback) => void setTimeout(callback, delayMs).unref(),
    end(reason) {
      lock.close();
      // Nothing else keeps the thread.
      port.close();
      if (reason !== undefined) throw new Error(reason);
    },
  });
  port.postMessage('ready');
}
