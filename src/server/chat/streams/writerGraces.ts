/**
 * Finds which users are gone for good, of those whose last line here has ended: after a grace, and only if they have
 * no line at another gateway either.
 */
import type { Cancel, Time } from '../../../connection/ports';

export interface WriterGraces {
  /** The user has no line here any more. `at once`: and is not coming back. Said again, the time begins anew. */
  left(userId: string, how: 'at once' | 'after a grace'): void;
  /** Leaves no timer. */
  clear(): void;
}

export interface WriterGracesOptions {
  time: Time;
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
  hasLine(userId: string): boolean;
  /** Whether the user has a line at another gateway. Where that cannot be known, nobody is gone. */
  isElsewhere(userId: string): Promise<boolean>;
  gone(userId: string): void;
}

export function createWriterGraces(options: WriterGracesOptions): WriterGraces {
  const { time, graceMs, hasLine, isElsewhere, gone } = options;
  const running = new Map<string, Cancel>();
  let isCleared = false;

  function cancel(userId: string) {
    running.get(userId)?.();
    running.delete(userId);
  }

  async function look(userId: string) {
    if (hasLine(userId) || (await isElsewhere(userId).catch(() => true))) return;
    if (!hasLine(userId) && !isCleared) gone(userId);
  }

  return {
    left(userId, how) {
      cancel(userId);
      if (how === 'at once') return void look(userId);
      const cancelGrace = time.after(graceMs, () => {
        running.delete(userId);
        void look(userId);
      });
      running.set(userId, cancelGrace);
    },
    clear() {
      isCleared = true;
      for (const userId of [...running.keys()]) cancel(userId);
    },
  };
}
