/**
 * Writes a message before everybody's eyes, for programs: a language model's answer, a build's log. What is
 * written is shown in pieces as it comes, at most one each `everyMs`; whenever it is not sure what of it has
 * arrived, all of it is said again. The end is an ordinary message, which the outbox sends: whatever became of
 * the pieces, it arrives, once. A writer that dies, or cuts, leaves what was shown, marked as broken off.
 */
import type { Cancel, Time } from '../connection/ports';
import type { AboutSent } from '../protocol/about';
import type { ServerFrameOf } from '../protocol/frames';
import { codePointCount, limits } from '../protocol/limits';
import type { StreamLine } from './streamLine';

export interface StreamWriterOptions {
  /** A session's `streams`, or any other line that can do as much. */
  line: StreamLine;
  /** The message's id, unlike any other of this user's. */
  id: string;
  /** One that the session has open: elsewhere only the end is seen. */
  room: string;
  /** What opens the room, if it is a private one. */
  roomKey?: string | undefined;
  /** What it answers. */
  about?: (AboutSent & { kind: 'reply' }) | undefined;
  /** Ms since 1970, and the timers that go with it. */
  time: Time;
  /** The least time between two pieces, in ms; 50 if not given. */
  everyMs?: number;
}

export interface StreamWriter {
  readonly id: string;
  /** All that was written so far. */
  readonly text: string;
  /** How many more characters (code points) the message takes. */
  readonly charactersLeft: number;
  /**
   * Goes on with the text. Throws a RangeError when the message would become longer than one may be: then
   * nothing of it was taken, and what was written before can be ended. Throws once it has ended.
   */
  write(text: string): void;
  /**
   * Ends it: sends what was written as a message. Resolves with the message's `seq` once it is durable; with
   * undefined, and without a message, where nothing was written. Rejects when the message was refused, which the
   * outbox then keeps as failed; and when the outbox is full: then the writer has not ended, and can try again. It
   * is still waited for where the outbox itself holds the message back, as after an hour without a line: `retry`
   * lets it go.
   */
  end(): Promise<number | undefined>;
  /** Breaks it off: what was written stays in the room, marked as such. */
  cut(): void;
}

const defaultEveryMs = 50;

/** So often a writer with nothing to say shows that it is there, in ms: after 60 s it is taken to have died. */
const presenceMs = 20_000;

/** How long to wait where too much is written before everybody's eyes, and the server does not say, in ms. */
const crowdedMs = 5_000;

/** What says that a cut has not arrived does so within this time, in ms. */
const cutSettledMs = 10_000;

interface Ending {
  resolve(seq: number): void;
  reject(error: Error): void;
}

export function createStreamWriter(options: StreamWriterOptions): StreamWriter {
  const { line, id, room, roomKey, about, time, everyMs = defaultEveryMs } = options;
  let text = '';
  let characters = 0;
  let state: 'writing' | 'cutting' | 'over' = 'writing';
  let ending: Ending | undefined;
  /** The message was refused once as the line was not in its room. */
  let hasStrayed = false;
  /** Up to where the text was said, for all that is known here. */
  let saidUpTo = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  /** `for now`: on this line, or until a pause is over. */
  let isSilenced: 'for good' | 'for now' | undefined;
  let cancelPace: Cancel | undefined;
  let cancelPresence: Cancel = () => {};
  let cancelPause: Cancel = () => {};
  const unlisten = line.listen({ opened, lost, refused, acked });

  function stopTimers() {
    cancelPace?.();
    cancelPace = undefined;
    cancelPresence();
    cancelPause();
  }

  function over() {
    state = 'over';
    stopTimers();
    if (!ending) unlisten();
  }

  /** Says what has not been said; false where that was not possible. */
  function say(fields: { cut?: true } = {}): boolean {
    const upTo = wholeLength(text);
    const piece = {
      t: 'stream',
      id,
      room,
      at: saidUpTo,
      // What is broken in itself would be refused; as a message it becomes the same.
      text: text.slice(saidUpTo, upTo).toWellFormed(),
    } as const;
    const isSaid = line.say({ ...piece, ...(about && { about }), ...fields });
    saidUpTo = isSaid ? upTo : 0;
    if (isSaid) saidAt = time.now();
    return isSaid;
  }

  function sayNews() {
    cancelPace?.();
    cancelPace = undefined;
    cancelPresence();
    if (isSilenced || !say()) return;
    cancelPresence = time.after(presenceMs, sayNews);
  }

  /** What is written meanwhile goes with it. */
  function sayInTurn() {
    if (isSilenced || cancelPace) return;
    const waitMs = saidAt + everyMs - time.now();
    if (waitMs <= 0) sayNews();
    else cancelPace = time.after(waitMs, sayNews);
  }

  function sayCut() {
    cancelPause();
    if (say({ cut: true })) cancelPause = time.after(cutSettledMs, over);
  }

  function opened() {
    saidUpTo = 0;
    if (isSilenced === 'for now') isSilenced = undefined;
    if (state === 'cutting') sayCut();
    else if (state === 'writing' && text !== '') sayNews();
  }

  function lost() {
    stopTimers();
    saidUpTo = 0;
  }

  function pause(ms: number) {
    isSilenced = 'for now';
    cancelPause();
    cancelPause = time.after(ms, () => {
      isSilenced = undefined;
      saidUpTo = 0;
      sayInTurn();
    });
  }

  function refused({ id: ofId, code, retry, after, message }: ServerFrameOf<'err'>): boolean {
    if (ofId !== id) return false;
    if (ending) return refusedAtEnd(code, retry, message);
    if (code === 'stream_ended') {
      isSilenced = 'for good';
      if (state === 'cutting') over();
    } else if (code === 'stream_gap') {
      saidUpTo = 0;
      if (state === 'cutting') sayCut();
      else sayInTurn();
    } else if (retry) pause(after ?? crowdedMs);
    else isSilenced = 'for now';
    return true;
  }

  /** A piece that was on its way may be meant, or the message. */
  function refusedAtEnd(code: string, retry: boolean, message: string): boolean {
    if (pieceCodes.includes(code)) return true;
    // The line had lost that the room was entered: it is sent once more.
    if (code === 'not_in_room' && !hasStrayed) {
      hasStrayed = true;
      return false;
    }
    if (!retry) settle()?.reject(new Error(`the message was refused: ${message} (${code})`));
    return false;
  }

  function acked({ id: ofId, seq }: { id: string; seq: number }) {
    if (ofId === id) settle()?.resolve(seq);
  }

  function settle(): Ending | undefined {
    const settled = ending;
    ending = undefined;
    if (settled) unlisten();
    return settled;
  }

  return {
    id,
    get text() {
      return text;
    },
    get charactersLeft() {
      return limits.bodyLength - characters;
    },

    write(more) {
      if (state !== 'writing')
        throw new Error('the message has ended: nothing more can be written');
      const isPairJoined = isHigh(text.charCodeAt(text.length - 1)) && isLow(more.charCodeAt(0));
      const next = characters + codePointCount(more) - (isPairJoined ? 1 : 0);
      if (next > limits.bodyLength) {
        const left = limits.bodyLength - characters;
        throw new RangeError(
          `a message has at most ${limits.bodyLength} characters: this one takes ${left} more`,
        );
      }
      if (more === '') return;
      text += more;
      characters = next;
      sayInTurn();
    },

    end() {
      if (state !== 'writing') return Promise.reject(new Error('the message has ended already'));
      if (text === '') {
        over();
        return Promise.resolve(undefined);
      }
      if (!line.finish({ id, room, roomKey, about, body: text, at: time.now() })) {
        return Promise.reject(new Error('too many messages wait to be sent: end it again later'));
      }
      return new Promise((resolve, reject) => {
        ending = { resolve, reject };
        over();
      });
    },

    cut() {
      if (state !== 'writing') return;
      stopTimers();
      if (text === '' || isSilenced === 'for good') return over();
      state = 'cutting';
      sayCut();
    },
  };
}

/** What pieces alone are refused with. */
const pieceCodes: readonly string[] = ['stream_gap', 'stream_ended', 'too_many_streams'];

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** As much of a text as does not end in the middle of a character. */
function wholeLength(text: string): number {
  return isHigh(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length;
}
