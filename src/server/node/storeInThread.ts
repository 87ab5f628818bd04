/**
 * For tests: a store behind its log, over a real message channel, as if it ran in a thread of its own.
 * What the thread of a running server adds to it is that it runs elsewhere.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { MessageLog } from '../log/log';
import { createSqliteLog, type SqliteLogOptions } from '../log/sqliteLog';
import { openSqliteStore, type SqliteStore } from '../log/sqliteStore';
import { type FilePlace, serveSqliteStore } from '../log/storeService';
import { openDatabase } from './sqliteDriver';

/** A folder that is swept when the test is over. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'heartline-log-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Where a log may be made. */
export const newPath = () => join(tempDir(), 'log.sqlite');

let epochs = 0;

/** The store at `path`; one that is made gets an epoch of its own. */
export function openStore(path: string): SqliteStore {
  epochs += 1;
  return openSqliteStore(openDatabase(path), `epoch-${epochs}`);
}

export interface ThreadLike {
  log: MessageLog;
  /** Why the thread wanted to end, if it did by itself. */
  readonly endedBecause: string | undefined;
  die(reason: string): void;
}

export interface ThreadOptions extends SqliteLogOptions {
  files?: FilePlace;
  now?(): number;
  after?(delayMs: number, callback: () => void): void;
}

const alwaysThere: FilePlace = { find: () => 'in place', writeAheadEmptied() {} };
const never = () => {};

export function logOver(store: SqliteStore, options: ThreadOptions = {}): ThreadLike {
  const {
    files = alwaysThere,
    now = () => performance.now(),
    after = never,
    ...logOptions
  } = options;
  const { port1, port2 } = new MessageChannel();
  let died: ((reason: string) => void)[] = [];
  let endedBecause: string | undefined;
  serveSqliteStore({
    store,
    channel: {
      post: (message) => port2.postMessage(message),
      onMessage: (receive) => void port2.on('message', receive),
    },
    files,
    now,
    after,
    end(reason) {
      endedBecause = reason;
      if (reason !== undefined) die(reason);
    },
  });

  function die(reason: string) {
    const listeners = died;
    died = [];
    for (const listener of listeners) listener(reason);
  }

  const log = createSqliteLog(
    {
      post: (message) => port1.postMessage(message),
      onMessage: (receive) => void port1.on('message', receive),
      onDeath: (callback) => void died.push(callback),
      ended: async () => port1.close(),
    },
    logOptions,
  );
  onTestFinished(() => port1.close());
  return {
    log,
    die,
    get endedBecause() {
      return endedBecause;
    },
  };
}
