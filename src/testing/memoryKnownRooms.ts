/** The rooms that one user knows, in memory, for any number of pages. */
import type { KeptRoom, KnownRoomsStorage } from '../chat/knownRooms';

export function createMemoryKnownRooms(kept: readonly KeptRoom[] = []) {
  const rows = new Map(kept.map((each) => [each.room, each]));
  const pages = new Set<() => void>();
  /** What one page sees of it. As in a browser, it hears of what the others do, and not of its own. */
  function openPage(): KnownRoomsStorage {
    let own = () => {};
    const change = (work: () => void) => {
      work();
      for (const page of pages) if (page !== own) page();
    };
    return {
      load: () => [...rows.values()],
      put: (room) => change(() => rows.set(room.room, room)),
      remove: (room) => change(() => rows.delete(room)),
      clear: () => change(() => rows.clear()),
      listen(onChange) {
        own = onChange;
        pages.add(onChange);
        return () => pages.delete(onChange);
      },
    };
  }
  return { rows, openPage };
}
