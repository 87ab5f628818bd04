/**
 * The rooms that somebody is in, and what is told in them. A room begins with who comes first, and is
 * forgotten with who leaves last: what was said in it is the log's.
 */
import type { Cancel } from '../../connection/ports';
import { encodeMessage } from '../../protocol/encodeOften';
import type { ServerFrameOf, User } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { createFanOut, type FanOutOptions } from './fanOut';
import { type Member, Room, type RoomHead } from './room';

export interface Rooms {
  /** Lets a member in, and tells the others if the user is new. */
  join(name: string, member: Member): Room;
  /** Tells a member who is there: at once, and in a crowd together with others who want to know. */
  tellWhoIsThere(room: Room, member: Member): void;
  /** Takes a member out. `at once`: on purpose; else the user has a grace to come back unseen. */
  leave(room: Room, member: Member, how: 'at once' | 'after a grace'): void;
  /** Tells a message to everyone in its room, if anyone is there. */
  tell(message: ServerFrameOf<'msg'>): void;
  /** Tells who is there that `user` is writing: only now, and never kept. */
  tellTyping(room: Room, user: User): void;
  /** Tells who is there how far `user` has read, if they are few. */
  tellRead(room: Room, user: User, epoch: string, seq: number): void;
  /** Remembers how far a room has come, if anyone is there. */
  setHead(name: string, head: RoomHead): void;
  /** How far a room has come, as far as that is known here. */
  head(name: string): RoomHead | undefined;
  /** How long who writes there should wait, in ms, as most readers cannot keep up. */
  slowMs(room: Room): number;
  /** Tells everything that waits, now. */
  flush(): void;
  readonly size: number;
  /** Forgets everyone, and leaves no timer. */
  clear(): void;
}

export interface RoomsOptions extends FanOutOptions {
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
}

export function createRooms(options: RoomsOptions): Rooms {
  const { time, graceMs } = options;
  const rooms = new Map<string, Room>();
  const fanOut = createFanOut(options);

  function presenceChanged(room: Room) {
    if (room.presence.size > 0) return fanOut.tellPresence(room);
    fanOut.forget(room);
    rooms.delete(room.name);
  }

  return {
    join(name, member) {
      const room = rooms.get(name) ?? new Room(name);
      rooms.set(name, room);
      room.members.add(member);
      room.presence.arrive(member.user);
      presenceChanged(room);
      return room;
    },

    tellWhoIsThere(room, member) {
      if (room.presence.size <= limits.presenceMembers) return member.send(room.snapshot());
      room.missedFresh.add(member);
      fanOut.tell(room);
    },

    leave(room, member, how) {
      if (!room.members.delete(member)) return;
      room.missedFresh.delete(member);
      const startGrace = (remove: () => void): Cancel =>
        time.after(graceMs, () => {
          remove();
          presenceChanged(room);
        });
      room.presence.depart(member.user.id, how === 'at once' ? undefined : startGrace);
      if (how === 'at once') presenceChanged(room);
    },

    tell(message) {
      const room = rooms.get(message.room);
      if (!room || room.members.size === 0) return;
      // Written once, for everybody.
      room.addMessage(encodeMessage(message));
      fanOut.tell(room);
    },

    tellTyping(room, user) {
      if (room.addWriting(user)) fanOut.tell(room);
    },

    tellRead(room, user, epoch, seq) {
      // Everybody may have left since it was asked.
      if (rooms.get(room.name) !== room) return;
      room.addRead(user, epoch, seq);
      if (room.hasReadNews) fanOut.tellReads(room);
    },

    head: (name) => rooms.get(name)?.head,

    setHead: (name, head) => rooms.get(name)?.setHead(head),

    slowMs: (room) => Math.max(0, room.slowUntil - time.now()),

    flush: fanOut.flush,

    get size() {
      return rooms.size;
    },

    clear() {
      fanOut.stop();
      for (const { presence } of rooms.values()) presence.clear();
      rooms.clear();
    },
  };
}
