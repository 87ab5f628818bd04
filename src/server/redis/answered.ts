import type { Time } from '../../connection/ports';

/** The same promise, but no later than that: rejects then, whatever becomes of it. */
export function answeredWithin<T>(promise: Promise<T>, time: Time, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(timeoutMs, () =>
      reject(new Error(`Redis did not answer for ${timeoutMs} ms`)),
    );
    promise.finally(cancel).then(resolve, reject);
  });
}
