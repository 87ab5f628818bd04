/**
 * What is new in the user's rooms and what of it they have read, on this page or another: the list of rooms
 * and the marks, put together.
 */
import type { Cancel, Time } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import type { User } from '../protocol/user';
import type { ChatRoom } from './chatRoom';
import { createKnownRooms, type KnownRoomsStorage, type News } from './knownRooms';
import type { OpenRooms } from './openRooms';
import { createReadMarks } from './readMarks';
import type { ChatListener } from './types';
import { unreadOf } from './unread';

export interface RoomNewsOptions {
  storage: KnownRoomsStorage;
  time: Time;
  rooms: Pick<OpenRooms, 'current' | 'get' | 'isJoined'>;
  me(): User;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  listener(): ChatListener | undefined;
  /** Something was said that the user has not read, in whatever room. */
  onNews(news: News): void;
}

export interface RoomNews {
  /** Begins with the open room, and follows the user's other pages until cancelled. */
  start(): Cancel;
  /** Another room is the open one. */
  opened(): void;
  /** Takes a room off the list. */
  forget(room: string): void;
  /** The user has seen the open room's messages up to this one. */
  markRead(seq: number): void;
  /** A message of the user's own has got its place. */
  acked(frame: ServerFrameOf<'ack'>): void;
  summary(frame: ServerFrameOf<'summary'>): void;
  ready(): void;
  lineLost(): void;
  /** A room will be left. */
  willLeave(room: string): void;
  /** The room's log is another one, or not what it was. */
  logChanged(room: string): void;
  /** The user is another one now. */
  becameAnother(): void;
  /** The user has signed out: nothing is kept. */
  clear(): void;
}

export function createRoomNews(options: RoomNewsOptions): RoomNews {
  const { storage, time, rooms, me, send, listener } = options;
  /** The listener knows how far the open room had been read when it was opened. */
  let toldReadBefore = false;

  const marks = createReadMarks({
    time,
    send: (room, seq) => rooms.isJoined(room) && send({ t: 'read', room, seq }),
  });
  const known = createKnownRooms({
    storage,
    time,
    send,
    unreadOf: (summary) =>
      unreadOf(
        summary,
        marks.of(summary.room) ?? 0,
        rooms.get(summary.room)?.reader.timeline(),
        me().id,
      ),
    me,
    onChange: (list) => listener()?.rooms(list),
    onNews: options.onNews,
  });

  function tellReadBefore(seq: number | undefined) {
    if (toldReadBefore || seq === undefined) return;
    toldReadBefore = true;
    listener()?.readBefore(seq);
  }

  const isOpen = (room: string) => room === rooms.current().room;
  const whereOf = ({ room, roomKey }: ChatRoom) => [room, roomKey] as const;

  return {
    start: () => known.start(...whereOf(rooms.current())),
    opened() {
      const [room, roomKey] = whereOf(rooms.current());
      toldReadBefore = false;
      tellReadBefore(marks.of(room));
      known.opened(room, roomKey);
    },
    forget: known.forget,
    markRead(seq) {
      const { room, reader } = rooms.current();
      const position = reader.position();
      if (!position) return;
      if (marks.move(room, position.epoch, Math.min(seq, position.seq))) known.recount();
    },
    acked({ room, seq }) {
      if (marks.wrote(room, seq)) known.recount();
    },
    summary(frame) {
      const { room, epoch, seq } = frame;
      const isFirstVisit = known.entered(frame);
      // Who comes for the first time has missed nothing: not what is there, nor the greeting that comes.
      if (isOpen(room)) tellReadBefore(isFirstVisit ? Infinity : (frame.read?.seq ?? 0));
      marks.told(frame);
      if (isFirstVisit) marks.move(room, epoch, seq);
      known.summary(frame);
    },
    ready() {
      known.ready();
      marks.ready();
    },
    lineLost: marks.lineLost,
    willLeave: marks.flush,
    logChanged: marks.reset,
    becameAnother() {
      marks.forget();
      known.forgetSummaries();
    },
    clear: known.clear,
  };
}
