/**
 * What is known of people, in memory: for tests, and for who wants to leave nothing behind. What has
 * ended is forgotten as more comes in.
 */
import type { Time } from '../../../connection/ports';
import type { People } from '../ports';
import { createMemoryMarks } from './memoryMarks';
import type { NameKeys } from './nameText';

export interface MemoryPeopleOptions {
  /** `now()` is ms since 1970. */
  time: Pick<Time, 'now'>;
  /** What names are compared by. */
  keysOf(name: string): NameKeys | Promise<NameKeys>;
  /** How many names may be kept. */
  maxNames?: number;
  /** How many marks of what was read may be kept. */
  maxMarks?: number;
}

interface Hold {
  readonly userId: string;
  readonly untilMs: number;
}

/** How often what has ended is looked for, at most, in ms: it takes a look at everything. */
const sweepEveryMs = 60_000;

export function createMemoryPeople(options: MemoryPeopleOptions): People {
  const { time, keysOf, maxNames = 100_000, maxMarks = 100_000 } = options;
  const holds = new Map<string, Hold>();
  const revokedUntilMs = new Map<string, number>();
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  function sweep() {
    const nowMs = time.now();
    if (nowMs - sweptAtMs < sweepEveryMs) return;
    sweptAtMs = nowMs;
    for (const [key, { untilMs }] of holds) if (untilMs <= nowMs) holds.delete(key);
    for (const [id, untilMs] of revokedUntilMs) if (untilMs <= nowMs) revokedUntilMs.delete(id);
  }

  function holdOf(key: string): Hold | undefined {
    const hold = holds.get(key);
    return hold && hold.untilMs > time.now() ? hold : undefined;
  }

  return {
    names: {
      async claim({ id, name }, untilMs) {
        const keys = await keysOf(name);
        sweep();
        const found = keys.map(holdOf);
        if (found.some((hold) => hold && hold.userId !== id)) return false;
        if (!found.some(Boolean) && holds.size >= keys.length * maxNames) return false;
        for (const [index, key] of keys.entries()) {
          holds.set(key, { userId: id, untilMs: Math.max(untilMs, found[index]?.untilMs ?? 0) });
        }
        return true;
      },
      async release(userId) {
        for (const [key, hold] of holds) if (hold.userId === userId) holds.delete(key);
      },
    },
    revocations: {
      async revoke(userId, untilMs) {
        sweep();
        revokedUntilMs.set(userId, Math.max(untilMs, revokedUntilMs.get(userId) ?? 0));
      },
      isRevoked: async (userId) => (revokedUntilMs.get(userId) ?? 0) > time.now(),
    },
    marks: createMemoryMarks(maxMarks),
  };
}
