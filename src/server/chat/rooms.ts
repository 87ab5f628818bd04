/**
 * Who is in which room, and how a text reaches all of them. A user is in a room while any of their
 * connections is; one that breaks off is missed only after a grace, so that a reconnect goes unseen.
 */
import type { Cancel, Time } from '../../connection/ports';
import { encode } from '../../protocol/codec';
import type { ServerFrameOf, User } from '../../protocol/frames';

/** One connection of a user. */
export interface Member {
  readonly user: User;
  send(text: string): void;
}

/** Where a room ends, as far as this server has seen. */
export type RoomHead = Omit<ServerFrameOf<'ready'>['rooms'][number], 'room'>;

export interface Rooms {
  /** Lets a member in, tells the others if the user is new, and returns all who are there. */
  join(room: string, member: Member): User[];
  /** Takes a member out. `at once`: on purpose; else the user has `graceMs` to come back unseen. */
  leave(room: string, member: Member, how: 'at once' | 'after a grace'): void;
  /** Sends one text to every member's connection. */
  deliver(room: string, text: string): void;
  /** Remembers how far the room has come. An earlier place than is known changes nothing. */
  setHead(room: string, head: RoomHead): void;
  head(room: string): RoomHead | undefined;
  /** Forgets everyone, and leaves no timer. */
  clear(): void;
}

interface Presence {
  user: User;
  members: Set<Member>;
  /** Running while the user has no connection and may still come back unseen. */
  cancelGrace: Cancel | undefined;
}

interface Room {
  present: Map<string, Presence>;
  head: RoomHead | undefined;
}

export function createRooms(time: Time, graceMs: number): Rooms {
  const rooms = new Map<string, Room>();

  function roomOf(name: string): Room {
    let room = rooms.get(name);
    if (!room) {
      room = { present: new Map(), head: undefined };
      rooms.set(name, room);
    }
    return room;
  }

  function deliver(name: string, text: string, except?: Member) {
    for (const { members } of rooms.get(name)?.present.values() ?? []) {
      for (const member of members) {
        if (member !== except) member.send(text);
      }
    }
  }

  function remove(name: string, userId: string) {
    const room = rooms.get(name);
    if (!room?.present.delete(userId)) return;
    if (room.present.size === 0) rooms.delete(name);
    deliver(name, encode({ t: 'presence', room: name, left: [userId] }));
  }

  return {
    join(name, member) {
      const { present } = roomOf(name);
      const { user } = member;
      const known = present.get(user.id);
      known?.cancelGrace?.();
      if (known) {
        known.cancelGrace = undefined;
        known.members.add(member);
      } else {
        present.set(user.id, { user, members: new Set([member]), cancelGrace: undefined });
        deliver(name, encode({ t: 'presence', room: name, came: [user] }), member);
      }
      return [...present.values()].map((each) => each.user);
    },

    leave(name, member, how) {
      const presence = rooms.get(name)?.present.get(member.user.id);
      if (!presence?.members.delete(member) || presence.members.size > 0) return;
      const removeUser = () => remove(name, member.user.id);
      if (how === 'at once') removeUser();
      else presence.cancelGrace = time.after(graceMs, removeUser);
    },

    deliver,

    setHead(name, head) {
      const room = rooms.get(name);
      if (!room) return;
      const isOlder = room.head?.epoch === head.epoch && room.head.seq >= head.seq;
      if (!isOlder) room.head = head;
    },

    head: (name) => rooms.get(name)?.head,

    clear() {
      for (const { present } of rooms.values()) {
        for (const { cancelGrace } of present.values()) cancelGrace?.();
      }
      rooms.clear();
    },
  };
}
