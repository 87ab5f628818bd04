/** The ends of rooms in memory, in place of IndexedDB; several pages may share them. */
import type { KeptPage, PageStorage } from '../chat/keptPages';

export function createMemoryPages(rows = new Map<string, KeptPage>()) {
  const storage: PageStorage = {
    load: async (room) => rows.get(room),
    save: async (room, page) => void rows.set(room, page),
    remove: async (room) => void rows.delete(room),
    clear: async () => rows.clear(),
  };
  return { storage, rows };
}
