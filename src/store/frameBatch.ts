/**
 * At most one update for each frame that is painted: what comes in a burst is drawn once. Each update
 * holds everything, so only the latest is needed and none is lost.
 */

/** Calls back once before the next paint; a hidden page, which paints nothing, is called all the same. */
export type NextFrame = (callback: () => void) => void;

/** How long a page that is not painted waits, in ms. */
const unpaintedMs = 100;

export const nextFrame: NextFrame = (callback) => {
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    callback();
  });
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    callback();
  }, unpaintedMs);
};

/** A function that hands its latest argument to `apply`, once a frame. */
export function oncePerFrame<Value>(
  apply: (value: Value) => void,
  schedule: NextFrame,
): (value: Value) => void {
  let latest: { value: Value } | undefined;
  return (value) => {
    if (!latest) {
      schedule(() => {
        const due = latest;
        latest = undefined;
        if (due) apply(due.value);
      });
    }
    latest = { value };
  };
}
