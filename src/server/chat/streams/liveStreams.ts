/**
 * The messages that are being written before all eyes, in the rooms that this server knows of: who may write
 * them, what readers are to be told, and how they end. They are a preview in memory and no more: what is kept
 * is the message that is sent at the end. How they begin and end is in `streamLives.ts`, what several gateways do
 * with them in `streamsElsewhere.ts`.
 */
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';
import { type HeldStream, isHere } from './heldStreams';
import { LiveStream, type Merged, type StreamNews } from './liveStream';
import { createStreamLives, type StreamLivesOptions } from './streamLives';
import type { StreamRefusal } from './streamRefusal';
import { createStreamsElsewhere, type StreamGateways } from './streamsElsewhere';
import { createWriterGraces, type WriterGracesOptions } from './writerGraces';

export interface StreamWriter {
  readonly user: User;
  /** It writes by no line: what it began ends by a `cut` or once it rests, whatever lines the user has. */
  readonly hasNoLine?: boolean;
  /** A program of the server's own: how many it writes at a time is its own to limit. */
  readonly isTrusted?: boolean;
}

export type WrittenPiece = Omit<ClientFrameOf<'stream'>, 't'>;

export interface LiveStreams {
  /** Resolves once pieces can be taken; undefined if they can. Rejects with `LogUnavailableError` if not now. */
  ready(): Promise<void> | undefined;
  /** Takes a piece, or says why not. */
  write(writer: StreamWriter, piece: WrittenPiece): StreamRefusal | undefined;
  /** The user has no line here any more. `at once`: on purpose; else they have a grace to come back. */
  left(userId: string, how: 'at once' | 'after a grace'): void;
  /** The message itself has come, and is on its way to the log: until that answers nothing more is told. */
  sending(userId: string, id: string): void;
  /** The log did not take it, for now or for ever. */
  notSent(userId: string, id: string, how: 'for now' | 'for ever'): void;
  /** The message is in the log, and takes its place. */
  sent(userId: string, id: string): void;
  /** What is being written in the room, each with its whole text. */
  all(room: string): ServerFrameOf<'stream'>[];
  /** The pieces that the members of the room were not told when this was last asked. */
  takePieces(room: string): ServerFrameOf<'stream'>[];
  /** Another gateway tells of what is written to it. */
  heard(room: string, gateway: string, news: StreamNews): void;
  /** Another gateway wants to be told all that is written here. */
  asked(room: string): void;
  /** What is written to another gateway is not told of by that one any more. */
  gatewayGone(room: string, gateway: string): void;
  /** Nobody here hears of the room any more. */
  closed(room: string): void;
  /** Takes nothing more, and keeps what is there as cut: resolves when that is done, or cannot be. */
  end(): Promise<void>;
  /** Forgets all, and leaves no timer. */
  clear(): void;
}

export interface LiveStreamsOptions
  extends Omit<StreamLivesOptions, 'tellOthers'>,
    Omit<WriterGracesOptions, 'gone'> {
  /** There are pieces for the members of the room. */
  changed(room: string): void;
  /** None where this server is alone. */
  gateways: StreamGateways | undefined;
}

/** A writer who says nothing new is shown to be there at most so often, in ms. */
const stillThereMs = 10_000;

export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const { time, changed, gateways } = options;
  const lives = createStreamLives({
    ...options,
    tellOthers: (room, news) => gateways?.tell(room, news),
  });
  const streams = lives.held;
  const graces = createWriterGraces({
    ...options,
    gone(userId) {
      for (const held of streams.ofUser(userId)) {
        if (isHere(held) && !held.hasNoLine) lives.breakOff(held);
      }
    },
  });
  const elsewhere = createStreamsElsewhere({
    ...options,
    lives,
    taken,
    mayBeGone: (userId) => graces.left(userId, 'after a grace'),
  });

  function hasGrown(held: HeldStream) {
    held.hasNews = true;
    held.newsAtMs = time.now();
    changed(held.stream.room);
    elsewhere.tellSoon(held);
  }

  function taken(held: HeldStream, merged: Merged) {
    held.heardAtMs = time.now();
    // Nothing new says all the same that its writer is there.
    if (merged === 'grown' || time.now() - held.newsAtMs >= stillThereMs) hasGrown(held);
  }

  return {
    ready: () => undefined,

    write({ user, hasNoLine, isTrusted }, { id, room, at, text, about, cut }) {
      const known = streams.get(user.id, id);
      if (known?.keeping || (!known && lives.hasEnded(user.id, id))) return 'stream_ended';
      if (known && known.stream.room !== room) return 'bad_frame';
      if (!known && at > 0) return 'stream_gap';
      const hasOwnPlace = isTrusted || streams.ofUser(user.id).length < limits.streamsPerUser;
      if (!known && !(hasOwnPlace && lives.hasPlace(room))) return 'too_many_streams';
      const held = known ?? lives.begin(new LiveStream(room, user, id, about), { hasNoLine });
      const merged = held.stream.merge({ at, text });
      if (merged === 'gap') return 'stream_gap';
      if (merged === 'too long') return 'bad_frame';
      elsewhere.writtenHere(held);
      taken(held, merged);
      if (cut) lives.breakOff(held);
      return undefined;
    },

    left(userId, how) {
      if (lives.isOver || streams.ofUser(userId).length === 0) return;
      graces.left(userId, how);
    },

    sending(userId, id) {
      const held = streams.get(userId, id);
      if (!held) return;
      held.isSending = true;
      held.heardAtMs = time.now();
    },

    notSent(userId, id, how) {
      const held = streams.get(userId, id);
      if (!held) return;
      held.isSending = false;
      if (how === 'for ever') lives.endUnkept(held);
      else hasGrown(held);
    },

    sent(userId, id) {
      const held = streams.get(userId, id);
      if (held) lives.endSent(held);
      // Another gateway that did not hear of the message may tell of what was written before it.
      else if (gateways) lives.noteEnded(userId, id);
    },

    all: (room) =>
      streams.inRoom(room).map(({ stream }) => stream.frameOf(stream.since(undefined))),

    takePieces(room) {
      const news = streams.inRoom(room).filter((held) => held.hasNews && !held.isSending);
      return news.map((held) => {
        const { stream } = held;
        const frame = stream.frameOf(stream.since(stream.told));
        stream.told = stream.text.length;
        held.hasNews = false;
        return frame;
      });
    },

    heard: elsewhere.heard,
    asked: elsewhere.asked,
    gatewayGone: elsewhere.gatewayGone,
    closed: elsewhere.closed,
    end: lives.end,

    clear() {
      lives.clear();
      graces.clear();
      elsewhere.clear();
    },
  };
}
