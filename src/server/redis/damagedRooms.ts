/**
 * Tells which rooms are damaged in Redis, and what is wrong there: once for a room, again only in a while or
 * when it is something else, and that it is over when nothing has failed for a while. However many rooms somebody has
 * damaged, and however many people try to read them, the log is not flooded: some are named, the others later.
 */
import type { Time } from '../../connection/ports';

export interface DamagedRooms {
  /** Something could not be done in the room, for what is kept there: the error says more. */
  failed(room: string, error: unknown): void;
  /** Something was done in the room. */
  worked(room: string): void;
  /** One of the room's keys seems to hold something else than it should. */
  suspect(room: string): void;
}

export interface DamagedRoomsOptions {
  time: Pick<Time, 'now'>;
  /** Looks what is wrong, each with its key; nothing where that does not show from outside. May reject. */
  look(room: string): Promise<readonly string[]>;
  /** What the error says of it. */
  describe(error: unknown): string;
  onDamaged(room: string, what: string): void;
  onRepaired(room: string): void;
}

/** After how long a room is named again whose damage lasts, in ms. */
const restMs = 600_000;
/** How long a room is not looked at again, in ms. */
const lookRestMs = 10_000;
/** So many rooms are named in a minute. */
const maxNamed = { rooms: 20, inMs: 60_000 };
const maxRooms = 1_000;
/** A room in which nothing has failed for so long is well, in ms: whoever waits for it tries more often. */
const quietMs = 30_000;

interface DamagedRoom {
  failedAt: number;
  lookedAt: number;
  toldAt: number;
  /** What was told of it, while it lasts. */
  told: string | undefined;
}

export function createDamagedRooms(options: DamagedRoomsOptions): DamagedRooms {
  const { time, look, describe, onDamaged, onRepaired } = options;
  /** The one that failed longest ago comes first. */
  const rooms = new Map<string, DamagedRoom>();
  let named = { rooms: 0, since: Number.NEGATIVE_INFINITY };

  function roomOf(name: string): DamagedRoom {
    const never = Number.NEGATIVE_INFINITY;
    const room = rooms.get(name) ?? {
      ...{ failedAt: never, lookedAt: never, toldAt: never, told: undefined },
    };
    rooms.delete(name);
    rooms.set(name, room);
    for (const oldest of rooms.keys()) {
      if (rooms.size <= maxRooms) break;
      rooms.delete(oldest);
    }
    return room;
  }

  function mayName(now: number): boolean {
    if (now - named.since >= maxNamed.inMs) named = { rooms: 0, since: now };
    return named.rooms < maxNamed.rooms;
  }

  /** Where Redis has just gone, nothing is to be seen. */
  const lookNow = async (name: string): Promise<string | undefined> => {
    const found = await look(name).catch(() => []);
    return found.length > 0 ? found.join('; ') : undefined;
  };

  /** `said`: what is wrong, where that does not show from outside. */
  async function tell(name: string, room: DamagedRoom, said?: string): Promise<void> {
    const now = time.now();
    if (now - room.lookedAt < lookRestMs || !mayName(now)) return;
    room.lookedAt = now;
    const what = (await lookNow(name)) ?? said;
    const isNews = room.told !== what || now - room.toldAt >= restMs;
    if (what === undefined || !isNews || !mayName(now)) return;
    named.rooms += 1;
    Object.assign(room, { told: what, toldAt: now });
    onDamaged(name, what);
  }

  const isQuiet = (room: DamagedRoom) => time.now() - room.failedAt >= quietMs;

  async function tellRepaired(name: string, room: DamagedRoom): Promise<void> {
    if (room.told === undefined || (await lookNow(name)) !== undefined) return;
    if (!isQuiet(room) || room.told === undefined) return;
    // Damaged anew it is news again.
    room.told = undefined;
    onRepaired(name);
  }

  return {
    failed(name, error) {
      const room = roomOf(name);
      room.failedAt = time.now();
      void tell(name, room, describe(error));
    },

    worked(name) {
      const room = rooms.get(name);
      if (!room || room.told === undefined || !isQuiet(room)) return;
      const now = time.now();
      if (now - room.lookedAt < lookRestMs) return;
      room.lookedAt = now;
      void tellRepaired(name, room);
    },

    suspect(name) {
      const room = roomOf(name);
      room.failedAt = time.now();
      void tell(name, room);
    },
  };
}
