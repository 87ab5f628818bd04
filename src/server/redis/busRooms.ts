/**
 * The rooms that this gateway has entered: hears on their channels what happens at the others, and knows who
 * is there. That is read as a whole once a room is listened to, and again after every loss of the line; from
 * time to time it is counted, as a shard of a Redis Cluster that moves may leave something out.
 */
import type { Cancel, Random, Time } from '../../connection/ports';
import type { Position } from '../../protocol/message';
import type { RoomLink, RoomListener } from '../chat/gateways/cluster';
import {
  askNews,
  parseRoomNews,
  type RoomNews,
  readNews,
  typingNews,
  writtenNews,
} from './busMessages';
import { createKeyedWork } from './keyedWork';
import type { RedisKeys } from './keys';
import type { KnownLeases } from './knownLeases';
import type { PresenceEntries } from './presenceEntries';
import { RoomRoster } from './roomRoster';
import type { Subscriptions } from './subscriptions';

export interface BusRoomsOptions {
  keys: RedisKeys;
  time: Time;
  random: Random;
  /** Every room may have missed something after that long, in ms; up to twice as long. */
  checkMs: number;
  presence: PresenceEntries;
  subscriptions: Subscriptions;
  known: KnownLeases;
  /** Reads which leases live, for `known`. May reject. */
  readLeases(): Promise<void>;
  /** It is a lease of this gateway. */
  isOwn(lease: string): boolean;
  /** Told once, or not at all: false if it is certain that it is not. */
  tell(channel: string, newsBy: (lease: string) => string): boolean;
  noteSeen(room: string, place: Position): void;
  holdSeen(room: string): void;
  releaseSeen(room: string): void;
  /** What a listener throws must not end the connection that told it. */
  safely(tell: () => void): void;
  onError(error: unknown): void;
}

export interface BusRooms {
  enter(name: string, listener: RoomListener): RoomLink;
  /** Nothing is heard any more, until channels are listened to on another line. */
  lineLost(): void;
  /** A channel is listened to from now on. */
  opened(channel: string): void;
  /** Said on a room's channel. Throws if that is not understood. */
  heard(channel: string, text: string): void;
  /** Nobody is there by these leases any more. */
  gone(leases: readonly string[]): void;
  /** Reads what could not be read. */
  retry(): void;
  /** Hears nothing more, and leaves no timer. Resolves once nothing is under way. */
  stop(): Promise<void>;
}

interface EnteredRoom {
  readonly name: string;
  readonly listener: RoomListener;
  readonly roster: RoomRoster;
  /** Leases by which something was written that nobody there may have a line for. */
  readonly writing: Set<string>;
  /** The others are still to be asked for what is written to them, and told what is written here. */
  isUnasked: boolean;
  /** It was listened to before. */
  wasOpen: boolean;
  /** Who is there is still to be read: the line was lost since, or that failed. */
  isUnread: boolean;
  /** Leases that have ended meanwhile. Who was there by them may be there by others, which is yet to be read. */
  readonly endedUnread: Set<string>;
  cancelCheck: Cancel;
}

/** So many rooms are read at once. */
const maxReadings = 16;

export function createBusRooms(options: BusRoomsOptions): BusRooms {
  const { keys, time, random, checkMs, presence, subscriptions, known } = options;
  const { readLeases, isOwn, tell, noteSeen, holdSeen, releaseSeen } = options;
  const { safely, onError } = options;
  const rooms = new Map<string, EnteredRoom>();
  const roomOfChannel = new Map<string, EnteredRoom>();
  let isStopped = false;
  const reading = createKeyedWork({ maxAtOnce: maxReadings, work: read, onError });

  async function read(name: string): Promise<void> {
    const room = rooms.get(name);
    if (!room) return;
    room.isUnread = true;
    room.roster.beginReading();
    try {
      const entries = (await presence.read(name)).filter(({ lease }) => !isOwn(lease));
      // A lease is older than what was written under it: read now, it is alive or has ended.
      if (entries.some(({ lease }) => !known.isAlive(lease))) await readLeases();
      if (rooms.get(name) !== room) return;
      // Unless the line was lost meanwhile: then it is read once more.
      room.isUnread = !subscriptions.isOpen(keys.roomNews(name));
      const there = entries.filter(({ lease }) => known.isAlive(lease));
      for (const { lease } of there) known.heard(lease);
      safely(() => room.roster.finishReading(there));
      if (room.isUnread || rooms.get(name) !== room) return;
      for (const lease of room.endedUnread) safely(() => leaseEnded(room, lease));
      room.endedUnread.clear();
    } catch {
      // Redis is away, most likely: it is read with the next renewal.
      room.roster.abandonReading();
    }
  }

  function heardOf(room: EnteredRoom, news: RoomNews) {
    const { name, listener, roster, writing } = room;
    if (news.kind === 'appended') {
      const last = news.messages.at(-1);
      if (!last) return;
      noteSeen(name, { epoch: news.epoch, seq: last.seq, mid: last.mid });
      listener.appended(news.epoch, news.messages);
    } else if (!isOwn(news.by)) {
      if (news.kind === 'typing') listener.typing(news.user);
      else if (news.kind === 'read') listener.read(news.user, news.epoch, news.seq);
      else if (news.kind === 'asked') listener.askedWritten();
      else if (news.kind === 'written') {
        known.heard(news.by);
        writing.add(news.by);
        listener.written(news.by, news.news);
      } else {
        known.heard(news.by);
        roster.heard(news.by, news.came, news.left);
      }
    }
  }

  function checkLater(room: EnteredRoom) {
    if (isStopped) return;
    room.cancelCheck = time.after(checkMs * (1 + random()), () => {
      checkLater(room);
      subscriptions.retry(keys.roomNews(room.name));
      safely(() => room.listener.mayHaveMissed());
      askWritten(room);
      void checkCount(room);
    });
  }

  function askWritten(room: EnteredRoom) {
    room.isUnasked = !tell(keys.roomNews(room.name), askNews);
  }

  /** The way has opened: neither side knows what was written while it was shut. */
  function shareWritten(room: EnteredRoom) {
    askWritten(room);
    if (!room.isUnasked) safely(() => room.listener.askedWritten());
  }

  /** Nobody is there by the lease any more, and nothing is written to it. */
  function leaseEnded({ roster, writing, listener }: EnteredRoom, lease: string) {
    roster.gone(lease);
    if (writing.delete(lease)) listener.gatewayGone(lease);
  }

  async function checkCount(room: EnteredRoom) {
    const { name, roster } = room;
    const count = await presence.count(name).catch(() => undefined);
    const told = roster.size + presence.countHere(name);
    if (count !== undefined && count !== told && rooms.get(name) === room) reading.ask(name);
  }

  return {
    enter(name, listener) {
      const channel = keys.roomNews(name);
      const room: EnteredRoom = {
        ...{
          name,
          listener,
          roster: new RoomRoster(listener),
          writing: new Set(),
          isUnasked: false,
        },
        ...{ wasOpen: subscriptions.isOpen(channel), isUnread: false, endedUnread: new Set() },
        cancelCheck: () => {},
      };
      rooms.set(name, room);
      roomOfChannel.set(channel, room);
      holdSeen(name);
      subscriptions.want(channel);
      if (room.wasOpen) {
        reading.ask(name);
        askWritten(room);
      }
      checkLater(room);
      const isThere = () => rooms.get(name) === room;
      return {
        ready: () => subscriptions.ready(channel),
        arrived(user) {
          if (isThere()) presence.arrived(name, user);
        },
        left(userId) {
          if (isThere()) presence.left(name, userId);
        },
        typing: (user) => void tell(channel, (by) => typingNews(by, user)),
        read: (user, epoch, seq) => void tell(channel, (by) => readNews(by, user, epoch, seq)),
        written: (news) => void tell(channel, (by) => writtenNews(by, news)),
        askWritten: () => askWritten(room),
        leave() {
          if (!isThere()) return;
          room.cancelCheck();
          room.roster.close();
          rooms.delete(name);
          roomOfChannel.delete(channel);
          releaseSeen(name);
          presence.leave(name);
          subscriptions.drop(channel);
        },
      };
    },

    lineLost() {
      for (const room of rooms.values()) room.isUnread = true;
    },

    opened(channel) {
      const room = roomOfChannel.get(channel);
      if (!room) return;
      reading.ask(room.name);
      if (room.wasOpen) {
        shareWritten(room);
        safely(() => room.listener.mayHaveMissed());
      } else askWritten(room);
      room.wasOpen = true;
    },

    heard(channel, text) {
      const room = roomOfChannel.get(channel);
      const news = room && parseRoomNews(text);
      if (news) heardOf(room, news);
    },

    gone(leases) {
      for (const lease of leases) {
        for (const room of rooms.values()) {
          if (room.isUnread) room.endedUnread.add(lease);
          else safely(() => leaseEnded(room, lease));
        }
      }
    },

    retry() {
      for (const room of rooms.values()) {
        const { name, isUnread, isUnasked } = room;
        // What is read before it is listened to is out of date by then.
        if (!subscriptions.isOpen(keys.roomNews(name))) continue;
        if (isUnread) reading.ask(name);
        if (isUnasked) shareWritten(room);
      }
    },

    stop() {
      isStopped = true;
      for (const { cancelCheck } of rooms.values()) cancelCheck();
      rooms.clear();
      roomOfChannel.clear();
      reading.clear();
      return reading.settled();
    },
  };
}
