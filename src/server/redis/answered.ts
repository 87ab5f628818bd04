import type { Time } from '../../connection/ports';

/**
 * The same promise, but no later than that: rejects then, or once nobody wants it any more, whatever becomes
 * of it.
 */
export function answeredWithin<T>(
  promise: Promise<T>,
  time: Time,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Redis did not answer for ${timeoutMs} ms`));
    let cancel = time.after(timeoutMs, () => {
      // If this process was busy for so long, the answer may be there, and is read before this.
      cancel = time.after(0, late);
    });
    const giveUp = () => {
      cancel();
      reject(new Error('nobody waits any more'));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    promise
      .finally(() => {
        cancel();
        signal?.removeEventListener('abort', giveUp);
      })
      .then(resolve, reject);
  });
}
