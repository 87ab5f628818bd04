/** The thread that owns the message log's file, and waits for the disk so that nobody else has to. */
import { parentPort, workerData } from 'node:worker_threads';
import { v7 as uuidv7 } from 'uuid';
import * as v from 'valibot';
import { serveSqliteStore } from '../log/sqliteLog';
import { openSqliteStore } from '../log/sqliteStore';
import { openDatabase } from './sqliteDriver';

const { path } = v.parse(v.object({ path: v.string() }), workerData);
const store = openSqliteStore(openDatabase(path), uuidv7());
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
