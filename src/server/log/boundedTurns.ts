/** Makes calls so many at a time, in the order in which they come. */
export type InTurn = <T>(call: () => Promise<T>) => Promise<T>;

export function createBoundedTurns(maxAtOnce: number): InTurn {
  let underWay = 0;
  /** What waits, from `first` on: a queue of many is not moved for each. */
  let waiting: (() => void)[] = [];
  let first = 0;

  function letNextBegin() {
    const next = waiting[first];
    if (!next) {
      underWay -= 1;
      waiting = [];
      first = 0;
      return;
    }
    first += 1;
    next();
  }

  return async (call) => {
    if (underWay < maxAtOnce) underWay += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      letNextBegin();
    }
  };
}
