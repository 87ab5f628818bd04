/** Counts down to a moment, for the eye only: nothing is decided by it. */
import { useEffect, useState } from 'react';
import { useLab } from '../store/labStore';

/** A wait that is shorter than this, in ms, is over before its number could be read. */
export const leastWaitMs = 5_000;

/**
 * Whole seconds until `at` (ms since 1970, by the connection's clock), rounded up, never below 0. Undefined without one, and through
 * the whole of a wait that was short from its start.
 */
export function useCountdown(at: number | undefined): number | undefined {
  const { now } = useLab((state) => state.actions);
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    if (at === undefined || at - now() < leastWaitMs) return;
    const tick = () => setSeconds(Math.max(0, Math.ceil((at - now()) / 1_000)));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => {
      clearInterval(timer);
      setSeconds(undefined);
    };
  }, [at, now]);
  return seconds;
}
