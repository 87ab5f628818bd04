/**
 * Calls what others have written. A mistake there is reported, as it is of any event's listener, and
 * stops nothing here: neither who else listens nor the next try.
 */
export function callSafely(call: () => void): void {
  try {
    call();
  } catch (error) {
    // Node has no `reportError`.
    if (globalThis.reportError) globalThis.reportError(error);
    else
      queueMicrotask(() => {
        throw error;
      });
  }
}
