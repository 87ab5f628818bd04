/**
 * The outbox's storage in IndexedDB, where it survives reload, crash and outage. A page that goes takes
 * with it what IndexedDB has not committed, so each message is noted down at once, in a storage that
 * writes while one waits, until it has. What comes out is parsed like anything from outside: an older
 * page may have written it.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { aboutSentSchema } from '../protocol/about';
import {
  fileNameSchema,
  fileSizeSchema,
  fileTypeSchema,
  pictureSideSchema,
} from '../protocol/file';
import type { OutboxStorage, StoredEntry } from './outboxEntry';

const storedEntry = v.object({
  id: v.string(),
  room: v.string(),
  roomKey: v.optional(v.string()),
  // What cannot be read here is passed over whole: a change must not go out as a message.
  about: v.optional(aboutSentSchema),
  body: v.string(),
  file: v.optional(
    v.object({
      upload: v.string(),
      preview: v.optional(v.string()),
      name: fileNameSchema,
      type: fileTypeSchema,
      size: fileSizeSchema,
      width: v.optional(pictureSideSchema),
      height: v.optional(pictureSideSchema),
    }),
  ),
  at: v.number(),
  isRewritten: v.optional(v.boolean()),
  failure: v.optional(v.object({ code: v.string(), message: v.string() })),
  // Rows of earlier versions name no page: theirs is gone.
  page: v.optional(v.string(), ''),
});

/** Texts by key, written at once: `localStorage`, say. */
export interface NoteStorage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** The keys that begin so. */
  keys(prefix: string): string[];
}

interface OutboxSchema extends DBSchema {
  outbox: { key: [owner: string, id: string]; value: StoredEntry & { owner: string } };
}

/**
 * The messages of one `owner` (a server and a name) in a database that all share. It is opened at the
 * first use; where the browser gives none, every call rejects.
 */
export function createOutboxStorage(
  owner: string,
  notes: NoteStorage,
  databaseName = 'heartline',
): OutboxStorage {
  let opening: Promise<IDBPDatabase<OutboxSchema>> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = () => {
    opening ??= openDB<OutboxSchema>(databaseName, 1, {
      upgrade(database) {
        database.createObjectStore('outbox', { keyPath: ['owner', 'id'] });
      },
      // Safari may take the connection from a page in the background.
      terminated: forget,
    });
    // What stands in the way now may be gone later.
    opening.catch(forget);
    return opening;
  };
  // No owner's prefix is the beginning of another's.
  const notePrefix = `note ${encodeURIComponent(owner)} `;
  const noteKey = (id: string) => `${notePrefix}${id}`;

  async function put(entry: StoredEntry) {
    const database = await open();
    await database.put('outbox', { ...entry, owner });
    notes.remove(noteKey(entry.id));
  }

  const ownRange = () => IDBKeyRange.bound([owner], [owner, []]);
  const noted = () => entriesOf(notes.keys(notePrefix).map((key) => parseJson(notes.get(key))));

  return {
    async load() {
      const database = await open();
      const rows = entriesOf(await database.getAll('outbox', ownRange()));
      // A note is written before its row, so where both are there the later one stands.
      const latest = new Map([...rows, ...noted()].map((entry) => [entry.id, entry]));
      return [...latest.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    put(entry) {
      notes.set(noteKey(entry.id), JSON.stringify(entry));
      return put(entry);
    },
    async remove(id) {
      notes.remove(noteKey(id));
      const database = await open();
      await database.delete('outbox', [owner, id]);
    },
    async takeOver(from, to) {
      const database = await open();
      const transaction = database.transaction('outbox', 'readwrite');
      const rows = entriesOf(await transaction.store.getAll(ownRange()));
      const left = noted().filter(({ page }) => page === from);
      for (const entry of [...rows, ...left]) {
        if (entry.page === from) void transaction.store.put({ ...entry, page: to, owner });
      }
      await transaction.done;
      for (const { id } of left) notes.remove(noteKey(id));
    },
    async clear() {
      for (const key of notes.keys(notePrefix)) notes.remove(key);
      const database = await open();
      await database.delete('outbox', ownRange());
    },
  };
}

/** What can be read as an entry; the rest is passed over. */
function entriesOf(values: unknown[]): StoredEntry[] {
  return values.flatMap((value) => {
    const parsed = v.safeParse(storedEntry, value);
    return parsed.success ? [{ failure: undefined, ...parsed.output }] : [];
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
