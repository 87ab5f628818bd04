/**
 * Web Locks as signs of life: who holds one lives, as the browser lets it go when a page or a worker ends,
 * however that comes about. Where there are none (without TLS), heartbeats alone tell.
 */
import type { Cancel } from '../../connection/ports';

export type Locks = Pick<LockManager, 'request'>;

export const browserLocks = (): Locks | undefined => globalThis.navigator?.locks;

/** Holds the lock until cancelled. `onHeld` is called once it is, or at once where there are no locks. */
export function holdLock(
  locks: Locks | undefined,
  name: string,
  onHeld: (isHeld: boolean) => void,
): Cancel {
  let release: Cancel = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  if (!locks) onHeld(false);
  else {
    let isHeld = false;
    locks
      .request(name, () => {
        isHeld = true;
        onHeld(true);
        return released;
      })
      .catch(() => {
        if (!isHeld) onHeld(false);
      });
  }
  return release;
}

/**
 * Calls back when who holds the lock has let it go, unless cancelled before. A lock that is free from the
 * beginning says nothing: after a browser has forgotten a site's data, pages that are loaded anew do not see
 * the locks of the workers that went on, nor these theirs.
 */
export function whenLockIsFree(locks: Locks | undefined, name: string, onFree: () => void): Cancel {
  const waiting = new AbortController();
  const { signal } = waiting;
  const wait = async () => {
    const isSeen = await locks?.request(
      name,
      { ifAvailable: true, mode: 'shared' },
      (free) => !free,
    );
    if (!isSeen || signal.aborted) return;
    await locks?.request(name, { signal, mode: 'shared' }, () => {
      if (!signal.aborted) onFree();
    });
  };
  // Cancelled, or without locks.
  wait().catch(() => {});
  return () => waiting.abort();
}
