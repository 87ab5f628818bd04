/**
 * The rooms that somebody is in by this server, and what is told in them. A room begins with who comes
 * first, and is forgotten with who leaves last: what was said in it is the log's.
 */
import type { Cancel } from '../../../connection/ports';
import { isText } from '../../../protocol/about';
import { encode } from '../../../protocol/codec';
import { encodeMessage } from '../../../protocol/encodeOften';
import type { ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';
import { createFanOut, type FanOutOptions } from './fanOut';
import { type Member, Room, type RoomHead } from './room';
import type { RoomPresence } from './roomPresence';
import type { SharedRooms } from './sharedRooms';

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
  tellTyping(name: string, user: User): void;
  /** Tells who is there how far `user` has read, if they are few. */
  tellRead(name: string, user: User, epoch: string, seq: number): void;
  /** There are pieces of what is being written, which the members are to be told. */
  tellPieces(name: string): void;
  /** Tells who is there, each of them, that this has ended and no message takes its place. */
  tellStreamEnd(end: ServerFrameOf<'stream'>): void;
  /** A user is there at another gateway. */
  arrivedElsewhere(name: string, gateway: string, user: User): void;
  leftElsewhere(name: string, gateway: string, userId: string): void;
  gatewayGone(name: string, gateway: string): void;
  /** Remembers how far a room has come, if anyone is there. */
  setHead(name: string, head: RoomHead): void;
  /** How far a room has come, as far as that is known here. */
  head(name: string): RoomHead | undefined;
  /** How long who writes there should wait, in ms, as most readers cannot keep up. */
  slowMs(room: Room): number;
  /** The same by the room's name; 0 if nobody is there. */
  slowMsIn(name: string): number;
  /** Tells everything that waits, now. */
  flush(): void;
  readonly size: number;
  /** Forgets everyone, and leaves no timer. */
  clear(): void;
}

export interface RoomsOptions extends FanOutOptions {
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
  /** The rooms of all gateways: is told which of them are used here. */
  shared: Pick<SharedRooms, 'open' | 'close' | 'presenceOf' | 'elsewhere'>;
}

export function createRooms(options: RoomsOptions): Rooms {
  const { time, graceMs, shared } = options;
  const rooms = new Map<string, Room>();
  const fanOut = createFanOut(options);

  function enter(name: string): Room {
    const known = rooms.get(name);
    if (known) return known;
    shared.open(name);
    const room = new Room(name, shared.presenceOf(name));
    // It may have been open before, and who is there is told once.
    for (const { gateway, user } of shared.elsewhere(name)) {
      room.presence.arriveElsewhere(gateway, user);
    }
    rooms.set(name, room);
    return room;
  }

  function presenceChanged(room: Room) {
    if (!room.presence.isEmptyHere) return fanOut.tellPresence(room);
    fanOut.forget(room);
    rooms.delete(room.name);
    shared.close(room.name);
  }

  function changeElsewhere(name: string, change: (presence: RoomPresence) => void) {
    const room = rooms.get(name);
    if (!room) return;
    change(room.presence);
    // Who has come there needs no grace here any more, and may have been the last.
    if (room.presence.hasNews || room.presence.isEmptyHere) presenceChanged(room);
  }

  const slowMs = (room: Room) => Math.max(0, room.slowUntil - time.now());

  return {
    join(name, member) {
      const room = enter(name);
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
      // Who is there elsewhere has left at once all the same.
      if (how === 'at once' || room.presence.isEmptyHere) presenceChanged(room);
    },

    tell(message) {
      const room = rooms.get(message.room);
      if (!room || room.members.size === 0) return;
      // Written once, for everybody.
      room.addMessage(encodeMessage(message));
      if (isText(message.about)) room.endWriting(message.from.id);
      fanOut.tell(room);
    },

    tellTyping(name, user) {
      const room = rooms.get(name);
      if (room?.addWriting(user)) fanOut.tell(room);
    },

    tellRead(name, user, epoch, seq) {
      // Everybody may have left since it was asked.
      const room = rooms.get(name);
      room?.addRead(user, epoch, seq);
      if (room?.hasReadNews) fanOut.tellReads(room);
    },

    tellPieces(name) {
      const room = rooms.get(name);
      if (room && room.members.size > 0) fanOut.tell(room);
    },

    tellStreamEnd(end) {
      const room = rooms.get(end.room);
      if (!room || room.members.size === 0) return;
      room.addStreamEnd(encode(end));
      fanOut.tell(room);
    },

    arrivedElsewhere: (name, gateway, user) =>
      changeElsewhere(name, (presence) => presence.arriveElsewhere(gateway, user)),

    leftElsewhere: (name, gateway, userId) =>
      changeElsewhere(name, (presence) => presence.departElsewhere(gateway, userId)),

    gatewayGone: (name, gateway) =>
      changeElsewhere(name, (presence) => presence.gatewayGone(gateway)),

    head: (name) => rooms.get(name)?.head,

    setHead: (name, head) => rooms.get(name)?.setHead(head),

    slowMs,

    slowMsIn(name) {
      const room = rooms.get(name);
      return room ? slowMs(room) : 0;
    },

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
