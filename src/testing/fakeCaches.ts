/** The browser's caches in memory, as far as the page uses them. */

type Named = string | Request | URL;
const keyOf = (request: Named) => (request instanceof Request ? request.url : String(request));

export interface FakeCaches extends Pick<CacheStorage, 'open' | 'keys' | 'delete'> {
  /** From now on nothing can be put into them: the disk is full. */
  fill(): void;
}

export function createFakeCaches(): FakeCaches {
  const all = new Map<string, Cache>();
  let isFull = false;

  function createCache(): Cache {
    const rows = new Map<string, Response>();
    const unused = () => Promise.reject(new Error('no test needs this'));
    return {
      match: async (request: Named) => rows.get(keyOf(request))?.clone(),
      async put(request: Named, response: Response) {
        if (isFull) throw new DOMException('the disk is full', 'QuotaExceededError');
        rows.set(keyOf(request), response.clone());
      },
      delete: async (request: Named) => rows.delete(keyOf(request)),
      keys: async () => [...rows.keys()].map((url) => new Request(url)),
      add: unused,
      addAll: unused,
      matchAll: unused,
    };
  }

  return {
    async open(name) {
      const cache = all.get(name) ?? createCache();
      all.set(name, cache);
      return cache;
    },
    keys: async () => [...all.keys()],
    delete: async (name) => all.delete(name),
    fill() {
      isFull = true;
    },
  };
}
