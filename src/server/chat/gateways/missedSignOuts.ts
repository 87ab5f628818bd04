/**
 * Finds which users with a line here have signed out at another gateway while nobody could tell so. All are
 * asked about, some at a time: those who come meanwhile are asked about when they come.
 */
import type { Cancel, Random, Time } from '../../../connection/ports';
import { LogUnavailableError } from '../../log/log';
import type { Users } from '../people/users';
import type { Revocations } from '../ports';

export interface MissedSignOuts {
  /** Some may have been missed up to now. */
  look(): void;
  /** Asks nothing more, and leaves no timer. */
  clear(): void;
}

export interface MissedSignOutsOptions {
  users: Pick<Users, 'ids'>;
  revocations: Pick<Revocations, 'isRevoked'>;
  time: Time;
  random: Random;
  /** The user has signed out. */
  signedOut(userId: string): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** So many users are asked about at once. */
export const usersAtOnce = 100;
/** How long it rests after that, in ms: 20,000 users take 20 s. */
const restMs = 100;
/** After how long it asks again when nobody could answer, in ms; up to twice as long. */
const retryMs = 1_000;

export function createMissedSignOuts(options: MissedSignOutsOptions): MissedSignOuts {
  const { users, revocations, time, random, signedOut, onError } = options;
  /** Who is still to be asked about. */
  let unasked: string[] = [];
  let isAsking = false;
  let isCleared = false;
  let cancelNext: Cancel | undefined;

  async function askAbout(userId: string): Promise<void> {
    if ((await revocations.isRevoked(userId)) && !isCleared) signedOut(userId);
  }

  async function askSome(): Promise<void> {
    const some = unasked.splice(0, usersAtOnce);
    const results = await Promise.allSettled(some.map(askAbout));
    if (isCleared) return;
    const unanswered = some.filter((_, index) => results[index]?.status === 'rejected');
    unasked.push(...unanswered);
    for (const result of results) {
      if (result.status === 'rejected' && !(result.reason instanceof LogUnavailableError)) {
        onError(result.reason);
      }
    }
    const delayMs = unanswered.length > 0 ? retryMs * (1 + random()) : restMs;
    cancelNext = time.after(delayMs, () => {
      cancelNext = undefined;
      askNext();
    });
  }

  function askNext() {
    if (isAsking || cancelNext || isCleared || unasked.length === 0) return;
    isAsking = true;
    void askSome().finally(() => {
      isAsking = false;
    });
  }

  return {
    look() {
      unasked = [...users.ids()];
      askNext();
    },
    clear() {
      isCleared = true;
      cancelNext?.();
    },
  };
}
