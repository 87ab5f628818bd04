/**
 * The uploads' storage in IndexedDB, where files survive reload and crash until they are sent. Facts and bytes are
 * apart, so that a change of the one does not write the other again. What comes out is parsed like anything from
 * outside: an older page may have written it.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { aboutSentSchema } from '../protocol/about';
import {
  type FilePart,
  fileNameSchema,
  fileSizeSchema,
  fileTypeSchema,
  pictureSideSchema,
  sha256Schema,
} from '../protocol/file';
import type { NoteStorage } from './outboxStorage';
import { toBeCleared, uploadNote } from './uploadNote';
import type { UploadRecord, UploadStorage } from './uploadRecord';

const part = v.object({
  sha256: sha256Schema,
  type: fileTypeSchema,
  size: fileSizeSchema,
  width: v.optional(pictureSideSchema),
  height: v.optional(pictureSideSchema),
});

const uploadRecord = v.object({
  id: v.string(),
  room: v.string(),
  roomKey: v.optional(v.string()),
  about: v.optional(aboutSentSchema),
  body: v.string(),
  at: v.number(),
  name: fileNameSchema,
  type: v.string(),
  size: fileSizeSchema,
  have: v.optional(v.number()),
  prepared: v.optional(v.object({ whole: part, preview: v.optional(part) })),
  isPaused: v.optional(v.boolean()),
  isHandedOver: v.optional(v.boolean()),
  failure: v.optional(v.object({ code: v.string(), message: v.string() })),
});

interface UploadsSchema extends DBSchema {
  uploads: { key: [owner: string, id: string]; value: UploadRecord & { owner: string } };
  bytes: {
    key: [owner: string, id: string, part: FilePart];
    value: { owner: string; id: string; part: FilePart; bytes: Blob };
  };
}

/**
 * The files of one `owner` (a server and a name) in a database that all share. It is opened at the first use; where
 * the browser gives none, every call rejects. What was to be cleared and could not be is, before anything else.
 */
export function createUploadStorage(
  owner: string,
  notes: Pick<NoteStorage, 'get' | 'set' | 'remove'>,
  databaseName = 'heartline-uploads',
): UploadStorage {
  let opening: Promise<IDBPDatabase<UploadsSchema>> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const connect = () => {
    opening ??= openDB<UploadsSchema>(databaseName, 1, {
      upgrade(database) {
        database.createObjectStore('uploads', { keyPath: ['owner', 'id'] });
        database.createObjectStore('bytes', { keyPath: ['owner', 'id', 'part'] });
      },
      terminated: forget,
    });
    // What stands in the way now may be gone later.
    opening.catch(forget);
    return opening;
  };
  const beginOn = (database: IDBPDatabase<UploadsSchema>) =>
    database.transaction(['uploads', 'bytes'], 'readwrite', { durability: 'strict' });
  const empty = async (database: IDBPDatabase<UploadsSchema>) => {
    const transaction = beginOn(database);
    void transaction.objectStore('uploads').delete(rangeOf()).catch(ignored);
    void transaction.objectStore('bytes').delete(rangeOf()).catch(ignored);
    await transaction.done;
    notes.remove(uploadNote(owner));
  };
  const open = async () => {
    const database = await connect();
    if (notes.get(uploadNote(owner)) === toBeCleared) await empty(database);
    return database;
  };
  const begin = async () => beginOn(await open());
  const rangeOf = (...key: string[]) => IDBKeyRange.bound([owner, ...key], [owner, ...key, []]);
  const rowOf = (id: string, of: FilePart, bytes: Blob) => ({ owner, id, part: of, bytes });

  return {
    async load() {
      const rows: unknown[] = await (await open()).getAll('uploads', rangeOf());
      if (rows.length === 0) notes.remove(uploadNote(owner));
      return rows.flatMap((row) => {
        const parsed = v.safeParse(uploadRecord, row);
        return parsed.success ? [parsed.output] : [];
      });
    },

    async add(record, file) {
      await open();
      notes.set(uploadNote(owner), '1');
      const transaction = await begin();
      // A put that fails fails the transaction, too: of the two only that is waited for.
      void transaction
        .objectStore('uploads')
        .put({ ...record, owner })
        .catch(ignored);
      void transaction
        .objectStore('bytes')
        .put(rowOf(record.id, 'whole', file))
        .catch(ignored);
      await transaction.done;
    },

    async change(id, next, bytes = {}) {
      const transaction = await begin();
      const uploads = transaction.objectStore('uploads');
      const row = await uploads.get([owner, id]);
      if (row) {
        void uploads.put({ ...row, ...next }).catch(ignored);
        for (const of of ['whole', 'preview'] as const) {
          const given = bytes[of];
          if (given) {
            void transaction
              .objectStore('bytes')
              .put(rowOf(id, of, given))
              .catch(ignored);
          }
        }
      }
      await transaction.done;
    },

    async bytes(id, of) {
      return (await (await open()).get('bytes', [owner, id, of]))?.bytes;
    },

    async remove(id) {
      const transaction = await begin();
      void transaction.objectStore('uploads').delete([owner, id]).catch(ignored);
      void transaction.objectStore('bytes').delete(rangeOf(id)).catch(ignored);
      await transaction.done;
    },

    async clear() {
      // Where it fails now, it is done the next time.
      notes.set(uploadNote(owner), toBeCleared);
      await empty(await connect());
    },
  };
}

const ignored = () => {};
