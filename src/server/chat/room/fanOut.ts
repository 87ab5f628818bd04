/**
 * Tells the members of rooms what is new, all rooms in one flush: what came together travels together, in
 * one write for each line, from bytes that are built once for everybody. A flush comes at once when it was
 * quiet, and after a rest when it was not (`flushPace.ts`).
 */
import type { Cancel, Time } from '../../../connection/ports';
import { encode } from '../../../protocol/codec';
import type { ChatObserver } from '../observer';
import { SharedTexts } from '../ports';
import type { LiveStreams } from '../streams/liveStreams';
import type { FlushPace } from './flushPace';
import { createKeyedTimers, type KeyedTimers } from './keyedTimers';
import { packFrames, shareFrames } from './packFrames';
import type { Member, Room } from './room';

export interface FanOutOptions {
  time: Time;
  pace: FlushPace;
  /** Calls back once all that has come is taken. */
  soon(callback: () => void): void;
  /** A clock for what is short, in ms. */
  stopwatch(): number;
  observer: ChatObserver;
  /** What is being written in the rooms. */
  streams: Pick<LiveStreams, 'all' | 'takePieces'>;
}

export interface FanOut {
  /** Something waits in this room. */
  tell(room: Room): void;
  /** Who is there has changed: told as soon as the room's size allows. */
  tellPresence(room: Room): void;
  /** How far who has read has changed: likewise. */
  tellReads(room: Room): void;
  /** The room is gone. */
  forget(room: Room): void;
  /** Tells everything that waits. */
  flush(): void;
  /** Leaves no timer. */
  stop(): void;
}

/** What a flush may hand to a room's lines in all, in UTF-16 units: then it comes without a rest. */
const fullLength = { all: 64 * 1024 * 1024, least: 16 * 1024, most: 256 * 1024 };

/** From how many members on most of them being behind says that the server is, not they. */
const crowd = 20;

/** How long writers are slowed when most readers are behind, in ms. */
const slowMs = 100;

/** When who was behind is looked at again, in ms. */
const missedFreshMs = 1_000;

export function createFanOut(options: FanOutOptions): FanOut {
  const { time, pace, soon, stopwatch, observer, streams } = options;
  const waiting = new Set<Room>();
  const freshTimers = createKeyedTimers<Room>(time);
  const readsTimers = createKeyedTimers<Room>(time);
  let cancelRest: Cancel | undefined;
  let isComing = false;

  function tell(room: Room) {
    waiting.add(room);
    if (isFull(room)) return flush();
    if (isComing || cancelRest) return;
    const delayMs = pace.delayMs(time.now());
    if (delayMs > 0) {
      cancelRest = time.after(delayMs, flush);
    } else {
      isComing = true;
      soon(() => {
        if (isComing) flush();
      });
    }
  }

  function tellAfter(room: Room, delayMs: number, timers: KeyedTimers<Room>) {
    if (delayMs === 0) tell(room);
    else timers.start(room, delayMs, () => tell(room));
  }

  function flush() {
    isComing = false;
    cancelRest?.();
    cancelRest = undefined;
    if (waiting.size === 0) return;
    const startedAt = stopwatch();
    const rooms = [...waiting];
    waiting.clear();
    // Who is in several of these rooms gets one write all the same.
    const corked = rooms.length > 1 ? new Set<Member>() : undefined;
    let messages = 0;
    let deliveries = 0;
    for (const room of rooms) {
      const told = flushRoom(room, corked);
      messages += told;
      deliveries += told * room.members.size;
    }
    for (const member of corked ?? []) member.uncork();
    const durationMs = stopwatch() - startedAt;
    pace.flushed(time.now(), durationMs);
    observer.flushed(messages, deliveries, durationMs);
  }

  /** Returns how many messages were told. */
  function flushRoom(room: Room, corked: Set<Member> | undefined): number {
    const { messages, streamEnds, fresh: news } = room.takeNews(time.now());
    const toEach = streamEnds.length === 0 ? messages : [...messages, ...streamEnds];
    const pieces = streams.takePieces(room.name);
    const fresh = pieces.length === 0 ? news : [...pieces.map((piece) => encode(piece)), ...news];
    if (toEach.length + fresh.length > 0) {
      const all = new SharedTexts(packFrames([...toEach, ...fresh]));
      const withoutFresh = fresh.length === 0 ? all : new SharedTexts(packFrames(toEach));
      let behind = 0;
      for (const member of room.members) {
        const isBehind = member.isBehind();
        if (corked && !corked.has(member)) {
          corked.add(member);
          member.cork();
        }
        member.deliver(isBehind ? withoutFresh : all);
        if (!isBehind) continue;
        behind += 1;
        if (fresh.length === 0) continue;
        room.missedFresh.add(member);
        observer.dropped('stale news');
      }
      const isSlow = room.members.size >= crowd && behind > room.members.size / 2;
      if (isSlow) room.slowUntil = time.now() + slowMs;
    }
    const again = () => tell(room);
    if (room.presence.hasNews) {
      freshTimers.start(room, room.presenceDelayMs(time.now()), again);
    }
    if (room.hasReadNews) readsTimers.start(room, room.readsDelayMs(time.now()), again);
    if (room.missedFresh.size > 0) catchUpFresh(room);
    return messages.length;
  }

  /**
   * Who was behind is told who is there, has read what and is writing what by now, instead of all that it
   * missed; and who is new in a crowd.
   */
  function catchUpFresh(room: Room) {
    let snapshot: SharedTexts | undefined;
    for (const member of room.missedFresh) {
      if (member.isBehind()) continue;
      room.missedFresh.delete(member);
      snapshot ??= snapshotOf(room);
      member.deliver(snapshot);
    }
    if (room.missedFresh.size > 0) freshTimers.start(room, missedFreshMs, () => tell(room));
  }

  function snapshotOf(room: Room): SharedTexts {
    const reads = room.readsNow();
    const frames = [room.snapshot(), ...(reads ? [reads] : []), ...streams.all(room.name)];
    return shareFrames(frames);
  }

  return {
    tell,
    tellPresence: (room) => tellAfter(room, room.presenceDelayMs(time.now()), freshTimers),
    tellReads: (room) => tellAfter(room, room.readsDelayMs(time.now()), readsTimers),
    forget(room) {
      waiting.delete(room);
      freshTimers.stop(room);
      readsTimers.stop(room);
    },
    flush,
    stop() {
      isComing = false;
      cancelRest?.();
      cancelRest = undefined;
      freshTimers.clear();
      readsTimers.clear();
      waiting.clear();
    },
  };
}

function isFull(room: Room): boolean {
  const { all, least, most } = fullLength;
  return room.length >= Math.min(most, Math.max(least, all / room.members.size));
}
