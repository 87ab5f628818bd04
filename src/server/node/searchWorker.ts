/** The thread that owns the search's index: reads what the message log has, and writes what finds it. */
import { rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { openSearchFeed } from '../log/searchFeed';
import { serveSearch } from '../log/searchService';
import { openDatabase, openExistingDatabase } from './sqliteDriver';

/** What reading the log may wait for who mends it, in ms. */
const patienceMs = 2_000;

const paths = v.object({ logPath: v.string(), indexPath: v.string() });
const { logPath, indexPath } = v.parse(paths, workerData);
const port = parentPort;
if (port) {
  serveSearch({
    channel: {
      post: (message) => port.postMessage(message),
      onMessage: (receive) => void port.on('message', receive),
    },
    place: {
      open: () => openDatabase(indexPath),
      remove() {
        for (const end of ['', '-journal']) rmSync(indexPath + end, { force: true });
      },
    },
    openFeed() {
      const database = openExistingDatabase(logPath, { readOnly: true });
      database.exec(`PRAGMA busy_timeout = ${patienceMs}`);
      return openSearchFeed(database);
    },
    edition: `unicode ${process.versions.unicode}`,
    bootedAtMs: Math.round(Date.now() - uptime() * 1_000),
    now: () => performance.now(),
    after: (delayMs, callback) => void setTimeout(callback, delayMs),
    // Nothing else keeps the thread.
    end: () => port.close(),
  });
  port.postMessage('ready');
}
