/**
 * Sees to it that what was deleted is soon in no file any more: the write-ahead log has it until that is
 * emptied. That costs some syncs, so it is done once for all that was deleted in a few seconds.
 */

/** How long after a deletion, in ms; everything that is deleted meanwhile goes with it. */
const eraseDelayMs = 3_000;

/** How soon it is tried again, in ms, where somebody reads on or the disk does not take it. */
const eraseRetryMs = 1_000;

export interface Erasing {
  /** Something was deleted, or may have been. */
  owe(): void;
  /** Nothing is tried any more. */
  stop(): void;
}

export interface ErasingOptions {
  /** Whether nothing is left; an error counts as no. Does not wait for who reads. */
  erase(): boolean;
  /** Calls back in `delayMs`; nobody has to wait for it at the end. */
  after(delayMs: number, callback: () => void): void;
}

export function createErasing({ erase, after }: ErasingOptions): Erasing {
  let isDue = false;
  let isStopped = false;

  function eraseIn(delayMs: number) {
    isDue = true;
    after(delayMs, () => {
      if (isStopped) return;
      isDue = false;
      if (!hasErased()) eraseIn(eraseRetryMs);
    });
  }

  function hasErased(): boolean {
    try {
      return erase();
    } catch {
      // A full disk, say.
      return false;
    }
  }

  return {
    owe() {
      if (!isDue) eraseIn(eraseDelayMs);
    },
    stop() {
      isStopped = true;
    },
  };
}
