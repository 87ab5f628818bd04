/**
 * Work that is asked for by key: done once at a time for each key, and again if it was asked for meanwhile.
 * Of all keys only so many are worked on at once, so that whoever asks for much does not flood who answers.
 */
export interface KeyedWork {
  ask(key: string): void;
  /** Forgets what has not begun. */
  clear(): void;
  /** Resolves once nothing is asked for and nothing under way. */
  settled(): Promise<void>;
}

export interface KeyedWorkOptions {
  maxAtOnce: number;
  work(key: string): Promise<void>;
  /** Told of what `work` rejects with. */
  onError(error: unknown): void;
}

export function createKeyedWork({ maxAtOnce, work, onError }: KeyedWorkOptions): KeyedWork {
  const asked = new Set<string>();
  const underWay = new Set<string>();
  let waiting: (() => void)[] = [];
  let isBeginning = false;

  function beginSoon() {
    if (isBeginning) return;
    isBeginning = true;
    // What is asked for in one go is found together.
    queueMicrotask(() => {
      isBeginning = false;
      begin();
    });
  }

  function begin() {
    for (const key of asked) {
      if (underWay.size >= maxAtOnce) return;
      if (underWay.has(key)) continue;
      asked.delete(key);
      underWay.add(key);
      void work(key)
        .catch(onError)
        .finally(() => {
          underWay.delete(key);
          begin();
        });
    }
    if (asked.size > 0 || underWay.size > 0) return;
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve();
  }

  return {
    ask(key) {
      asked.add(key);
      beginSoon();
    },
    clear() {
      asked.clear();
    },
    settled: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        beginSoon();
      }),
  };
}
