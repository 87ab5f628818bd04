/**
 * The SQLite log off the main thread: the port's engine, which has its store at the other end of a
 * message channel (`storeService.ts`). While one batch of messages is being synced to disk, those that
 * come gather, and leave together when it is answered (group commit): the busier it is, the more
 * messages share a sync. What the store cannot do comes back as a LogUnavailableError with the reason.
 */
import {
  type Appended,
  type Draft,
  LogUnavailableError,
  type MessageLog,
  MessageRefusedError,
} from './log';
import { rowOf, type StoreCall, type StoreResult, unpackAppended } from './storeMessages';
import { createThreadCalls, type SqliteThread } from './threadCalls';

export interface SqliteLogOptions {
  /** Calls back once all that has come is taken: what came together then leaves together. */
  soon?(callback: () => void): void;
  /** Told of every batch: why it was not stored, or undefined if it was. */
  onStored?(failure: string | undefined): void;
}

/** What one transaction holds at most: everything waits for a longer one. */
const maxBatchMessages = 1_024;
/** In UTF-16 units of text, over which a batch goes by one message at most. */
const maxBatchLength = 1_000_000;

/** How many pages and heads may stand before a batch in the thread's queue: the others wait here. */
const maxReadsInThread = 8;

interface WaitingAppend {
  draft: Draft;
  resolve(answer: Appended): void;
  reject(error: unknown): void;
}

export function createSqliteLog(thread: SqliteThread, options: SqliteLogOptions = {}): MessageLog {
  const { soon = queueMicrotask, onStored = () => {} } = options;
  const callThread = createThreadCalls<StoreCall, StoreResult>(thread);
  let isClosed = false;
  let gathered: WaitingAppend[] = [];
  /** Running while there is anything to append. */
  let appending: Promise<void> | undefined;
  let readsInThread = 0;
  const waitingReads: (() => void)[] = [];
  const reads = new Set<Promise<unknown>>();

  function append(draft: Draft): Promise<Appended> {
    if (isClosed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      gathered.push({ draft, resolve, reject });
      appending ??= appendGathered();
    });
  }

  async function appendGathered() {
    await new Promise<void>((resolve) => soon(resolve));
    while (gathered.length > 0) await appendBatch(takeBatch());
    appending = undefined;
  }

  function takeBatch(): WaitingAppend[] {
    let messages = 0;
    let length = 0;
    for (const { draft } of gathered) {
      if (messages >= maxBatchMessages || length >= maxBatchLength) break;
      messages += 1;
      length += draft.body.length;
    }
    const batch = gathered.slice(0, messages);
    gathered = gathered.slice(messages);
    return batch;
  }

  async function appendBatch(batch: readonly WaitingAppend[]) {
    try {
      const drafts = batch.map(({ draft }) => draft);
      const { appended } = await callThread({ call: 'appendAll', rows: drafts.map(rowOf) });
      const answers = unpackAppended(required(appended), drafts);
      onStored(undefined);
      for (const [index, answer] of answers.entries()) {
        if ('refused' in answer) batch[index]?.reject(new MessageRefusedError(answer.refused));
        else batch[index]?.resolve(answer);
      }
    } catch (error) {
      onStored(error instanceof Error ? error.message : String(error));
      for (const { reject } of batch) reject(error);
    }
  }

  /** Asks the store once few enough others do. */
  async function read(call: StoreCall): Promise<StoreResult> {
    if (isClosed) throw closedError();
    const answered = readInTurn(call);
    reads.add(answered);
    return answered.finally(() => reads.delete(answered));
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
    append,
    head: async (room) => required((await read({ call: 'head', room })).head),
    textsUpTo: async (room, seq) => required((await read({ call: 'textsUpTo', room, seq })).texts),
    after: async (room, seq, limit) =>
      required((await read({ call: 'after', room, seq, limit })).next),
    before: async (room, seq, limit) =>
      required((await read({ call: 'before', room, seq, limit })).page),
    check: async () => void (await read({ call: 'check' })),
    async close() {
      if (isClosed) throw closedError();
      isClosed = true;
      await Promise.allSettled([appending, ...reads]);
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
