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
    const cancel = time.after(timeoutMs, () =>
      reject(new Error(`Redis did not answer for ${timeoutMs} ms`)),
    );
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
