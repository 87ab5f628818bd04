/**
 * The rooms that the user knows: those that were opened here, kept over a reload and shared by the pages of
 * one user. The server is asked to say what is new in each of them, without the page being in it.
 */
import type { Cancel, Time } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { limits } from '../protocol/limits';
import { isPrivateRoom } from '../protocol/privateRoom';
import type { User } from '../protocol/user';
import type { KnownRoom } from './types';

/** A room as it is kept. */
export interface KeptRoom {
  readonly room: string;
  /** What opens it, if it is a private one. */
  readonly roomKey: string | undefined;
  /** When it was last opened, in ms since 1970. */
  readonly openedAt: number;
  /** The log in which the user was there, and as whom: another one is new to the room. */
  readonly enteredAs?: string | undefined;
}

/** The rooms of one user, whichever page opened them. */
export interface KnownRoomsStorage {
  load(): KeptRoom[];
  put(room: KeptRoom): void;
  remove(room: string): void;
  clear(): void;
  /** Another page has changed them. */
  listen(onChange: () => void): Cancel;
}

/** Something that somebody has just said in a room that the user knows, and that they have not read. */
export interface News {
  readonly room: string;
  readonly isPrivate: boolean;
  readonly roomKey: string | undefined;
  readonly author: User;
  /** Its text, which may be cut. */
  readonly body: string;
  /** Ms since 1970, by the server's clock. */
  readonly at: number;
}

export interface KnownRoomsOptions {
  storage: KnownRoomsStorage;
  time: Pick<Time, 'now'>;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** Messages of others that the user has not read. */
  unreadOf(summary: ServerFrameOf<'summary'>): number;
  me(): User;
  onChange(rooms: readonly KnownRoom[]): void;
  onNews(news: News): void;
}

export interface KnownRooms {
  /** Reads what is kept, with `room` as the open one, and follows the other pages until cancelled. */
  start(room: string, roomKey: string | undefined): Cancel;
  /** A room has been opened: it is known from now on. */
  opened(room: string, roomKey: string | undefined): void;
  /** Takes a room off the list. The open one stays. */
  forget(room: string): void;
  ready(): void;
  summary(frame: ServerFrameOf<'summary'>): void;
  /** Keeps that the user has been in the room that is summed up; true if they never had been before. */
  entered(frame: ServerFrameOf<'summary'>): boolean;
  /** How much is unread may have changed. */
  recount(): void;
  /** The user is another one now: what was said was for somebody else. */
  forgetSummaries(): void;
  /** Keeps nothing any more. */
  clear(): void;
}

export function createKnownRooms(options: KnownRoomsOptions): KnownRooms {
  const { storage, time, send, unreadOf, me, onChange, onNews } = options;
  /** Without the open one where another page has forgotten it. */
  let kept = new Map<string, KeptRoom>();
  let open: KeptRoom | undefined;
  const summaries = new Map<string, ServerFrameOf<'summary'>>();
  /** As they were told: one that did not change stays the same object. */
  let told = new Map<string, { summary: ServerFrameOf<'summary'> | undefined; known: KnownRoom }>();
  let watched = '';

  function read() {
    const found = storage.load().filter(({ room }) => room !== open?.room);
    const latest = found.sort((one, other) => other.openedAt - one.openedAt);
    const all = [...(open ? [open] : []), ...latest];
    kept = new Map(all.slice(0, limits.watchedRooms).map((each) => [each.room, each]));
    for (const { room } of all.slice(limits.watchedRooms)) storage.remove(room);
    for (const room of summaries.keys()) if (!kept.has(room)) summaries.delete(room);
  }

  function watch() {
    const rooms = [...kept.values()]
      .map(({ room, roomKey }) => ({ room, ...(roomKey !== undefined && { key: roomKey }) }))
      .sort((one, other) => (one.room < other.room ? -1 : 1));
    const wanted = JSON.stringify(rooms);
    if (wanted !== watched && send({ t: 'watch', rooms })) watched = wanted;
  }

  function describe({ room, roomKey }: KeptRoom) {
    const summary = summaries.get(room);
    const unread = summary ? unreadOf(summary) : 0;
    const before = told.get(room);
    if (before && before.summary === summary && before.known.unread === unread) return before;
    const last = summary?.last && {
      author: summary.last.from,
      body: summary.last.body,
      at: summary.last.at,
    };
    return { summary, known: { room, isPrivate: isPrivateRoom(room), roomKey, unread, last } };
  }

  function tell() {
    const newestFirst = [...kept.values()].sort((one, other) => newsOf(other) - newsOf(one));
    const next = new Map(newestFirst.map((each) => [each.room, describe(each)]));
    const before = [...told.values()];
    const isSame =
      next.size === told.size && [...next.values()].every((each, index) => each === before[index]);
    told = next;
    if (!isSame) onChange([...next.values()].map(({ known }) => known));
  }

  const newsOf = ({ room, openedAt }: KeptRoom) => summaries.get(room)?.last?.at ?? openedAt;

  function tellNews(
    { room, roomKey }: KeptRoom,
    before: ServerFrameOf<'summary'>,
    summary: ServerFrameOf<'summary'>,
    { from, body, at }: NonNullable<ServerFrameOf<'summary'>['last']>,
  ) {
    // What the first summary holds was there before; and edits and reactions are no news.
    const hasMore = before.epoch === summary.epoch && summary.texts > before.texts;
    if (!hasMore || from.id === me().id || unreadOf(summary) === 0) return;
    onNews({ room, isPrivate: isPrivateRoom(room), roomKey, author: from, body, at });
  }

  function changed() {
    read();
    watch();
    tell();
  }

  function opened(room: string, roomKey: string | undefined) {
    const before = storage.load().find((each) => each.room === room);
    open = { ...before, room, roomKey, openedAt: time.now() };
    storage.put(open);
    changed();
  }

  return {
    start(room, roomKey) {
      opened(room, roomKey);
      return storage.listen(changed);
    },
    opened,
    forget(room) {
      if (room === open?.room) return;
      storage.remove(room);
      changed();
    },
    ready() {
      watched = '';
      watch();
    },
    summary(frame) {
      const room = kept.get(frame.room);
      if (!room) return;
      const before = summaries.get(room.room);
      summaries.set(room.room, frame);
      tell();
      if (before && frame.last) tellNews(room, before, frame, frame.last);
    },
    entered({ room, epoch, read }) {
      const before = kept.get(room);
      const enteredAs = `${epoch} ${me().id}`;
      if (!before || before.enteredAs === enteredAs) return false;
      const next = { ...before, enteredAs };
      if (before === open) open = next;
      kept.set(room, next);
      storage.put(next);
      // In a room where nothing was said nothing can have been read: only this browser knows of that visit.
      return !read && !summaries.has(room);
    },
    recount: tell,
    forgetSummaries() {
      summaries.clear();
      tell();
    },
    clear: storage.clear,
  };
}
