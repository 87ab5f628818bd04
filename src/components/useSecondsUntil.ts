/** Counts down to a moment, for the eye only: nothing is decided by it. */
import { useEffect, useState } from 'react';

/** Whole seconds until `at` (ms since 1970), rounded up, never below 0; undefined without one. */
export function useSecondsUntil(at: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [at]);
  return at === undefined ? undefined : Math.max(0, Math.ceil((at - now) / 1_000));
}
