/**
 * What the connection lab shows of a line, and what it can do to one. The lab knows sockets and what they
 * carry, never what it means: it works with every server.
 */
import type { ConnectionState, ConnectionStatus } from '../connection/machine';

/** What became of a frame on its way, where the lab had a hand in it. */
export type FrameFate =
  | 'delayed'
  /** It never arrived: lost, or swallowed by a frozen line. */
  | 'lost'
  | 'duplicated';

interface Happened {
  /** Counts all events of this page from 0, without a hole. */
  readonly number: number;
  /** Ms since 1970, by the clock that the connection has. */
  readonly at: number;
}

/** A WebSocket message, in or out. */
export interface FrameEvent extends Happened {
  readonly kind: 'frame';
  readonly direction: 'in' | 'out';
  /** What it carries; undefined if it is binary, or too long to keep. */
  readonly text: string | undefined;
  readonly bytes: number;
  readonly fate: FrameFate | undefined;
}

/** Something about the socket itself. */
export interface SocketEvent extends Happened {
  readonly kind: 'socket';
  readonly what: 'opening' | 'open' | 'error' | 'closed' | 'abandoned';
  readonly url: string;
  /** How it was closed, if it was. */
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
}

/** The connection went from one state to another. Its cause is in `state`. */
export interface StateEvent extends Happened {
  readonly kind: 'state';
  readonly from: ConnectionStatus;
  readonly state: ConnectionState;
}

/** Something that was sent has been answered. */
export interface AnswerEvent extends Happened {
  readonly kind: 'answer';
  readonly to: 'ping' | 'message';
  readonly rttMs: number;
}

/** The lab did something to the line. */
export interface FaultEvent extends Happened {
  readonly kind: 'fault';
  readonly what:
    | 'cut'
    | 'hang up'
    | 'time skipped'
    /** The standing faults are others than before. */
    | 'faults changed'
    | 'tuning changed';
}

/** The page was told of a message while the person was away. */
export interface PushEvent extends Happened {
  readonly kind: 'push';
  /** `service`: by the browser's push service. `page`: this page stood in for it. */
  readonly by: 'service' | 'page';
}

export type LineEvent =
  | FrameEvent
  | SocketEvent
  | StateEvent
  | AnswerEvent
  | FaultEvent
  | PushEvent;

/** The latest events, oldest first; bounded, so old ones are dropped. */
export interface LineLog {
  /** The number of the oldest event that is kept, and of the next one that will come. */
  readonly firstNumber: number;
  readonly nextNumber: number;
  /** The event of this number, while it is kept. */
  at(number: number): LineEvent | undefined;
  /** Called at once for each event that comes. */
  listen(onEvent: (event: LineEvent) => void): () => void;
}

/** What stays wrong with the line until it is put right. */
export interface Faults {
  /** In which direction nothing passes, and nobody is told: the line is frozen. */
  readonly frozen: 'no' | 'both' | 'in' | 'out';
  /** By how much what passes is late, each way, in ms: 0 to 30,000. */
  readonly delayMs: number;
  /** How many of 100 messages do not arrive, each way: 0 to 100. */
  readonly lostPercent: number;
  /** How many of 100 messages arrive twice, each way: 0 to 100. */
  readonly duplicatedPercent: number;
  /** Every new connection is refused. */
  readonly isRefusing: boolean;
  /** The browser is said to be offline, and has no line. */
  readonly isOffline: boolean;
}

export const noFaults: Faults = {
  frozen: 'no',
  delayMs: 0,
  lostPercent: 0,
  duplicatedPercent: 0,
  isRefusing: false,
  isOffline: false,
};

/** How the connection is tuned by hand; what is undefined is as it is without the lab. */
export interface Tuning {
  readonly intervalMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly ackTimeoutMs?: number | undefined;
  /** The backoff's first ceiling, and its highest. */
  readonly baseMs?: number | undefined;
  readonly capMs?: number | undefined;
  /** Tries in a row that may fail before it gives up. */
  readonly maxRetries?: number | undefined;
  readonly isAdaptive?: boolean | undefined;
}

/** What is due next, in ms by the connection's clock; undefined where nothing is. */
export interface Deadlines {
  /** The next ping goes out. */
  readonly pingAt: number | undefined;
  /** The line is dead if nothing has been answered. */
  readonly deadAt: number | undefined;
  /** The oldest expected ack is overdue. */
  readonly ackBy: number | undefined;
  /** The try that is under way is given up. */
  readonly connectBy: number | undefined;
  /** The next try. */
  readonly retryAt: number | undefined;
}

/** What holds without the lab, and is shown where nothing is tuned: all of `Tuning`, as it is now. */
export type EffectiveTuning = { readonly [Key in keyof Tuning]-?: NonNullable<Tuning[Key]> };

/** A session that was saved to a file, to be looked at again. */
export interface Recording {
  readonly savedAt: number;
  readonly url: string;
  readonly events: readonly LineEvent[];
}

/** What the lab can do. Nothing of it throws. */
export interface LabActions {
  /** As if somebody cut the cable: the socket ends with 1006. */
  cut(): void;
  /** As if the server closed, with any code from 1000 to 4999. */
  hangUp(code: number, reason: string): void;
  /** As if the machine had slept for so long, in ms: the clock jumps, and timers are late. */
  skipTime(ms: number): void;
  setFaults(change: Partial<Faults>): void;
  clearFaults(): void;
  /** Takes effect at once. */
  tune(change: Tuning): void;
  resetTuning(): void;
  /** What is due now: asked for as often as it is drawn. */
  deadlines(): Deadlines;
  /** How the connection is tuned now, by the lab, the server or by default. */
  effectiveTuning(): EffectiveTuning;
  /** Ms since 1970, by the connection's clock. */
  now(): number;
  /** The kept events as the text of a file. */
  exportRecording(): Promise<string>;
  /** Reads such a file. Rejects with an error whose message names what is wrong. */
  readRecording(text: string): Promise<Recording>;
}
