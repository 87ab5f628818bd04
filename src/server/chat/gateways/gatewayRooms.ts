/**
 * The rooms that somebody here is in or watches, as one gateway of several shares them with the others: what
 * is appended anywhere is told here in the order of the log, and who is here is told there.
 */
import type { Random, Time } from '../../../connection/ports';
import type { ServerFrameOf } from '../../../protocol/frames';
import type { LoggedMessage } from '../../../protocol/message';
import type { User } from '../../../protocol/user';
import type { MessageLog } from '../../log/log';
import type { SharedRooms, SharedRoomsListener } from '../room/sharedRooms';
import type { StreamNews } from '../streams/liveStream';
import type { Cluster, RoomLink } from './cluster';
import { PeopleElsewhere } from './peopleElsewhere';
import { RoomFeed } from './roomFeed';

/** What is done here with what happens in the rooms, and with what other gateways tell. */
export interface ElsewhereListener extends SharedRoomsListener {
  /** A message that some gateway has appended, told here or not yet: in any order, once or more. */
  heard(message: ServerFrameOf<'msg'>): void;
  arrived(room: string, gateway: string, user: User): void;
  left(room: string, gateway: string, userId: string): void;
  gatewayGone(room: string, gateway: string): void;
  typing(room: string, user: User): void;
  read(room: string, user: User, epoch: string, seq: number): void;
  written(room: string, gateway: string, news: StreamNews): void;
  askedWritten(room: string): void;
  /** Nothing more is heard of the room: nobody here is to hear of it any more. */
  closed(room: string): void;
}

export interface GatewayRoomsOptions {
  cluster: Cluster;
  log: MessageLog;
  time: Time;
  random: Random;
  listener: ElsewhereListener;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

interface GatewayRoom {
  /** How many want to hear of it. */
  count: number;
  readonly elsewhere: PeopleElsewhere;
  readonly feed: RoomFeed;
  readonly link: RoomLink;
}

export function createGatewayRooms(options: GatewayRoomsOptions): SharedRooms {
  const { cluster, log, time, random, onError } = options;
  /** Undefined once nothing more is heard. */
  let listener: ElsewhereListener | undefined = options.listener;
  const rooms = new Map<string, GatewayRoom>();

  function enter(room: string): GatewayRoom {
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
    const elsewhere = new PeopleElsewhere();
    const link = cluster.enter(room, {
      appended(epoch, messages) {
        for (const message of messages) {
          listener?.heard(frameOf(epoch, message));
          feed.offer(epoch, message);
        }
      },
      mayHaveMissed: () => feed.catchUp(),
      arrived(gateway, user) {
        elsewhere.arrived(gateway, user);
        listener?.arrived(room, gateway, user);
      },
      left(gateway, userId) {
        elsewhere.left(gateway, userId);
        listener?.left(room, gateway, userId);
      },
      gatewayGone(gateway) {
        elsewhere.gatewayGone(gateway);
        listener?.gatewayGone(room, gateway);
      },
      typing: (user) => listener?.typing(room, user),
      read: (user, epoch, seq) => listener?.read(room, user, epoch, seq),
      written: (gateway, news) => listener?.written(room, gateway, news),
      askedWritten: () => listener?.askedWritten(room),
    });
    return { count: 0, elsewhere, feed, link };
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
      listener?.closed(name);
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

    elsewhere: (name) => rooms.get(name)?.elsewhere.all() ?? [],

    typing: (name, user) => rooms.get(name)?.link.typing(user),

    read: (name, user, epoch, seq) => rooms.get(name)?.link.read(user, epoch, seq),

    written: (name, news) => rooms.get(name)?.link.written(news),

    askWritten: (name) => rooms.get(name)?.link.askWritten(),

    clear() {
      listener = undefined;
      for (const { feed } of rooms.values()) feed.close();
      rooms.clear();
    },
  };
}
