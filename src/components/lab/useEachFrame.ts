/** Calls once for each frame that the browser draws, while the page is seen. */
import { useEffect, useEffectEvent } from 'react';

/** `leastMs`: with no less than so many ms between two calls. */
export function useEachFrame(onFrame: () => void, leastMs = 0): void {
  const draw = useEffectEvent(onFrame);
  useEffect(() => {
    let calledAt = Number.NEGATIVE_INFINITY;
    let handle = 0;
    const loop = (at: number) => {
      handle = requestAnimationFrame(loop);
      if (at - calledAt < leastMs) return;
      calledAt = at;
      draw();
    };
    handle = requestAnimationFrame(loop);
    return () => cancelAnimationFrame(handle);
  }, [leastMs]);
}
