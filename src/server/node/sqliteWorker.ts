/** The thread that owns the message log's file, and waits for the disk so that nobody else has to. */
import { parentPort, workerData } from 'node:worker_threads';
import { v7 as uuidv7 } from 'uuid';
import * as v from 'valibot';
import { openSqliteStore, takeForOneself } from '../log/sqliteStore';
import { serveSqliteStore } from '../log/storeService';
import { openDatabase } from './sqliteDriver';

/** Long enough, in ms, for a server that is just ending to be gone. */
const patienceMs = 2_000;

const { path } = v.parse(v.object({ path: v.string() }), workerData);
const database = openDatabase(path);
takeForOneself(database, patienceMs);
const store = openSqliteStore(database, uuidv7());
const port = parentPort;
if (port) {
  serveSqliteStore(
    store,
    {
      post: (message) => port.postMessage(message),
      onMessage: (receive) => void port.on('message', receive),
    },
    setImmediate,
  );
  port.postMessage('ready');
}
