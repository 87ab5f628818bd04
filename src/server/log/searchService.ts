/**
 * The thread's side of the search: keeps the index up with the log, a little at a time with rests between,
 * and answers searches once it is up. An index that is missing, damaged or of another log is made anew;
 * until then searches are told so.
 */
import type { Database } from './database';
import { reasonOf } from './reasonOf';
import type { SearchFeed } from './searchFeed';
import type { Found } from './searchIndex';
import {
  NoFullTextSearchError,
  openSearchStore,
  type SearchStore,
  type SearchStoreOptions,
  UnusableIndexError,
} from './searchStore';
import type { Channel } from './threadCalls';

export type SearchCall =
  | { call: 'search'; room: string; text: string; before: number; limit: number }
  /** The log has grown. */
  | { call: 'catchUp' }
  | { call: 'close' };
export type SearchRequest = SearchCall & { n: number };

/** What a call is answered with: what was found, nothing, or what is wrong. */
export interface SearchResult {
  /** `behind`: the index is far behind the log yet, and on its way. */
  found?: Found | 'behind';
  error?: string;
}
export type SearchReply = SearchResult & { n: number };

/** Where the index lies. */
export interface IndexPlace {
  /** Opens what is there, or a new one. */
  open(): Database;
  /** Takes away what is there, which is not open. */
  remove(): void;
}

export interface SearchServiceOptions extends SearchStoreOptions {
  channel: Channel<SearchReply, SearchRequest>;
  place: IndexPlace;
  /** Opens the log as it lies there now. Throws if it cannot be read. */
  openFeed(): SearchFeed;
  /** Ms since some fixed moment. */
  now(): number;
  after(delayMs: number, callback: () => void): void;
  /** The index is closed, because that was asked: the thread is to end. */
  end(): void;
}

/** Entries that are taken in at once. */
const batchEntries = 1_000;

/** How long the index is brought up before a search, in ms: who waits longer is told to come again. */
const patienceMs = 1_000;

/** How long it is brought up at a stretch when nobody waits, in ms, and how many times as long it rests. */
const stretchMs = 50;
const restFactor = 4;

/** The primary result codes (sqlite.org/rescode.html) of a broken file: CORRUPT and NOTADB. */
const damages = new Set([11, 26]);

export function serveSearch(options: SearchServiceOptions): void {
  const { channel, place, now, after } = options;
  let store: SearchStore | undefined;
  /** It never will be there. */
  let impossible: NoFullTextSearchError | undefined;
  let isCatchingUp = false;
  let isClosed = false;

  channel.onMessage((request) => {
    channel.post({ ...answer(request), n: request.n });
    if (request.call === 'close') options.end();
  });

  function answer(request: SearchRequest): SearchResult {
    try {
      return serve(request);
    } catch (error) {
      return { error: reasonOf(error) };
    }
  }

  function serve(request: SearchRequest): SearchResult {
    switch (request.call) {
      case 'search': {
        const { room, text, before, limit } = request;
        if (!catchUp(patienceMs)) {
          goOn();
          return { found: 'behind' };
        }
        return { found: onIndex(() => store?.search(room, text, before, limit)) ?? 'behind' };
      }
      case 'catchUp':
        // What is being caught up with is not begun anew.
        if (!isCatchingUp && !catchUp(stretchMs)) goOn();
        return {};
      case 'close':
        isClosed = true;
        store?.close();
        return {};
    }
  }

  /**
   * Goes on bit by bit, with rests several times as long as the work: a busy server needs the processor for
   * what is said, and a search brings the index up by itself.
   */
  function goOn(restMs = restFactor * stretchMs) {
    if (isCatchingUp) return;
    isCatchingUp = true;
    after(restMs, () => {
      isCatchingUp = false;
      if (isClosed) return;
      const startedAt = now();
      try {
        if (!catchUp(stretchMs)) goOn(restFactor * Math.max(stretchMs, now() - startedAt));
      } catch {
        // What is wrong is found again by the next search, which says so.
      }
    });
  }

  /** Takes in what the log has that the index has not, for so long, in ms: whether that was all. */
  function catchUp(forMs: number): boolean {
    if (impossible) throw impossible;
    const feed = options.openFeed();
    try {
      const until = now() + forMs;
      const index = indexOf(feed);
      for (;;) {
        const { texts, position, more } = feed.after(index.position, batchEntries);
        if (position.row !== index.position.row) onIndex(() => index.apply(texts, position));
        if (!more) return true;
        if (now() >= until) return false;
      }
    } finally {
      feed.close();
    }
  }

  /** The index of the log that `feed` reads. */
  function indexOf(feed: SearchFeed): SearchStore {
    if (store && (store.epoch !== feed.epoch || !feed.holds(store.position))) discard();
    store ??= open(feed) ?? open(feed);
    if (!store) throw new Error('the index of the search could not be made');
    return store;
  }

  /** Undefined if what was there had to be taken away. */
  function open(feed: SearchFeed): SearchStore | undefined {
    const database = place.open();
    try {
      const opened = openSearchStore(database, feed.epoch, options);
      if (feed.holds(opened.position)) return opened;
    } catch (error) {
      if (error instanceof NoFullTextSearchError) impossible = error;
      if (!(error instanceof UnusableIndexError) && !isDamage(error)) {
        closeAnyhow(database);
        throw error;
      }
    }
    closeAnyhow(database);
    place.remove();
    return undefined;
  }

  /** Does something with the index. If that is broken it is taken away, and made anew. */
  function onIndex<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      discard();
      goOn();
      throw new Error(`the index of the search was damaged, and is made anew: ${reasonOf(error)}`);
    }
  }

  function discard() {
    const broken = store;
    store = undefined;
    if (broken) closeAnyhow(broken);
    place.remove();
  }
}

function closeAnyhow(broken: { close(): void }): void {
  try {
    broken.close();
  } catch {
    // It is taken away.
  }
}

/** By SQLite's result code, of an extended one its low byte. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && damages.has(Number(error.errcode) & 0xff);
