/**
 * Where files are kept in this browser: a database of their own, apart from what is said, so that whatever
 * happens to it the chat goes on. What the browser does to it comes out as what its user has to know.
 */
import { type DBSchema, type IDBPTransaction, openDB } from 'idb';
import * as v from 'valibot';
import { fileSchema } from '../../protocol/file';
import { BlobRefusedError } from '../blobs/blobs';
import { reasonOf } from '../log/reasonOf';

const uploadRow = v.object({
  userId: v.string(),
  id: v.string(),
  facts: v.omit(fileSchema, ['preview']),
  isWhole: v.boolean(),
  /** Its message alone needs its bytes. */
  isSpent: v.boolean(),
  touchedAt: v.number(),
  /** Under what its pieces are. */
  place: v.string(),
  have: v.number(),
});
export type UploadRow = v.InferOutput<typeof uploadRow>;

const contentRow = v.object({ sha256: v.string(), size: v.number(), place: v.string() });
export type ContentRow = v.InferOutput<typeof contentRow>;

const holdRow = v.object({
  mid: v.string(),
  room: v.string(),
  userId: v.string(),
  at: v.number(),
  sha256s: v.array(v.string()),
  seq: v.optional(v.number()),
  doubtedAt: v.optional(v.number()),
});
export type HoldRow = v.InferOutput<typeof holdRow>;

/** What is read was written by some version of this page: it is parsed like anything from outside. */
export const rows = { upload: uploadRow, content: contentRow, hold: holdRow };

interface BlobSchema extends DBSchema {
  uploads: {
    key: [userId: string, id: string];
    value: UploadRow;
    indexes: { byContent: string; byUser: string; byTouch: number };
  };
  pieces: { key: [place: string, at: number]; value: ArrayBuffer };
  contents: { key: string; value: ContentRow };
  holds: { key: string; value: HoldRow; indexes: { byContent: string; byDoubt: number } };
}

type Store = 'uploads' | 'pieces' | 'contents' | 'holds';
const stores: Store[] = ['uploads', 'pieces', 'contents', 'holds'];

export type Reading = IDBPTransaction<BlobSchema, Store[], 'readonly' | 'readwrite'>;
export type Writing = IDBPTransaction<BlobSchema, Store[], 'readwrite'>;

export interface BlobDatabase {
  read<Result>(work: (transaction: Reading) => Promise<Result>): Promise<Result>;
  /** All of it is kept once it resolves, or nothing of it. `relaxed`: a power cut may take it back. */
  write<Result>(
    work: (transaction: Writing) => Promise<Result>,
    durability?: IDBTransactionDurability,
  ): Promise<Result>;
  close(): void;
}

/** Rejects where this browser keeps nothing, or a later version wrote what is there. */
export async function openBlobDatabase(name: string): Promise<BlobDatabase> {
  let isGone = false;
  const close = () => {
    isGone = true;
    database.close();
  };
  const database = await openDB<BlobSchema>(name, 1, {
    upgrade(upgraded) {
      const uploads = upgraded.createObjectStore('uploads', { keyPath: ['userId', 'id'] });
      uploads.createIndex('byContent', 'facts.sha256');
      uploads.createIndex('byUser', 'userId');
      uploads.createIndex('byTouch', 'touchedAt');
      upgraded.createObjectStore('pieces');
      upgraded.createObjectStore('contents', { keyPath: 'sha256' });
      const holds = upgraded.createObjectStore('holds', { keyPath: 'mid' });
      holds.createIndex('byContent', 'sha256s', { multiEntry: true });
      holds.createIndex('byDoubt', 'doubtedAt');
    },
    blocking: close,
    terminated: close,
  });

  async function use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isGone) throw new BlobRefusedError('unavailable', 'the files of this browser are closed');
    try {
      return await work();
    } catch (error) {
      throw asRefusal(error);
    }
  }

  return {
    read: (work) => use(() => work(database.transaction(stores))),
    write: (work, durability = 'strict') =>
      use(async () => {
        const transaction = database.transaction(stores, 'readwrite', { durability });
        // What failed in it says why.
        transaction.done.catch(() => {});
        try {
          const result = await work(transaction);
          await transaction.done;
          return result;
        } catch (error) {
          abort(transaction);
          throw transaction.error ?? error;
        }
      }),
    close,
  };
}

function abort(transaction: Writing): void {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}

function asRefusal(error: unknown): Error {
  if (error instanceof BlobRefusedError) return error;
  const name = error instanceof Error ? error.name : '';
  const message = reasonOf(error);
  return name === 'QuotaExceededError'
    ? new BlobRefusedError('no_room_for_files', 'this browser has no room for more files')
    : new BlobRefusedError('unavailable', `files are away: ${message}`);
}
