/**
 * The outbox's storage in IndexedDB, where it survives reload, crash and outage. What comes out of it
 * is parsed like anything from outside: an older page may have written it.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import type { OutboxStorage, StoredEntry } from './outbox';

const storedEntry = v.object({
  id: v.string(),
  room: v.string(),
  body: v.string(),
  at: v.number(),
  failure: v.optional(v.object({ code: v.string(), message: v.string() })),
});

interface OutboxSchema extends DBSchema {
  outbox: { key: [owner: string, id: string]; value: StoredEntry & { owner: string } };
}

/**
 * The messages of one `owner` (a server and a name) in a database that all share. It is opened at the
 * first use; where the browser gives none, every call rejects.
 */
export function createOutboxStorage(owner: string, databaseName = 'heartline'): OutboxStorage {
  let opening: Promise<IDBPDatabase<OutboxSchema>> | undefined;
  const open = () => {
    opening ??= openDB<OutboxSchema>(databaseName, 1, {
      upgrade(database) {
        database.createObjectStore('outbox', { keyPath: ['owner', 'id'] });
      },
    });
    return opening;
  };
  return {
    async load() {
      const database = await open();
      const mine = IDBKeyRange.bound([owner], [owner, []]);
      const found: unknown[] = await database.getAll('outbox', mine);
      return found.flatMap((value) => {
        const parsed = v.safeParse(storedEntry, value);
        return parsed.success ? [{ failure: undefined, ...parsed.output }] : [];
      });
    },
    async put(entry) {
      const database = await open();
      await database.put('outbox', { ...entry, owner });
    },
    async remove(id) {
      const database = await open();
      await database.delete('outbox', [owner, id]);
    },
  };
}
