/**
 * Who is in the room, and who of them is writing. Somebody is taken to be writing for a moment after they
 * last were, or until their message comes: no frame says that they stopped.
 */
import type { Cancel, Time } from '../connection/ports';
import type { ServerFrameOf } from '../protocol/frames';
import { limits } from '../protocol/limits';
import type { User } from '../protocol/user';

export interface RoomPeopleOptions {
  time: Time;
  /** `count` is how many there are: more than `members` in a crowd. */
  onMembers(members: readonly User[], count: number): void;
  onWriting(users: readonly User[]): void;
}

export interface RoomPeople {
  presence(frame: ServerFrameOf<'presence'>): void;
  typing(frame: ServerFrameOf<'typing'>): void;
  /** A message of this user has come. */
  said(userId: string): void;
  /** Nobody is known to write any more. */
  lineLost(): void;
  /** Tells again what is known. */
  tellAll(): void;
}

export function createRoomPeople({ time, onMembers, onWriting }: RoomPeopleOptions): RoomPeople {
  const members = new Map<string, User>();
  const writing = new Map<string, { user: User; cancel: Cancel }>();

  /** How many there are, as it was last said. */
  let memberCount = 0;

  function tellMembers() {
    onMembers([...members.values()], memberCount);
  }

  function tellWriting() {
    onWriting([...writing.values()].map(({ user }) => user));
  }

  function stopped(userId: string) {
    const known = writing.get(userId);
    if (!known) return;
    known.cancel();
    writing.delete(userId);
    tellWriting();
  }

  return {
    presence({ count, members: all, came = [], left = [] }) {
      if (all) members.clear();
      for (const user of [...(all ?? []), ...came]) members.set(user.id, user);
      for (const id of left) {
        members.delete(id);
        stopped(id);
      }
      memberCount = count ?? members.size;
      tellMembers();
    },
    typing({ user }) {
      writing.get(user.id)?.cancel();
      const cancel = time.after(limits.typingMs, () => stopped(user.id));
      const isNews = !writing.has(user.id);
      writing.set(user.id, { user, cancel });
      if (isNews) tellWriting();
    },
    said: stopped,
    lineLost() {
      if (writing.size === 0) return;
      for (const { cancel } of writing.values()) cancel();
      writing.clear();
      tellWriting();
    },
    tellAll() {
      tellMembers();
      tellWriting();
    },
  };
}
