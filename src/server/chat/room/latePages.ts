/**
 * Pages of rooms that cannot be read while others can, as one client waits for them: each is tried again by
 * itself, less often as time passes, and not for all clients at once. The client need not ask.
 */
import type { Random, Time } from '../../../connection/ports';
import { RoomUnavailableError } from '../../log/log';
import { createKeyedTimers, type KeyedTimers } from './keyedTimers';

/** After how long a page is tried again, in ms: twice as long after each try, up to the longest, and up to twice that by chance. */
const firstMs = 1_000;
const longestMs = 10_000;

export class LatePages {
  readonly #random: Random;
  /** By room: one page of each, as the latest makes up for those before. */
  readonly #timers: KeyedTimers<string>;

  constructor({ time, random }: { time: Time; random: Random }) {
    this.#random = random;
    this.#timers = createKeyedTimers(time);
  }

  /** Calls back when the page of the room is to be tried again, after so many tries. */
  tryAgain(room: string, tries: number, again: () => void): void {
    this.forget(room);
    const delayMs = Math.min(firstMs * 2 ** tries, longestMs) * (1 + this.#random());
    this.#timers.start(room, delayMs, again);
  }

  /** The page of the room has come, or nobody waits for it any more. */
  forget(room: string): void {
    this.#timers.stop(room);
  }

  clear(): void {
    this.#timers.clear();
  }
}

/** The answer, or undefined where the room is damaged. */
export async function orNoneWhereDamaged<Answer>(
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RoomUnavailableError) return undefined;
    throw error;
  }
}
