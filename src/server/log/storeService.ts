/**
 * The thread's side of the SQLite log: does with the store what comes over the channel, in the order in
 * which it comes. It sees to it that nothing is acknowledged that lies in a file which is no longer where
 * the log belongs, and ends the thread when the store is past mending: a new one may do better.
 */
import { createErasing } from './erasing';
import type { Draft } from './log';
import { reasonOf } from './reasonOf';
import type { SqliteStore } from './sqliteStore';
import {
  draftOfRow,
  packAppended,
  type StoreAnswer,
  type StoreReply,
  type StoreRequest,
  type StoreResult,
} from './storeMessages';
import type { Channel } from './threadCalls';

/** Where the open file is: under its path and whole, under no path known, and so on. */
export type Place = 'in place' | 'gone' | 'replaced' | 'cut off';

export interface FilePlace {
  find(): Place;
  /** The write-ahead log is empty, and not because somebody cut it off. */
  writeAheadEmptied(): void;
}

export interface StoreServiceOptions {
  store: SqliteStore;
  channel: Channel<StoreReply, StoreRequest>;
  /** Where the open file is, is asked twice for each transaction. */
  files: FilePlace;
  /** Ms since some fixed moment. */
  now(): number;
  /** Calls back in `delayMs`; the thread may end meanwhile. */
  after(delayMs: number, callback: () => void): void;
  /** The store is closed, because it was asked to or because of `reason`: the thread is to end. */
  end(reason?: string): void;
}

/** After a failure the disk is tried no more often than this, in ms, however often somebody asks. */
const probeIntervalMs = 1_000;

/** That something could be written so long ago, in ms, proves nothing any more: who asks has it tried. */
const proofLifeMs = 30_000;

/**
 * The primary result codes (sqlite.org/rescode.html) of a disk that does not take what is written:
 * BUSY, LOCKED, READONLY, IOERR, FULL and CANTOPEN. What is there can be read all the same.
 */
const diskTroubles = new Set([5, 6, 8, 10, 13, 14]);

const misplacements: Record<Exclude<Place, 'in place'>, string> = {
  gone: 'the file of the message log was taken away',
  replaced: 'another file is where the message log was',
  'cut off': 'the file of the message log was cut off',
};

class MisplacedError extends Error {
  override name = 'MisplacedError';
}

export function serveSqliteStore(options: StoreServiceOptions): void {
  const { store, channel, files, now, after } = options;
  /** Why the store could not write, and when, unless it has since. */
  let failure: { at: number; error: unknown } | undefined;
  /** When something was written last. */
  let writtenAt = Number.NEGATIVE_INFINITY;
  /** Why the thread has to end once the request is answered. */
  let ending: string | undefined;
  const erasing = createErasing({ erase: () => emptyWriteAhead('does not wait'), after });
  // Whoever ended before may have left something.
  erasing.owe();

  channel.onMessage((request) => {
    channel.post({ ...answer(request), n: request.n });
    if (request.call === 'close') return options.end();
    if (ending === undefined) return;
    erasing.stop();
    closeBroken();
    options.end(ending);
  });

  function answer(request: StoreRequest): StoreResult {
    try {
      return serve(request);
    } catch (error) {
      if (!(error instanceof MisplacedError)) ending ??= whyBroken(request, error);
      return { error: reasonOf(error) };
    }
  }

  function serve(request: StoreRequest): StoreResult {
    switch (request.call) {
      case 'appendAll':
        return { appended: packAppended(append(request.rows.map(draftOfRow))) };
      case 'head':
        return { head: store.head(request.room) };
      case 'textsUpTo':
        return { texts: store.textsUpTo(request.room, request.seq) };
      case 'after':
        return { next: store.after(request.room, request.seq, request.limit) };
      case 'before':
        return { page: store.before(request.room, request.seq, request.limit) };
      case 'check':
        check();
        return {};
      case 'close':
        erasing.stop();
        emptyWriteAheadAnyhow();
        store.close();
        return {};
    }
  }

  function append(drafts: readonly Draft[]): StoreAnswer[] {
    const answers = write(() => store.appendAll(drafts));
    if (drafts.some(({ about }) => about?.kind === 'edit' || about?.kind === 'delete')) {
      erasing.owe();
    }
    return answers;
  }

  function write<Result>(work: () => Result): Result {
    try {
      requireInPlace();
      const result = work();
      // Taken away meanwhile, what was committed is gone with the file: it counts as not stored. If the
      // file comes back, the message does too, and is known by its id when it is sent again.
      requireInPlace();
      failure = undefined;
      writtenAt = now();
      return result;
    } catch (error) {
      // Where the file is can be looked up at any time; only the disk has to be tried.
      if (!(error instanceof MisplacedError)) failure = { at: now(), error };
      throw error;
    }
  }

  /** Whether a message could be stored: by trying, if the last one failed, or was stored long ago. */
  function check() {
    requireInPlace();
    if (failure && now() - failure.at < probeIntervalMs) throw failure.error;
    if (!failure && now() - writtenAt < proofLifeMs) return void store.head('');
    write(store.probe);
  }

  function requireInPlace() {
    const place = files.find();
    if (place === 'in place') return;
    // The file that is open can be read all the same, and may come back.
    if (place !== 'gone') ending = misplacements[place];
    throw new MisplacedError(misplacements[place]);
  }

  function emptyWriteAhead(who: 'waits' | 'does not wait'): boolean {
    // It is known by its path, under which another log's may be.
    if (files.find() !== 'in place') return false;
    const isEmpty = store.emptyWriteAhead(who);
    if (isEmpty) files.writeAheadEmptied();
    return isEmpty;
  }

  /** Closing would do it, but a driver may let go of the file later than the process ends. */
  function emptyWriteAheadAnyhow() {
    try {
      emptyWriteAhead('waits');
    } catch {
      // A full disk, say: what stays in the write-ahead log is found there at the next start.
    }
  }

  function closeBroken() {
    try {
      store.close();
    } catch {
      // It is broken: what it had committed is in its files.
    }
  }
}

/** Why the store can neither write nor read any longer; undefined if it can. */
function whyBroken({ call }: StoreRequest, error: unknown): string | undefined {
  const isWriting = call === 'appendAll' || call === 'check';
  return isWriting && diskTroubles.has(codeOf(error)) ? undefined : reasonOf(error);
}

/** SQLite's primary result code, NaN for an error that is not SQLite's. */
function codeOf(error: unknown): number {
  if (!(error instanceof Error && 'errcode' in error)) return Number.NaN;
  // The low byte of an extended code is the primary one.
  return Number(error.errcode) & 0xff;
}
