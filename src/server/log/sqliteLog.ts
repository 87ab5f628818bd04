/**
 * The SQLite log off the main thread: the port's engine, which has its store at the other end of a
 * message channel (`storeService.ts`), and messages that come together share a sync to disk
 * (`appendBatches.ts`). What the store cannot do comes back as a LogUnavailableError with the reason.
 */
import { createAppendBatches } from './appendBatches';
import { type Draft, LogUnavailableError, type MessageLog } from './log';
import {
  rowOf,
  type StoreAnswer,
  type StoreCall,
  type StoreResult,
  unpackAppended,
} from './storeMessages';
import { createThreadCalls, type SqliteThread } from './threadCalls';

export interface SqliteLogOptions {
  /** Calls back once all that has come is taken: what came together then leaves together. */
  soon?(callback: () => void): void;
  /** Told of every batch as it begins, which is over when this settles. */
  onAppending?(batch: Promise<unknown>): void;
  /** Told of every batch and check: why nothing could be stored, or undefined if it could. */
  onStored?(failure: string | undefined): void;
}

/** How many pages and heads may stand before a batch in the thread's queue: the others wait here. */
const maxReadsInThread = 8;

export function createSqliteLog(thread: SqliteThread, options: SqliteLogOptions = {}): MessageLog {
  const callThread = createThreadCalls<StoreCall, StoreResult>(thread);
  let isClosed = false;
  const batches = createAppendBatches({ ...options, appendAll });
  let readsInThread = 0;
  const waitingReads: (() => void)[] = [];
  const reads = new Set<Promise<unknown>>();

  async function appendAll(drafts: readonly Draft[]): Promise<StoreAnswer[]> {
    const answered = callThread({ call: 'appendAll', rows: drafts.map(rowOf) });
    options.onAppending?.(answered);
    const { appended } = await answered;
    return unpackAppended(required(appended), drafts);
  }

  /** Asks the store once few enough others do. */
  async function read(call: StoreCall): Promise<StoreResult> {
    if (isClosed) throw closedError();
    const answered = readInTurn(call);
    reads.add(answered);
    return answered.finally(() => reads.delete(answered));
  }

  async function check(): Promise<void> {
    try {
      await read({ call: 'check' });
    } catch (error) {
      if (!isClosed && error instanceof LogUnavailableError) options.onStored?.(error.message);
      throw error;
    }
    options.onStored?.(undefined);
  }

  async function readInTurn(call: StoreCall): Promise<StoreResult> {
    if (readsInThread < maxReadsInThread) readsInThread += 1;
    else await new Promise<void>((resolve) => waitingReads.push(resolve));
    try {
      return await callThread(call);
    } finally {
      // The place goes to who waits longest.
      const next = waitingReads.shift();
      if (next) next();
      else readsInThread -= 1;
    }
  }

  return {
    append: (draft) => (isClosed ? Promise.reject(closedError()) : batches.append(draft)),
    head: async (room) => required((await read({ call: 'head', room })).head),
    textsUpTo: async (room, seq) => required((await read({ call: 'textsUpTo', room, seq })).texts),
    after: async (room, seq, limit) =>
      required((await read({ call: 'after', room, seq, limit })).next),
    before: async (room, seq, limit) =>
      required((await read({ call: 'before', room, seq, limit })).page),
    check,
    async close() {
      if (isClosed) throw closedError();
      isClosed = true;
      await Promise.allSettled([batches.settled(), ...reads]);
      await callThread({ call: 'close' });
      await thread.ended();
    },
  };
}

/** What the store is to have answered with. */
function required<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new LogUnavailableError('the store answered something else');
  return part;
}

const closedError = () => new LogUnavailableError('the log is closed');
