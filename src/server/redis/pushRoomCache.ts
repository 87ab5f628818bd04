/**
 * Remembers for a while who is pushed to in a room, as that is asked for with every message. After that only
 * the version is asked for, and all of it where that has changed. Bounded: rooms asked for longest ago give way.
 */
import type { Time } from '../../connection/ports';
import type { PushRegistration } from '../chat/push/pushPorts';

/** What is in a room, under the version that says so. */
export interface PushRoom {
  readonly version: string;
  readonly registrations: readonly PushRegistration[];
}

export interface PushRoomCacheOptions {
  /** Reads a room; undefined if it is still at `version`. */
  read(room: string, version: string | undefined): Promise<PushRoom | undefined>;
  time: Pick<Time, 'now'>;
  /** For how long a room is remembered, in ms. */
  rememberedMs: number;
  /** How many rooms are remembered, and how many registrations in all of them, or one room. */
  maxRooms?: number;
  maxRegistrations?: number;
}

export interface PushRoomCache {
  inRoom(room: string): Promise<readonly PushRegistration[]>;
  /** The room has changed: it is asked for anew. */
  changed(room: string): void;
}

interface Entry {
  known: PushRoom | undefined;
  freshUntilMs: number;
  /** The one question on its way. A room that changed meanwhile is asked for once more. */
  asking: Promise<PushRoom> | undefined;
}

const emptyRoom: PushRoom = { version: '', registrations: [] };

export function createPushRoomCache(options: PushRoomCacheOptions): PushRoomCache {
  const { read, time, rememberedMs, maxRooms = 10_000, maxRegistrations = 100_000 } = options;
  /** Those that were asked for last at the end. */
  const entries = new Map<string, Entry>();
  let registrations = 0;

  function drop(room: string) {
    registrations -= entries.get(room)?.known?.registrations.length ?? 0;
    entries.delete(room);
  }

  function makeRoom() {
    for (const room of entries.keys()) {
      const fits = entries.size <= maxRooms && registrations <= maxRegistrations;
      if (fits || entries.size === 1) return;
      drop(room);
    }
  }

  function entryOf(room: string): Entry {
    const entry = entries.get(room) ?? {
      known: undefined,
      freshUntilMs: Number.NEGATIVE_INFINITY,
      asking: undefined,
    };
    entries.delete(room);
    entries.set(room, entry);
    return entry;
  }

  function ask(room: string, entry: Entry): Promise<PushRoom> {
    const askedAtMs = time.now();
    const { known } = entry;
    const asking = read(room, known?.version).then(
      (answer) => {
        const now = answer ?? known ?? emptyRoom;
        if (entry.asking !== asking || entries.get(room) !== entry) return now;
        entry.asking = undefined;
        entry.freshUntilMs = askedAtMs + rememberedMs;
        entry.known = now;
        registrations += now.registrations.length - (known?.registrations.length ?? 0);
        makeRoom();
        return now;
      },
      (error: unknown) => {
        if (entry.asking === asking) entry.asking = undefined;
        throw error;
      },
    );
    entry.asking = asking;
    makeRoom();
    return asking;
  }

  return {
    async inRoom(room) {
      const entry = entryOf(room);
      if (entry.known && time.now() < entry.freshUntilMs) return entry.known.registrations;
      return (await (entry.asking ?? ask(room, entry))).registrations;
    },

    changed(room) {
      const entry = entries.get(room);
      if (!entry) return;
      entry.freshUntilMs = Number.NEGATIVE_INFINITY;
      entry.asking = undefined;
    },
  };
}
