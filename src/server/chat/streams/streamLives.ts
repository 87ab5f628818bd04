/**
 * The lives of the streams that a server knows of: each begins where there is a place for it, is broken off when its
 * writer rests, and is forgotten when it has ended. What is there of one that its writer breaks off is kept.
 */
import type { ServerFrameOf } from '../../../protocol/frames';
import { type HeldStream, HeldStreams, isHere, isWrittenHere, streamKey } from './heldStreams';
import type { LiveStream, StreamNews } from './liveStream';
import { RecentIds } from './recentIds';
import { StreamKeeping, type StreamKeepingOptions } from './streamKeeping';

export interface StreamLivesOptions extends StreamKeepingOptions {
  /** Tells the members of the room, each of them, that this has ended and no message takes its place. */
  tellEnd(end: ServerFrameOf<'stream'>): void;
  /** Tells the other gateways, if there are any. */
  tellOthers(room: string, news: StreamNews): void;
  /** Until `close` the room is heard of, and heard, at the other gateways: counted. */
  open(room: string): void;
  close(room: string): void;
}

export interface StreamLives {
  /** Those that there are. */
  readonly held: HeldStreams;
  /** Whether one more may be written in the room. */
  hasPlace(room: string): boolean;
  /** Whether it has ended a while ago: nothing more of it is taken. */
  hasEnded(userId: string, id: string): boolean;
  /** One that is not known of has ended. */
  noteEnded(userId: string, id: string): void;
  begin(
    stream: LiveStream,
    from: { gateway?: string; hasNoLine?: boolean | undefined },
  ): HeldStream;
  /** Watches whether its writer, or its gateway, rests: anew, as it has changed which of them is heard. */
  watchRest(held: HeldStream): void;
  /** Its writer has broken off: what is there is kept. */
  breakOff(held: HeldStream): void;
  /** It has ended without a message, and readers have to learn it. */
  endUnkept(held: HeldStream): void;
  /** The message has taken its place. */
  endSent(held: HeldStream): void;
  /** Nothing more is heard of it here. */
  forget(held: HeldStream): void;
  /** Nothing more begins. */
  readonly isOver: boolean;
  /** Begins nothing more, and keeps what is written here: resolves when that is done, or cannot be. */
  end(): Promise<void>;
  /** Forgets all, and leaves no timer. */
  clear(): void;
}

/** Without a piece for so long a writer has broken off, in ms. */
export const idleMs = 60_000;

/** Of what is written to another gateway nothing is heard for so long, in ms: its end was missed. */
export const unheardMs = 75_000;

/** The most that are known of at a time. */
const most = { perRoom: 50, inAll: 2_000 };

/** What has ended is remembered for so long, in ms, and so much of it. */
const remembered = { forMs: 300_000, most: 10_000 };

export function createStreamLives(options: StreamLivesOptions): StreamLives {
  const { time, tellEnd, tellOthers, open, close } = options;
  const streams = new HeldStreams();
  const ended = new RecentIds(remembered.forMs, remembered.most);
  let isOver = false;

  /** Looked at when it may be so far: a timer for each piece would be set and cancelled all the time. */
  function watchRest(held: HeldStream) {
    held.cancelIdle();
    const mostMs = isHere(held) ? idleMs : unheardMs;
    held.cancelIdle = time.after(held.heardAtMs + mostMs - time.now(), () => {
      if (time.now() < held.heardAtMs + mostMs) watchRest(held);
      else if (isHere(held)) breakOff(held);
      else forget(held);
    });
  }

  function forget(held: HeldStream) {
    streams.delete(held);
    held.cancelIdle();
    held.keeping?.cancel();
    if (isHere(held)) close(held.stream.room);
  }

  const noteEnded = (userId: string, id: string) => ended.add(streamKey(userId, id), time.now());

  function forgetForGood(held: HeldStream) {
    noteEnded(held.stream.user.id, held.stream.id);
    forget(held);
  }

  function endUnkept(held: HeldStream) {
    if (!streams.has(held)) return;
    const { stream } = held;
    const end = { at: stream.text.length, text: '', cut: true } as const;
    // While the room is still open.
    if (isHere(held)) tellOthers(stream.room, stream.newsOf(end));
    forgetForGood(held);
    tellEnd({ ...stream.frameOf(end), cut: true });
  }

  function breakOff(held: HeldStream) {
    if (held.keeping) return;
    if (held.stream.text === '') return endUnkept(held);
    held.keeping = new StreamKeeping(options, held.stream, () => endUnkept(held));
  }

  return {
    held: streams,

    hasPlace: (room) =>
      !isOver && streams.size < most.inAll && streams.inRoom(room).length < most.perRoom,

    hasEnded: (userId, id) => ended.has(streamKey(userId, id), time.now()),

    noteEnded,

    begin(stream, { gateway, hasNoLine = false }) {
      const held: HeldStream = {
        ...{ stream, gateway, hasNoLine, isAdopted: false, isSending: false, keeping: undefined },
        ...{ hasNews: false, newsAtMs: Number.NEGATIVE_INFINITY, heardAtMs: time.now() },
        cancelIdle: () => {},
      };
      streams.add(held);
      if (isHere(held)) open(stream.room);
      watchRest(held);
      return held;
    },

    watchRest,
    breakOff,
    endUnkept,
    endSent: forgetForGood,
    forget,

    get isOver() {
      return isOver;
    },

    async end() {
      isOver = true;
      const keepings = streams.all().map((held) => {
        if (isWrittenHere(held)) breakOff(held);
        return held.keeping?.last();
      });
      await Promise.all(keepings);
    },

    clear() {
      isOver = true;
      for (const { cancelIdle, keeping } of streams.all()) {
        cancelIdle();
        keeping?.cancel();
      }
      streams.clear();
      ended.clear();
    },
  };
}
