/**
 * Tells connections what is new in rooms that they watch without being in them. A room's news is read and
 * written once for all its watchers, at once when it was quiet and then once a second at most: what comes
 * meanwhile is told as it then is. A line that is behind is left out until it is not. A room is known here
 * only for as long as somebody watches it.
 */
import type { Cancel, Time } from '../../../connection/ports';
import { encode } from '../../../protocol/codec';
import type { User } from '../../../protocol/user';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import type { ReadMarks } from '../ports';
import { orNoneWhereDamaged } from './latePages';
import { encodeSummary, type ReadTexts, type RoomSummary, readSummary } from './roomSummary';
import type { SharedRooms } from './sharedRooms';

/** One connection of a user. */
export interface Watcher {
  readonly user: User;
  /** Sends an encoded frame. */
  tellSummary(frame: string): void;
  /** So much is unread already that what only counts while it is fresh is left out. */
  isBehind(): boolean;
}

export interface Watches {
  /**
   * Has the watcher watch these rooms, and no others any more. Tells it of each of them, and resolves
   * then; what comes later is told after that, and so is a room that is damaged. Rejects if the log is away.
   */
  watch(watcher: Watcher, rooms: readonly string[]): Promise<void>;
  /** The watcher is gone. */
  forget(watcher: Watcher): void;
  /** Something was said in the room, or changed. */
  changed(room: string): void;
  /** The user's mark in the room has moved. */
  markMoved(userId: string, room: string): void;
  /** How many rooms are watched. */
  readonly size: number;
  /** Forgets everyone, and leaves no timer. */
  clear(): void;
}

export interface WatchesOptions {
  log: MessageLog;
  marks: ReadMarks;
  time: Time;
  /** The rooms of all gateways: is told which of them are watched here. */
  shared: Pick<SharedRooms, 'open' | 'close' | 'ready'>;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** How long a room rests after it was told of, in ms. */
const restMs = 1_000;

/** What the user of a watcher has read, in that epoch; in none until it is looked up. */
interface KnownRead {
  readonly epoch?: string;
  readonly read?: ReadTexts;
}

interface WatchedRoom {
  readonly name: string;
  /** Each time that a mark moves its entry is another object. */
  readonly watchers: Map<Watcher, KnownRead>;
  /** What was last told, as long as nothing has changed. */
  summary: Promise<EncodedSummary> | undefined;
  /** Who is to be told. */
  waiting: Set<Watcher> | 'all';
  /** Running while the room rests. */
  cancelRest: Cancel | undefined;
}

interface EncodedSummary {
  readonly summary: RoomSummary;
  readonly text: string;
}

export function createWatches(options: WatchesOptions): Watches {
  const { log, marks, time, shared, onError } = options;
  const rooms = new Map<string, WatchedRoom>();
  const watched = new Map<Watcher, readonly string[]>();
  const byUser = new Map<string, Watcher[]>();
  /** Those who are yet to be told what they asked for: news would come before what is older. */
  const answering = new Set<Watcher>();

  function enter(name: string, watcher: Watcher): WatchedRoom {
    const known = rooms.get(name);
    const room: WatchedRoom = known ?? {
      name,
      watchers: new Map(),
      summary: undefined,
      waiting: new Set(),
      cancelRest: undefined,
    };
    if (!known) {
      shared.open(name);
      rooms.set(name, room);
    }
    if (!room.watchers.has(watcher)) room.watchers.set(watcher, {});
    return room;
  }

  function leave(name: string, watcher: Watcher) {
    const room = rooms.get(name);
    if (!room) return;
    room.watchers.delete(watcher);
    if (room.waiting !== 'all') room.waiting.delete(watcher);
    if (room.watchers.size > 0) return;
    room.cancelRest?.();
    rooms.delete(name);
    shared.close(name);
  }

  async function readReady(name: string): Promise<RoomSummary> {
    await shared.ready(name);
    return readSummary(log, name);
  }

  function summaryOf(room: WatchedRoom): Promise<EncodedSummary> {
    if (room.summary) return room.summary;
    const reading = readReady(room.name).then((summary) => ({ summary, text: encode(summary) }));
    room.summary = reading;
    reading.catch(() => {
      if (room.summary === reading) room.summary = undefined;
    });
    return reading;
  }

  async function textFor(room: WatchedRoom, watcher: Watcher): Promise<string> {
    const { summary, text } = await summaryOf(room);
    return encodeSummary(text, await readOf(room, watcher, summary.epoch));
  }

  /** None for a room that cannot be read just now, of which the watcher is told when it can. */
  async function textOrLater(room: WatchedRoom, watcher: Watcher): Promise<string[]> {
    const text = await orNoneWhereDamaged(textFor(room, watcher));
    if (text !== undefined) return [text];
    if (room.waiting !== 'all' && room.watchers.has(watcher)) room.waiting.add(watcher);
    return [];
  }

  async function readOf(room: WatchedRoom, watcher: Watcher, epoch: string): Promise<ReadTexts> {
    const known = room.watchers.get(watcher);
    if (known?.epoch === epoch) return known.read;
    const seq = await marks.seqOf(watcher.user.id, room.name, epoch);
    const read = seq > 0 ? { seq, texts: await log.textsUpTo(room.name, seq) } : undefined;
    // If it has moved on meanwhile, it is looked up again.
    if (known && room.watchers.get(watcher) === known) room.watchers.set(watcher, { epoch, read });
    return read;
  }

  function tellSoon(room: WatchedRoom) {
    if (!room.cancelRest && isWaiting(room)) tellAndRest(room);
  }

  function tellAndRest(room: WatchedRoom) {
    room.cancelRest = time.after(restMs, () => {
      room.cancelRest = undefined;
      tellSoon(room);
    });
    const told = room.waiting === 'all' ? [...room.watchers.keys()] : [...room.waiting];
    room.waiting = new Set();
    for (const watcher of told) {
      if (watcher.isBehind() || answering.has(watcher)) room.waiting.add(watcher);
      else void tellOne(room, watcher);
    }
  }

  async function tellOne(room: WatchedRoom, watcher: Watcher): Promise<void> {
    try {
      const text = await textFor(room, watcher);
      if (room.watchers.has(watcher)) watcher.tellSummary(text);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) return onError(error);
      if (!room.watchers.has(watcher)) return;
      // Tried again after the rest.
      if (room.waiting !== 'all') room.waiting.add(watcher);
      tellSoon(room);
    }
  }

  function remember(watcher: Watcher, names: readonly string[]) {
    if (!watched.has(watcher)) {
      const known = byUser.get(watcher.user.id);
      if (known) known.push(watcher);
      else byUser.set(watcher.user.id, [watcher]);
    }
    watched.set(watcher, names);
  }

  return {
    async watch(watcher, names) {
      const wanted = new Set(names);
      for (const name of watched.get(watcher) ?? []) {
        if (!wanted.has(name)) leave(name, watcher);
      }
      remember(watcher, [...wanted]);
      const entered = [...wanted].map((name) => enter(name, watcher));
      answering.add(watcher);
      try {
        const texts = await Promise.all(entered.map((room) => textOrLater(room, watcher)));
        if (watched.has(watcher)) for (const text of texts.flat()) watcher.tellSummary(text);
      } finally {
        answering.delete(watcher);
      }
      for (const room of entered) tellSoon(room);
    },

    forget(watcher) {
      for (const name of watched.get(watcher) ?? []) leave(name, watcher);
      watched.delete(watcher);
      const { id } = watcher.user;
      const left = (byUser.get(id) ?? []).filter((each) => each !== watcher);
      if (left.length > 0) byUser.set(id, left);
      else byUser.delete(id);
    },

    changed(name) {
      const room = rooms.get(name);
      if (!room) return;
      room.summary = undefined;
      room.waiting = 'all';
      tellSoon(room);
    },

    markMoved(userId, name) {
      const room = rooms.get(name);
      if (!room) return;
      for (const watcher of byUser.get(userId) ?? []) {
        if (!room.watchers.has(watcher)) continue;
        room.watchers.set(watcher, {});
        if (room.waiting !== 'all') room.waiting.add(watcher);
      }
      tellSoon(room);
    },

    get size() {
      return rooms.size;
    },

    clear() {
      for (const { cancelRest } of rooms.values()) cancelRest?.();
      rooms.clear();
      watched.clear();
      byUser.clear();
    },
  };
}

const isWaiting = ({ waiting, watchers }: WatchedRoom) =>
  watchers.size > 0 && (waiting === 'all' || waiting.size > 0);
