/** The watch over the line, kept by the page's clock. */
import { useEffect, useState } from 'react';
import { calmWatch, type LineWatch, watchLine } from './lineWatch';
import type { LineWord } from './lineWord';

export function useLineWatch(word: LineWord): LineWatch {
  const [watch, setWatch] = useState(calmWatch);
  const { changesAt } = watch;

  useEffect(() => {
    setWatch((last) => watchLine(last, word, performance.now()));
  }, [word]);

  useEffect(() => {
    if (changesAt === undefined) return;
    // A timer may come a fraction of a millisecond early: what is due is due.
    const onDue = () => setWatch((last) => watchLine(last, word, changesAt));
    const timer = setTimeout(onDue, Math.max(0, changesAt - performance.now()));
    return () => clearTimeout(timer);
  }, [changesAt, word]);

  return watch;
}
