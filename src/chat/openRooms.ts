/**
 * The rooms of one line. One is open, for people to see; a few that were open before stay joined and go on
 * being read, so that going back is instant; and what waits for still others joins them for as long as
 * that takes.
 */
import type { ClientFrame, ClientFrameOf } from '../protocol/frames';
import type { ChatRoom } from './chatRoom';
import type { OutboxEntry } from './outboxEntry';

export interface OpenRoomsOptions {
  room: string;
  roomKey: string | undefined;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  create(room: string, roomKey: string | undefined): ChatRoom;
  /** A room is kept no longer; its line is still there, if there is one. */
  onDrop(room: ChatRoom): void;
}

export interface OpenRooms {
  /** The open one. */
  current(): ChatRoom;
  /** A room that is kept, open or not. */
  get(room: string): ChatRoom | undefined;
  /** All that are kept, the open one last. */
  all(): ChatRoom[];
  /** This line is in the room. */
  isJoined(room: string): boolean;
  /** Opens a room. False if it is the open one already. */
  open(room: string, roomKey: string | undefined): boolean;
  /** Lets go of a room that is not the open one, and leaves it. */
  forget(room: string): void;
  /** What enters all that are kept on a new line: `auth` resumes some, and the others are joined. */
  enterAll(): { resume: ClientFrameOf<'auth'>['resume']; joins: ClientFrameOf<'join'>[] };
  /** The line is ready: joins what was opened since it was greeted. */
  ready(): void;
  /** Joins a room for a message, unless this line is in it; false if there is no line. */
  enter(room: string, roomKey: string | undefined): boolean;
  /** Leaves what was joined for messages that have left now. */
  leaveIdle(entries: readonly OutboxEntry[]): void;
  lineLost(): void;
}

/** How many rooms are kept, with the open one. */
export const keptRooms = 5;

export function createOpenRooms(options: OpenRoomsOptions): OpenRooms {
  const { send, create } = options;
  /** The one that was open last, last. */
  const kept = new Map<string, ChatRoom>();
  /** Joined on this line. */
  const joined = new Set<string>();
  let current = create(options.room, options.roomKey);
  kept.set(current.room, current);

  function join(room: ChatRoom) {
    if (!send(room.joinFrame())) return;
    joined.add(room.room);
    room.reader.pageAsked();
  }

  function leave(room: string) {
    if (joined.delete(room)) send({ t: 'leave', room });
  }

  function drop(room: ChatRoom) {
    options.onDrop(room);
    kept.delete(room.room);
    room.lineLost();
    leave(room.room);
  }

  return {
    current: () => current,
    get: (room) => kept.get(room),
    all: () => [...kept.values()],
    isJoined: (room) => joined.has(room),

    open(room, roomKey) {
      if (room === current.room) return false;
      const known = kept.get(room);
      current = known ?? create(room, roomKey);
      kept.delete(room);
      kept.set(room, current);
      // Joined for a message it has been read by nobody: joined again, it sends its page.
      if (!known || !joined.has(room)) join(current);
      const [oldest] = kept.values();
      if (oldest && kept.size > keptRooms) drop(oldest);
      return true;
    },

    forget(room) {
      const known = kept.get(room);
      if (room === current.room) return;
      if (known) drop(known);
      else leave(room);
    },

    enterAll() {
      const resume: ClientFrameOf<'auth'>['resume'] = [];
      const joins: ClientFrameOf<'join'>[] = [];
      // The open one first: it is waited for.
      for (const each of [...kept.values()].reverse()) {
        const position = each.reader.position();
        const { t, ...where } = each.joinFrame();
        if (position) resume.push({ ...where, ...position });
        else joins.push({ t, ...where });
        joined.add(each.room);
        each.reader.pageAsked();
      }
      return { resume, joins };
    },

    ready() {
      for (const each of kept.values()) if (!joined.has(each.room)) join(each);
    },

    enter(room, roomKey) {
      if (joined.has(room)) return true;
      if (!send({ t: 'join', room, ...(roomKey !== undefined && { key: roomKey }) })) return false;
      joined.add(room);
      return true;
    },

    leaveIdle(entries) {
      for (const room of [...joined]) {
        if (kept.has(room)) continue;
        const isAwaited = entries.some(
          (entry) => entry.room === room && (entry.state === 'queued' || entry.state === 'sending'),
        );
        if (!isAwaited) leave(room);
      }
    },

    lineLost() {
      joined.clear();
      for (const each of kept.values()) each.lineLost();
    },
  };
}
