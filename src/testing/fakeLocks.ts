/** Web Locks in memory, as the specification has them: granted in turn, stolen, given up by signal. */
export type FakeLocks = Pick<LockManager, 'request'>;

interface Request {
  granted: () => void;
  fail: (reason: unknown) => void;
}

export function createFakeLocks(): FakeLocks {
  /** By name: the holder first, then who waits. */
  const queues = new Map<string, Request[]>();

  function request<T>(
    name: string,
    optionsOrCallback: LockOptions | LockGrantedCallback<T>,
    maybeCallback?: LockGrantedCallback<T>,
  ): Promise<Awaited<T>> {
    const options = typeof optionsOrCallback === 'function' ? {} : optionsOrCallback;
    const callback = typeof optionsOrCallback === 'function' ? optionsOrCallback : maybeCallback;
    if (!callback) return Promise.reject(new TypeError('no callback'));
    return new Promise((resolve, reject) => {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      const leave = () => {
        const index = queue.indexOf(entry);
        queue.splice(index, index < 0 ? 0 : 1);
        if (index === 0) queue[0]?.granted();
      };
      const entry: Request = {
        granted() {
          queueMicrotask(() => {
            if (queue[0] !== entry) return;
            Promise.resolve(callback({ name, mode: 'exclusive' }))
              .then(resolve, reject)
              .finally(leave);
          });
        },
        fail: reject,
      };
      const abort = () => reject(new DOMException('given up', 'AbortError'));
      options.signal?.addEventListener('abort', () => {
        if (queue.indexOf(entry) === 0) return;
        leave();
        abort();
      });
      if (options.ifAvailable && queue.length > 0) {
        Promise.resolve(callback(null)).then(resolve, reject);
        return;
      }
      if (options.steal) {
        queue.shift()?.fail(new DOMException('stolen', 'AbortError'));
        queue.unshift(entry);
      } else {
        queue.push(entry);
      }
      if (queue[0] === entry) entry.granted();
    });
  }
  return { request };
}
