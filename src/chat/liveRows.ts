/**
 * What is being written in one room before everybody's eyes, as far as it has been told: a preview, until the
 * message itself is in the timeline. A writer of whom nothing is heard is taken to have broken off. While there
 * is no line nobody can be heard, so that is no sign of it.
 */
import { armDeadline } from '../connection/deadline';
import type { Cancel, Time } from '../connection/ports';
import type { About } from '../protocol/about';
import type { ServerFrameOf } from '../protocol/frames';
import type { User } from '../protocol/user';
import { emptyLiveText, type LiveText, takePiece } from './liveText';
import type { Timeline } from './timeline';
import type { ChatMessage } from './types';

/** A message in the making. A new object whenever it says something else. */
export interface LiveMessage {
  readonly id: string;
  readonly author: User;
  readonly about: About | undefined;
  readonly body: string;
  /** When it was first heard of, in ms since 1970 by this machine's clock. */
  readonly at: number;
  readonly live: NonNullable<ChatMessage['live']>;
}

export interface LiveRowsOptions {
  time: Time;
  timeline(): Timeline;
  onChange(): void;
}

export interface LiveRows {
  /** What there is to be shown, the one that was first heard of first. */
  all(): readonly LiveMessage[];
  piece(frame: ServerFrameOf<'stream'>): void;
  /** Messages have joined the timeline: they take the place of what was told of them. */
  logged(): void;
  /** The room was entered on a new line: what is still being written there will be told again. */
  entered(): void;
  lineLost(): void;
  /** The room begins anew. */
  forget(): void;
}

interface Live {
  readonly text: LiveText;
  readonly message: LiveMessage;
  /** Undefined while nothing can be heard. */
  cancel: Cancel | undefined;
}

/** How many a room shows; more are seen once they were sent. */
const maxLive = 50;

/** After so long without a word nothing more is expected, in ms: the server ends a silent stream after 60 s. */
const silenceMs = 75_000;

/** How long it may take to be told again what is being written, after coming back, in ms. */
const returnMs = 15_000;

/** A piece may come after its message, but not so many messages after it. */
const lateMessages = 500;

export function createLiveRows({ time, timeline, onChange }: LiveRowsOptions): LiveRows {
  const streams = new Map<string, Live>();
  /** The places from and up to which messages were looked at. */
  let looked = notLooked;

  function expectWithin(key: string, withinMs: number): Cancel {
    return armDeadline(time, withinMs, () => {
      const stream = streams.get(key);
      if (!stream) return;
      streams.set(key, { ...stream, message: { ...stream.message, live: 'broken' } });
      onChange();
    });
  }

  function remove(key: string): boolean {
    streams.get(key)?.cancel?.();
    return streams.delete(key);
  }

  /** Makes room for one more, if that can be done without taking away what is alive. */
  function hasRoom(): boolean {
    if (streams.size < maxLive) return true;
    const broken = [...streams].find(([, { message }]) => message.live === 'broken');
    return broken !== undefined && remove(broken[0]);
  }

  function isLogged({ id, from }: ServerFrameOf<'stream'>): boolean {
    return timeline()
      .messages.slice(-lateMessages)
      .some((each) => each.id === id && each.from.id === from.id);
  }

  function begun({ id, from, about }: ServerFrameOf<'stream'>): Live {
    const message = { id, author: from, about, body: '', at: time.now(), live: 'writing' } as const;
    return { text: emptyLiveText, message, cancel: undefined };
  }

  return {
    all: () =>
      [...streams.values()]
        // Of what begins with a gap there is nothing to show.
        .filter(({ text }) => text.text !== '' || text.held.length === 0)
        .map(({ message }) => message),

    piece(frame) {
      const key = keyOf(frame.from, frame.id);
      const known = streams.get(key);
      if (!known && (frame.cut || isLogged(frame) || !hasRoom())) return;
      const { text, message, cancel } = known ?? begun(frame);
      cancel?.();
      const next = takePiece(text, frame);
      const live = frame.cut ? 'broken' : 'writing';
      const isSame = known && next.text === text.text && message.live === live;
      streams.set(key, {
        text: next,
        message: isSame ? message : { ...message, body: next.text, live },
        cancel: frame.cut ? undefined : expectWithin(key, silenceMs),
      });
      // Of nothing there is nothing to keep in sight.
      if (frame.cut && next.text === '') remove(key);
      if (!isSame) onChange();
    },

    logged() {
      const { messages } = timeline();
      const [first] = messages;
      const last = messages.at(-1);
      if (!first || !last) return;
      for (let index = messages.length - 1; streams.size > 0 && index >= 0; index -= 1) {
        const message = messages[index];
        if (!message || message.seq <= looked.upTo) break;
        remove(keyOf(message.from, message.id));
      }
      // Older ones may have joined in front: what was told of them may have come late.
      for (const message of messages) {
        if (streams.size === 0 || message.seq >= looked.from) break;
        remove(keyOf(message.from, message.id));
      }
      looked = { from: first.seq, upTo: last.seq };
    },

    entered() {
      for (const [key, stream] of streams) {
        if (stream.message.live === 'writing') stream.cancel ??= expectWithin(key, returnMs);
      }
    },

    lineLost() {
      for (const stream of streams.values()) {
        stream.cancel?.();
        stream.cancel = undefined;
      }
    },

    forget() {
      looked = notLooked;
      for (const key of [...streams.keys()]) remove(key);
    },
  };
}

const notLooked = { from: Number.POSITIVE_INFINITY, upTo: 0 };

const keyOf = (author: User, id: string) => `${author.id} ${id}`;
