/** Remembers, beyond a visit, how long the network on the way to a server lets a line be silent. */
import * as v from 'valibot';
import type { TextStorage } from './browserStorage';
import type { LimitMemory } from './connection/adaptiveInterval';

const limit = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    silenceMs: v.pipe(v.number(), v.minValue(1_000)),
    at: v.pipe(v.number(), v.minValue(0)),
  }),
);

export function createLimitMemory(storage: TextStorage, serverUrl: string): LimitMemory {
  const key = `heartbeat limit ${serverUrl}`;
  return {
    get() {
      const parsed = v.safeParse(limit, storage.get(key));
      return parsed.success ? parsed.output : undefined;
    },
    set: (found) => storage.set(key, JSON.stringify(found)),
  };
}
