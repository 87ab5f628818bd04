/**
 * The ends of rooms in IndexedDB, in a database of their own: they can be had from the server again, and the
 * outbox, which cannot, must never wait for them. What comes out is parsed like anything from outside.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { loggedMessageSchema } from '../protocol/message';
import { userSchema } from '../protocol/user';
import type { KeptPage, PageStorage } from './keptPages';

const keptPage = v.object({
  me: userSchema,
  epoch: v.string(),
  messages: v.pipe(
    v.array(loggedMessageSchema),
    v.check((messages) =>
      messages.every(
        ({ seq }, index) => index === 0 || seq === (messages[index - 1]?.seq ?? 0) + 1,
      ),
    ),
  ),
  at: v.number(),
});

interface PagesSchema extends DBSchema {
  pages: {
    key: [owner: string, room: string];
    value: KeptPage & { owner: string; room: string };
    indexes: { 'by age': [owner: string, at: number] };
  };
}

/** How many rooms of one user are kept: those that were read last. */
export const keptRooms = 30;

/** The rooms of one `owner`, a server and a name. Opened at the first use. */
export function createPageStorage(owner: string, databaseName = 'heartline-pages'): PageStorage {
  let opening: Promise<IDBPDatabase<PagesSchema>> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = () => {
    opening ??= openDB<PagesSchema>(databaseName, 1, {
      upgrade(database) {
        const pages = database.createObjectStore('pages', { keyPath: ['owner', 'room'] });
        pages.createIndex('by age', ['owner', 'at']);
      },
      // A newer page wants another shape of it: this one can do without.
      blocking: (_, __, { target }) => {
        if (target instanceof IDBDatabase) target.close();
        forget();
      },
      terminated: forget,
    });
    // What stands in the way now may be gone later.
    opening.catch(forget);
    return opening;
  };

  return {
    async load(room) {
      const row: unknown = await (await open()).get('pages', [owner, room]);
      const parsed = v.safeParse(keptPage, row);
      return parsed.success ? parsed.output : undefined;
    },

    async save(room, page) {
      const transaction = (await open()).transaction('pages', 'readwrite');
      const { store } = transaction;
      const before = await store.get([owner, room]);
      // Another page of the same user may have read on.
      const isBehind = before?.epoch === page.epoch && lastSeq(before) > lastSeq(page);
      if (!isBehind) {
        await store.put({ ...page, owner, room });
        const ages = store.index('by age');
        const ownAges = IDBKeyRange.bound([owner], [owner, []]);
        const tooMany = (await ages.count(ownAges)) - keptRooms;
        if (tooMany > 0) {
          for (const key of await ages.getAllKeys(ownAges, tooMany)) await store.delete(key);
        }
      }
      await transaction.done;
    },

    async remove(room) {
      await (await open()).delete('pages', [owner, room]);
    },

    async clear() {
      await (await open()).delete('pages', IDBKeyRange.bound([owner], [owner, []]));
    },
  };
}

const lastSeq = ({ messages }: Pick<KeptPage, 'messages'>) => messages.at(-1)?.seq ?? 0;
