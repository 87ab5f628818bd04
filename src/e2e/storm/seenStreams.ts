/** Notes what somebody is shown of messages that are being written: one that only grows is one note. */
import type { SeenStream } from './stormOutcome';

export interface StreamNotes {
  readonly all: readonly SeenStream[];
  note(seen: SeenStream): void;
}

export function createStreamNotes(): StreamNotes {
  const all: SeenStream[] = [];
  /** Where the latest note of each stream is. */
  const latest = new Map<string, number>();
  return {
    all,
    note(seen) {
      const key = `${seen.author}\0${seen.id}`;
      const at = latest.get(key);
      const before = at === undefined ? undefined : all[at];
      if (at !== undefined && before && seen.text.startsWith(before.text)) {
        all[at] = seen;
        return;
      }
      latest.set(key, all.length);
      all.push(seen);
    },
  };
}
