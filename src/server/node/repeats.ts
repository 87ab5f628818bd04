/**
 * What happens again and again, told without being drowned in it: the first time at once, then how often
 * it happened again, once in a while. Who floods the server must not be able to flood its log.
 */
import type { Cancel, Time } from '../../connection/ports';

export interface Repeats<What> {
  happened(what: What): void;
  /** Tells what is untold; leaves no timer. */
  close(): void;
}

/** How long a repeated thing waits to be told, in ms. */
const restMs = 10_000;

/** There should be few different things: each is remembered while it goes on. */
export function createRepeats<What>(
  time: Time,
  tell: (what: What, times: number) => void,
): Repeats<What> {
  const resting = new Map<What, { untold: number; cancel: Cancel }>();

  function rest(what: What) {
    const cancel = time.after(restMs, () => {
      const { untold = 0 } = resting.get(what) ?? {};
      resting.delete(what);
      if (untold === 0) return;
      tell(what, untold);
      rest(what);
    });
    resting.set(what, { untold: 0, cancel });
  }

  return {
    happened(what) {
      const again = resting.get(what);
      if (again) {
        again.untold += 1;
        return;
      }
      tell(what, 1);
      rest(what);
    },
    close() {
      for (const [what, { untold, cancel }] of resting) {
        cancel();
        if (untold > 0) tell(what, untold);
      }
      resting.clear();
    },
  };
}
