/**
 * The message log in IndexedDB: the port's engine for the server in the page. Messages that come together
 * share one transaction, in which repeats are found, places given and earlier messages changed; it is
 * answered only once the browser says that it is complete, and on disk.
 */
import type { IDBPObjectStore, IDBPTransaction } from 'idb';
import * as v from 'valibot';
import { type AboutSent, isText } from '../../protocol/about';
import { limits } from '../../protocol/limits';
import type { LoggedMessage } from '../../protocol/message';
import { whyRefused } from '../log/annotations';
import { createAppendBatches } from '../log/appendBatches';
import {
  type Appended,
  type Draft,
  LogUnavailableError,
  type MessageLog,
  type PageLimit,
  type RoomEnd,
} from '../log/log';
import { cutPage } from '../log/page';
import { storedMessageSchema } from '../log/storedMessage';
import type { StoreAnswer } from '../log/storeMessages';
import { type HeartDatabase, type HeartSchema, StorageFullError } from './heartDatabase';
import { type MessageRow, messageRow, parseRow } from './messageRow';
import { termsRowOf } from './termsRow';

export interface IndexedDbLogOptions {
  /** Told of every write: there was no room for it, or it succeeded. */
  onStored?(outcome: 'stored' | 'full'): void;
}

type Messages = IDBPObjectStore<
  HeartSchema,
  ArrayLike<'messages' | 'terms'>,
  'messages',
  IDBTransactionMode
>;
type Writing = IDBPTransaction<HeartSchema, ['messages', 'terms'], 'readwrite'>;

/** Survives a power cut, where the browser can promise that. */
const durable: IDBTransactionOptions = { durability: 'strict' };

export function createIndexedDbLog(
  database: HeartDatabase,
  { onStored = () => {} }: IndexedDbLogOptions = {},
): MessageLog {
  const { epoch } = database;
  const batches = createAppendBatches({ appendAll });
  const reads = new Set<Promise<unknown>>();
  let isClosed = false;

  async function write<Result>(work: (transaction: Writing) => Promise<Result>): Promise<Result> {
    try {
      const result = await database.use(async (open) => {
        const transaction = open.transaction(['messages', 'terms'], 'readwrite', durable);
        // Whatever fails a write fails the transaction too, and is told by it.
        transaction.done.catch(() => {});
        const worked = await work(transaction).catch(async (error: unknown) => {
          abort(transaction);
          // Its own reason, if it has one, is the first that went wrong.
          throw transaction.error ?? error;
        });
        await transaction.done;
        return worked;
      });
      onStored('stored');
      return result;
    } catch (error) {
      if (error instanceof StorageFullError) onStored('full');
      throw error;
    }
  }

  function appendAll(drafts: readonly Draft[]): Promise<StoreAnswer[]> {
    return write((transaction) => appendTo(transaction, epoch, drafts));
  }

  async function read<Result>(work: (store: Messages) => Promise<Result>): Promise<Result> {
    if (isClosed) throw closedError();
    const answered = database.use((open) => work(open.transaction('messages').store));
    reads.add(answered);
    return answered.finally(() => reads.delete(answered));
  }

  return {
    append: (draft) => (isClosed ? Promise.reject(closedError()) : batches.append(draft)),
    head: (room) => read((store) => endUpTo(store, epoch, room)),
    textsUpTo: async (room, seq) => (await read((store) => endUpTo(store, epoch, room, seq))).texts,
    after: (room, seq, limit) =>
      read(async (store) => {
        const [rows, end, first] = await Promise.all([
          store.getAll(placesAfter(room, seq), limit.messages + 1),
          endUpTo(store, epoch, room),
          seq === 0 ? undefined : store.get([room, seq]),
        ]);
        const mid = seq === 0 ? '' : first?.mid;
        return { epoch, head: end.seq, mid, ...cutPage(messagesOf(rows), limit) };
      }),
    before: (room, seq, limit) =>
      read(async (store) => {
        const end = await endUpTo(store, epoch, room);
        const rows = await store.getAll(placesBefore(room, Math.min(seq, end.seq + 1), limit));
        const { messages, more } = cutPage(messagesOf(rows.reverse()), limit);
        return { epoch, head: end.seq, messages: messages.reverse(), more };
      }),
    async check() {
      if (isClosed) throw closedError();
      await database.use((open) => open.put('meta', ' '.repeat(limits.frameBytes), 'probe'));
    },
    async close() {
      if (isClosed) throw closedError();
      isClosed = true;
      await Promise.allSettled([batches.settled(), ...reads]);
      database.close();
    },
  };
}

async function appendTo(
  transaction: Writing,
  epoch: string,
  drafts: readonly Draft[],
): Promise<StoreAnswer[]> {
  const store = transaction.objectStore('messages');
  const ends = new Map<string, { seq: number; texts: number }>();
  const inBatch = new Map<string, Appended>();
  const found = await Promise.all(
    drafts.map(({ id, from }) => store.index('byId').get([id, from.id])),
  );

  async function endOf(room: string) {
    const end = ends.get(room) ?? (await endUpTo(store, epoch, room));
    ends.set(room, end);
    return end;
  }

  async function append(draft: Draft, key: string): Promise<StoreAnswer> {
    const { room, about } = draft;
    if (about) {
      const target = targetOf(await store.get([room, about.seq]));
      const refused = whyRefused(draft.from.id, about, target);
      if (refused) return { refused };
    }
    const end = await endOf(room);
    end.seq += 1;
    if (isText(about)) end.texts += 1;
    put(transaction, rowOf(draft, end));
    if (about) await change(transaction, draft, end.seq, about);
    const answer = { epoch, room, seq: end.seq, mid: draft.mid, at: draft.at, dup: false };
    inBatch.set(key, answer);
    return answer;
  }

  const answers: StoreAnswer[] = [];
  for (const [index, draft] of drafts.entries()) {
    const row = found[index];
    const key = JSON.stringify([draft.id, draft.from.id]);
    const first = row ? answerOf(row, epoch) : inBatch.get(key);
    answers.push(first ? { ...first, dup: true } : await append(draft, key));
  }
  return answers;
}

function rowOf(draft: Draft, { seq, texts }: End): MessageRow {
  const { room, mid, id, from, body, at, about, file, cut } = draft;
  const row: MessageRow = { room, seq, texts, mid, id, from, body, at };
  if (about) row.about = { kind: about.kind, seq: about.seq };
  if (file) row.file = file;
  if (cut) row.cut = cut;
  return row;
}

interface End {
  seq: number;
  texts: number;
}

/** Does to the message that the draft, which is at `seq`, is about what it says. */
async function change(
  transaction: Writing,
  { room, body, at }: Draft,
  seq: number,
  about: AboutSent,
): Promise<void> {
  if (about.kind !== 'edit' && about.kind !== 'delete') return;
  const store = transaction.objectStore('messages');
  const target = parseRow(await store.get([room, about.seq]));
  if (!target) return;
  const { editSeq } = target;
  const edit = editSeq === undefined ? undefined : parseRow(await store.get([room, editSeq]));
  if (edit) put(transaction, { ...edit, body: '' });
  const { cut: _, file, ...rest } = target;
  if (about.kind === 'delete') return put(transaction, { ...rest, body: '', deleted: at });
  put(transaction, { ...rest, ...(file && { file }), body, edited: at, editSeq: seq });
}

/** Stores the message and, in the same transaction, by which terms it is found now. */
function put(transaction: Writing, row: MessageRow): void {
  const terms = transaction.objectStore('terms');
  const termsRow = termsRowOf(row);
  const requests: Promise<unknown>[] = [transaction.objectStore('messages').put(row)];
  if (termsRow) requests.push(terms.put(termsRow));
  else if (isText(row.about)) requests.push(terms.delete([row.room, row.seq]));
  // Their failure is the transaction's, which tells it.
  for (const request of requests) request.catch(() => {});
}

function answerOf(found: MessageRow, epoch: string): Appended {
  const { room, seq, mid, at } = v.parse(messageRow, found);
  return { epoch, room, seq, mid, at, dup: true };
}

function targetOf(found: MessageRow | undefined) {
  const row = parseRow(found);
  if (!row) return undefined;
  const { mid, from, about, deleted } = row;
  return { mid, author: from.id, about, isDeleted: deleted !== undefined };
}

/** The last message up to `seq`, or of all, and how many texts there are up to it. */
async function endUpTo(
  store: Messages,
  epoch: string,
  room: string,
  seq = Number.POSITIVE_INFINITY,
): Promise<RoomEnd> {
  const cursor = await store.openCursor(IDBKeyRange.bound([room, 0], [room, seq]), 'prev');
  const row = parseRow(cursor?.value);
  return { epoch, seq: row?.seq ?? 0, mid: row?.mid ?? '', texts: row?.texts ?? 0 };
}

function placesAfter(room: string, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([room, seq], [room, Number.POSITIVE_INFINITY], true);
}

/** The last places before `seq`, one more than the page holds: a room has no hole. */
function placesBefore(room: string, seq: number, { messages }: PageLimit): IDBKeyRange {
  return IDBKeyRange.bound([room, Math.max(0, seq - messages - 1)], [room, seq], false, true);
}

function* messagesOf(rows: readonly MessageRow[]): Iterable<LoggedMessage> {
  for (const row of rows) yield v.parse(storedMessageSchema, row);
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

const closedError = () => new LogUnavailableError('the log is closed');
