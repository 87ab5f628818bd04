/**
 * What is done with how far somebody has read a room: it is kept, the others in the room are told if they
 * are few, and so are the user's own connections that watch it.
 */
import type { User } from '../../../protocol/user';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import type { ReadMarks } from '../ports';
import type { Room } from './room';
import { maxToldMarks, type ReadsFrame } from './roomReads';
import type { Rooms } from './rooms';
import type { SharedRooms } from './sharedRooms';
import type { Watches } from './watches';

export interface ReadMarkKeeper {
  /** The user has read the room up to `seq`; beyond its end counts as its end. */
  read(user: User, room: Room, seq: number): Promise<void>;
  /** How far those have read who did last, for who comes in; undefined if there is nothing to tell. */
  readsOf(room: Room): Promise<ReadsFrame | undefined>;
}

export interface ReadMarkKeeperOptions {
  log: MessageLog;
  marks: ReadMarks;
  rooms: Rooms;
  watches: Watches;
  shared: Pick<SharedRooms, 'read'>;
  /** Told of what should not have happened: a mark is not worth a line. */
  onError(error: unknown): void;
}

export function createReadMarkKeeper(options: ReadMarkKeeperOptions): ReadMarkKeeper {
  const { log, marks, rooms, watches, shared, onError } = options;
  const endOf = async (room: Room) => room.head ?? (await log.head(room.name));

  async function read(user: User, room: Room, seq: number): Promise<void> {
    const end = await endOf(room);
    const place = Math.min(seq, end.seq);
    if (place === 0 || !(await marks.move(user, room.name, end.epoch, place))) return;
    rooms.tellRead(room.name, user, end.epoch, place);
    watches.markMoved(user.id, room.name);
    shared.read(room.name, user, end.epoch, place);
  }

  async function readsOf(room: Room): Promise<ReadsFrame | undefined> {
    if (!room.isOfFew) return undefined;
    const { epoch } = await endOf(room);
    const found = await marks.inRoom(room.name, epoch, maxToldMarks);
    if (found.length === 0) return undefined;
    return { t: 'reads', room: room.name, epoch, marks: [...found] };
  }

  /** Nothing, if what is known of people cannot be had. */
  async function orNothing<Result>(asked: Promise<Result>): Promise<Result | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof LogUnavailableError) throw error;
      onError(error);
      return undefined;
    }
  }

  return {
    read: (user, room, seq) => orNothing(read(user, room, seq)),
    readsOf: (room) => orNothing(readsOf(room)),
  };
}
