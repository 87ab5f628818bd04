import { useState } from 'react';

/** How many rows a simple list has to begin with, and how many more at a time. */
const step = 200;

export interface SimpleCount {
  /** The index of the first row that is drawn. */
  from: number;
  /** Draws older rows, and loads such if there are few left. */
  more(): void;
  /** Draws so many that a row is among them. */
  include(index: number): void;
}

export function useSimpleCount(rowCount: number, load: () => void): SimpleCount {
  const [count, setCount] = useState(step);
  const from = Math.max(0, rowCount - count);
  return {
    from,
    more() {
      setCount(count + step);
      if (from < step) load();
    },
    include: (index) => setCount((known) => Math.max(known, rowCount - index)),
  };
}
