/** Takes from a test the databases that it has open, as Safari does to a page in the background. */
import { forceCloseDatabase, IDBDatabase } from 'fake-indexeddb';
import { onTestFinished, vi } from 'vitest';

/** Follows what is opened from now on, with `fake-indexeddb` in the place of the browser's. */
export function watchConnections() {
  const open = vi.spyOn(indexedDB, 'open');
  onTestFinished(() => open.mockRestore());
  return {
    lose() {
      for (const { value } of open.mock.results) {
        if (value.result instanceof IDBDatabase) forceCloseDatabase(value.result);
      }
    },
  };
}
