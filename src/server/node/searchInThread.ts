/**
 * For tests: the search behind its port, over a real message channel, as if it ran in a thread of its own;
 * with its files in a folder, and a log beside it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { MessageLog } from '../log/log';
import { openSearchFeed } from '../log/searchFeed';
import type { SearchIndex } from '../log/searchIndex';
import { serveSearch } from '../log/searchService';
import { createThreadSearch, type SearchThread } from '../log/threadSearch';
import { openDatabase, openExistingDatabase } from './sqliteDriver';
import { logOver, openStore } from './storeInThread';

export interface SearchOver {
  readonly search: SearchIndex;
  /** What was told of troubles. */
  readonly troubles: (string | undefined)[];
  /** How often an index was taken away to be made anew. */
  readonly removed: number;
  /** The thread ends without a word; the next search starts another. */
  die(): void;
}

export interface SearchOverOptions {
  edition?: string;
  bootedAtMs?: number;
  openDatabase?: typeof openDatabase;
}

export const logPathIn = (dir: string) => join(dir, 'log.sqlite');
export const indexPathIn = (dir: string) => join(dir, 'search.sqlite');

export const openLogIn = (dir: string): MessageLog => logOver(openStore(logPathIn(dir))).log;

export function searchIn(dir: string, options: SearchOverOptions = {}): SearchOver {
  const { edition = 'unicode 1', bootedAtMs = 1_000, openDatabase: open = openDatabase } = options;
  const troubles: (string | undefined)[] = [];
  let removed = 0;
  let die = () => {};

  async function start(): Promise<SearchThread> {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    let died = (_: string) => {};
    die = () => {
      port1.close();
      died('it died');
    };
    serveSearch({
      channel: {
        post: (message) => port2.postMessage(message),
        onMessage: (receive) => void port2.on('message', receive),
      },
      place: {
        open: () => open(indexPathIn(dir)),
        remove() {
          removed += 1;
          rmSync(indexPathIn(dir), { force: true });
        },
      },
      openFeed: () => openSearchFeed(openExistingDatabase(logPathIn(dir), { readOnly: true })),
      edition,
      bootedAtMs,
      now: () => performance.now(),
      after: (delayMs, callback) => void setTimeout(callback, delayMs),
      end: () => port2.close(),
    });
    return {
      post: (message) => port1.postMessage(message),
      onMessage: (receive) => void port1.on('message', receive),
      onDeath(callback) {
        const before = died;
        died = (reason) => {
          before(reason);
          callback(reason);
        };
      },
      ended: async () => {},
    };
  }

  const search = createThreadSearch({
    start,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    onTrouble: (reason) => troubles.push(reason),
  });
  return {
    search,
    troubles,
    get removed() {
      return removed;
    },
    die: () => die(),
  };
}
