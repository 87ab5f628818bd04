/**
 * The rooms that somebody here is in or watches, as one gateway of several shares them with the others: what
 * is appended anywhere is told here in the order of the log, and who is here is told there. A server that is
 * alone shares nothing, and tells at once what it has appended.
 */
import type { Random, Time } from '../../connection/ports';
import type { LoggedMessage, ServerFrameOf, User } from '../../protocol/frames';
import type { MessageLog } from '../log/log';
import type { Cluster, RoomLink } from './cluster';
import type { RoomHead } from './room';
import { RoomFeed } from './roomFeed';
import type { HerePresence } from './roomPresence';

export interface SharedRooms {
  /** Somebody here is to hear of the room, until `close`: counted. */
  open(room: string): void;
  close(room: string): void;
  /**
   * Resolves once all that is appended to the open room from then on is told here. May reject with
   * `LogUnavailableError`.
   */
  ready(room: string): Promise<void>;
  /** This server has appended the message. */
  appended(message: ServerFrameOf<'msg'>): void;
  /** The log has the message already, which may not have been told. */
  repeated(room: string, head: RoomHead): void;
  /** Who is told of those who are here in the room; undefined if nobody is. */
  presenceOf(room: string): HerePresence | undefined;
  typing(room: string, user: User): void;
  read(room: string, user: User, epoch: string, seq: number): void;
  /**
   * Hears and tells nothing more, and leaves no timer. Who is here is not said to leave: as long as this gateway
   * counts they may come to another unseen.
   */
  clear(): void;
}

/** What is done here with what happens in the rooms. */
export interface SharedRoomsListener {
  /** The next message of a room. */
  tell(message: ServerFrameOf<'msg'>): void;
  setHead(room: string, head: RoomHead): void;
}

/** The same for what other gateways tell. */
export interface ElsewhereListener extends SharedRoomsListener {
  /** A message that some gateway has appended, told here or not yet: in any order, once or more. */
  heard(message: ServerFrameOf<'msg'>): void;
  arrived(room: string, gateway: string, user: User): void;
  left(room: string, gateway: string, userId: string): void;
  gatewayGone(room: string, gateway: string): void;
  typing(room: string, user: User): void;
  read(room: string, user: User, epoch: string, seq: number): void;
}

/** For a server without others. */
export function createUnsharedRooms({ tell, setHead }: SharedRoomsListener): SharedRooms {
  return {
    open() {},
    close() {},
    ready: async () => {},
    appended(message) {
      const { room, epoch, seq } = message;
      setHead(room, { epoch, seq });
      tell(message);
    },
    repeated: setHead,
    presenceOf: () => undefined,
    typing() {},
    read() {},
    clear() {},
  };
}

export interface SharedRoomsOptions {
  cluster: Cluster;
  log: MessageLog;
  time: Time;
  random: Random;
  listener: ElsewhereListener;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

interface SharedRoom {
  /** How many want to hear of it. */
  count: number;
  readonly feed: RoomFeed;
  readonly link: RoomLink;
}

export function createSharedRooms(options: SharedRoomsOptions): SharedRooms {
  const { cluster, log, time, random, onError } = options;
  /** Undefined once nothing more is heard. */
  let listener: ElsewhereListener | undefined = options.listener;
  const rooms = new Map<string, SharedRoom>();

  function enter(room: string): SharedRoom {
    const frameOf = (epoch: string, message: LoggedMessage): ServerFrameOf<'msg'> => ({
      t: 'msg',
      room,
      epoch,
      ...message,
    });
    const feed = new RoomFeed({
      room,
      log,
      time,
      random,
      tell(epoch, message) {
        listener?.setHead(room, { epoch, seq: message.seq });
        listener?.tell(frameOf(epoch, message));
      },
      restarted: (head) => listener?.setHead(room, head),
      onError,
    });
    const link = cluster.enter(room, {
      appended(epoch, messages) {
        for (const message of messages) {
          listener?.heard(frameOf(epoch, message));
          feed.offer(epoch, message);
        }
      },
      mayHaveMissed: () => feed.catchUp(),
      arrived: (gateway, user) => listener?.arrived(room, gateway, user),
      left: (gateway, userId) => listener?.left(room, gateway, userId),
      gatewayGone: (gateway) => listener?.gatewayGone(room, gateway),
      typing: (user) => listener?.typing(room, user),
      read: (user, epoch, seq) => listener?.read(room, user, epoch, seq),
    });
    return { count: 0, feed, link };
  }

  async function ready(name: string): Promise<void> {
    const room = rooms.get(name);
    if (!room) return;
    await room.link.ready();
    await room.feed.begin();
  }

  return {
    open(name) {
      const room = rooms.get(name) ?? enter(name);
      rooms.set(name, room);
      room.count += 1;
    },

    close(name) {
      const room = rooms.get(name);
      if (!room) return;
      room.count -= 1;
      if (room.count > 0) return;
      rooms.delete(name);
      room.feed.close();
      room.link.leave();
    },

    ready,

    appended({ t: _, room, epoch, ...message }) {
      rooms.get(room)?.feed.offer(epoch, message);
    },

    repeated(name, { seq }) {
      const room = rooms.get(name);
      if (room && !room.feed.hasTold(seq)) room.feed.catchUp();
    },

    presenceOf: (name) => ({
      came: (user) => rooms.get(name)?.link.arrived(user),
      gone: (userId) => rooms.get(name)?.link.left(userId),
    }),

    typing: (name, user) => rooms.get(name)?.link.typing(user),

    read: (name, user, epoch, seq) => rooms.get(name)?.link.read(user, epoch, seq),

    clear() {
      listener = undefined;
      for (const { feed } of rooms.values()) feed.close();
      rooms.clear();
    },
  };
}
