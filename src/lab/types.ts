/**
 * What the connection lab shows of a line, and what it can do to one. The lab knows sockets and what they
 * carry, never what it means: it works with every server.
 */
import type { Deadlines, EffectiveTuning, Tuning } from '../connection/contract';
import type { ConnectionState, ConnectionStatus } from '../connection/machine';

export type { Deadlines, EffectiveTuning, Tuning } from '../connection/contract';

/** What became of a frame on its way, where the lab had a hand in it. */
export type FrameFate =
  | 'delayed'
  /**
   * It did not arrive: lost, or swallowed by a frozen line. If such a line thaws while both ends still wait,
   * it does arrive, and is recorded again, as delayed.
   */
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

/** What the numbers among the faults can be. */
export const faultRanges = {
  delayMs: [0, 30_000],
  lostPercent: [0, 100],
  duplicatedPercent: [0, 100],
} as const;

export const noFaults: Faults = {
  frozen: 'no',
  delayMs: 0,
  lostPercent: 0,
  duplicatedPercent: 0,
  isRefusing: false,
  isOffline: false,
};

/** The numbers among what can be tuned. */
export type TunedNumber = Exclude<keyof Tuning, 'isAdaptive'>;

/** What a knob can be set to: in ms, and in tries. What is beyond is set to the nearest. */
export const tuningRanges: { readonly [Key in TunedNumber]: readonly [min: number, max: number] } =
  {
    intervalMs: [1_000, 270_000],
    timeoutMs: [500, 60_000],
    ackTimeoutMs: [500, 60_000],
    baseMs: [1, 60_000],
    capMs: [1, 300_000],
    maxRetries: [0, 10_000],
  };

/** The longest sleep, in ms: a day. */
export const longestSkipMs = 86_400_000;

/** A session that was saved to a file, to be looked at again. */
export interface Recording {
  readonly savedAt: number;
  readonly url: string;
  readonly events: readonly LineEvent[];
}

/** What is wrong with a file that should be a recording. */
export type RecordingProblem =
  | { kind: 'not json' }
  | { kind: 'no recording' }
  /** A later version of this page wrote it. */
  | { kind: 'newer'; version: number }
  | { kind: 'too large'; most: number }
  | { kind: 'bad field'; field: string }
  /** The event at this place, from 1. */
  | { kind: 'bad event'; event: number; field: string };

/** Says what is wrong for developers; `problem` says it for those who find words for it. */
export class RecordingError extends Error {
  constructor(
    readonly problem: RecordingProblem,
    message: string,
  ) {
    super(message);
  }
}

/** The part of the page's address that says how the line is tuned. */
export const tuneParameter = 'tune';

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
  /** The address of this page with this tuning in it. */
  tuningLink(tuning: Tuning): Promise<string>;
  /** The kept events as the text of a file. */
  exportRecording(): Promise<string>;
  /** Reads such a file. Rejects with a `RecordingError`, which names what is wrong. */
  readRecording(text: string): Promise<Recording>;
}
