/**
 * The push switch of the open room, and of rooms in which it is being turned off: what the server was not
 * told when its room was left is said as soon as there is a line, in whatever room.
 */
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { createPushSwitch, type PushBrowser, type PushMemory, type PushSwitch } from './pushSwitch';
import type { PushState } from './types';

/** What the user wants for each room, kept over a reload. */
export interface PushMemories {
  of(room: string, roomKey: string | undefined): PushMemory;
  /** Rooms in which it is off, and the server is to be told. */
  ending(): string[];
}

/** Where the browser can be pushed to, and what it remembers of that. */
export interface PushPorts {
  browser: PushBrowser;
  memories: PushMemories;
}

/** What the session lends to it, and hears of it. */
export interface PushEvents {
  send(frame: ClientFrame): boolean;
  /** How it stands with the open room. */
  onChange(state: PushState): void;
}

export interface PushRooms {
  /** Another room is the open one. */
  open(room: string, roomKey: string | undefined): void;
  /** Be told of the open room while away, or no longer. */
  turn(on: boolean): void;
  /** Turns it off in a room that is not open. */
  forget(room: string): void;
  /** The line is open; `key` is what the server pushes with, if it does. */
  ready(key: string | undefined): void;
  pushed(frame: ServerFrameOf<'pushed'>): void;
  refused(): void;
  lineLost(): void;
  /** Ends it for all of the user's rooms. */
  signOut(): Promise<void>;
  stop(): void;
}

/** A switch, and what it said last. */
interface RoomPush {
  readonly room: string;
  readonly push: PushSwitch;
  state: PushState;
}

export function createPushRooms(
  { browser, memories }: PushPorts,
  { send, onChange }: PushEvents,
): PushRooms {
  let open: RoomPush | undefined;
  /** Of rooms that are not open: what was begun there ends there. */
  const unfinished = new Map<string, RoomPush>();
  /** What the server pushes with; undefined without a line. */
  let line: { key: string | undefined } | undefined;

  function create(room: string, roomKey: string | undefined): RoomPush {
    const made: RoomPush = {
      room,
      state: { status: 'impossible' },
      push: createPushSwitch({
        browser,
        room,
        memory: memories.of(room, roomKey),
        send,
        onChange(next) {
          made.state = next;
          if (made === open) onChange(next);
        },
      }),
    };
    return made;
  }

  const wishOf = (room: string) => memories.of(room, undefined).get();

  function putAside(room: RoomPush) {
    if (room.state.status === 'asking' || wishOf(room.room) === 'ending') {
      unfinished.set(room.room, room);
    } else room.push.stop();
  }

  /** The switch of a room that is not open, for what is to end there. */
  function endingIn(room: string): PushSwitch {
    const known = unfinished.get(room);
    if (known) return known.push;
    const made = create(room, undefined);
    unfinished.set(room, made);
    if (line) made.push.ready(line.key);
    return made.push;
  }

  return {
    open(room, roomKey) {
      if (open) putAside(open);
      open = unfinished.get(room) ?? create(room, roomKey);
      unfinished.delete(room);
      onChange(open.state);
      if (line) open.push.ready(line.key);
    },
    turn: (on) => open?.push.turn(on),
    forget(room) {
      if (wishOf(room) !== undefined || unfinished.has(room)) endingIn(room).turn(false);
    },
    ready(key) {
      line = { key };
      open?.push.ready(key);
      for (const { push } of unfinished.values()) push.ready(key);
      for (const room of memories.ending()) if (room !== open?.room) endingIn(room);
    },
    pushed(frame) {
      if (frame.room === undefined || frame.room === open?.room) open?.push.pushed(frame);
      if (frame.room === undefined) return;
      const other = unfinished.get(frame.room);
      other?.push.pushed(frame);
      // The answer may be to what was asked for before.
      if (!other || wishOf(frame.room) === 'ending') return;
      other.push.stop();
      unfinished.delete(frame.room);
    },
    refused: () => open?.push.refused(),
    lineLost() {
      line = undefined;
      open?.push.lineLost();
      for (const { push } of unfinished.values()) push.lineLost();
    },
    async signOut() {
      await open?.push.signOut();
    },
    stop() {
      line = undefined;
      open?.push.stop();
      for (const { push } of unfinished.values()) push.stop();
      unfinished.clear();
    },
  };
}
