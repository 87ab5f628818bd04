/**
 * `localStorage` and `sessionStorage` as something that may be missing: a browser can forbid them,
 * and then the page goes on without a memory.
 */
export interface TextStorage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** The keys that begin so, as `get` takes them. */
  keys(prefix: string): string[];
}

/** Under which key the browser has what is called `key` here: other pages of the origin share its storage. */
export function storedKey(key: string): string {
  return `heartline.${key}`;
}

export function createTextStorage(kind: 'localStorage' | 'sessionStorage'): TextStorage {
  const use = <Result>(work: (storage: Storage) => Result): Result | undefined => {
    try {
      return work(window[kind]);
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => use((storage) => storage.getItem(storedKey(key))) ?? undefined,
    set: (key, value) => use((storage) => storage.setItem(storedKey(key), value)),
    keys: (prefix) =>
      use((storage) =>
        Object.keys(storage)
          .filter((key) => key.startsWith(storedKey(prefix)))
          .map((key) => key.slice(storedKey('').length)),
      ) ?? [],
    remove: (key) => use((storage) => storage.removeItem(storedKey(key))),
  };
}

/** Calls back when another page of this browser has changed something under keys that begin so. */
export function listenToStorage(prefix: string, onChange: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    // Without a key everything was cleared.
    if (key === null || key.startsWith(storedKey(prefix))) onChange();
  };
  window.addEventListener('storage', hear);
  return () => window.removeEventListener('storage', hear);
}
