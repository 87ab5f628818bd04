/** What is kept, as slow as a browser's storage is: a reload may come in between. `pause` passes while it works. */
import type { OutboxStorage } from '../chat/outboxEntry';
import type { UploadStorage } from '../chat/uploadRecord';

type Pause = () => Promise<void>;

/** As the page's: noted at once, and known to be kept a little later. */
export function slowOutbox(storage: OutboxStorage, pause: Pause): OutboxStorage {
  const knownLater = async <Value>(act: Promise<Value>): Promise<Value> => {
    const value = await act;
    await pause();
    return value;
  };
  return {
    async load() {
      const entries = await knownLater(storage.load());
      return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    put: (entry) => knownLater(storage.put(entry)),
    remove: (id) => knownLater(storage.remove(id)),
    takeOver: (from, to) => knownLater(storage.takeOver(from, to)),
    clear: () => knownLater(storage.clear()),
  };
}

/** Files are not noted: what a page was about to write when it went never comes to be. */
export function slowUploads(
  storage: UploadStorage,
  pause: Pause,
  isGone: () => boolean,
): UploadStorage {
  const afterAWhile = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    await pause();
    return isGone() ? new Promise(() => {}) : act();
  };
  return {
    load: () => afterAWhile(storage.load),
    add: (record, file) => afterAWhile(() => storage.add(record, file)),
    change: (...args) => afterAWhile(() => storage.change(...args)),
    bytes: (id, part) => afterAWhile(() => storage.bytes(id, part)),
    remove: (id) => afterAWhile(() => storage.remove(id)),
    clear: () => afterAWhile(storage.clear),
  };
}
