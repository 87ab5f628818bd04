/** Work on the same thing, one after another; work on different things runs side by side. */
export interface Turns {
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  /** Whether work on it is under way, or waits. */
  isBusy(key: string): boolean;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

export function createKeyedTurns(): Turns {
  /** The last of each: settled once it is done, whatever became of it. */
  const lasts = new Map<string, Promise<void>>();

  return {
    run(key, work) {
      const result = (lasts.get(key) ?? Promise.resolve()).then(work);
      const last = result
        .then(
          () => {},
          () => {},
        )
        .then(() => {
          if (lasts.get(key) === last) lasts.delete(key);
        });
      lasts.set(key, last);
      return result;
    },
    isBusy: (key) => lasts.has(key),
    async settled() {
      while (lasts.size > 0) await Promise.all(lasts.values());
    },
  };
}
