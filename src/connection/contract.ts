/**
 * What a connection is asked for and what it offers: its options, its events, and its calls. The work
 * is done in `connection.ts`.
 */
import type { AdaptiveInterval } from './adaptiveInterval';
import type { HeartbeatTiming } from './heartbeat';
import type { ConnectionPolicy, ConnectionState } from './machine';
import type { Cancel, OpenSocket, Random, SendData, SocketData, Time } from './ports';
import type { Diagnosis } from './reachability';

/** Where to connect. A function is asked anew for every try, so that it may renew what it holds. */
export type Address = string | (() => string | Promise<string>);

export interface HeartbeatPolicy extends HeartbeatTiming {
  /** What is sent as ping number `n`. The next one comes `intervalMs` after its answer, or a little before. */
  ping(n: number, intervalMs: number): string;
  /**
   * Is this message the answer to a ping? It is then not handed on. Without this, every message
   * counts as an answer and is handed on: all that can be had from a server that knows no pong.
   */
  isPong?(data: SocketData): boolean;
  /**
   * Finds out how long the interval may be, as `adaptiveInterval.ts` does: it grows from `intervalMs` to
   * 4 min 30 s while the network keeps silent lines. A dead line is then noticed the later.
   */
  adaptive?: AdaptiveInterval;
  /** Whether it does so from the beginning, or only once tuned to; true if not given. */
  isAdaptive?: boolean;
}

export interface ConnectionOptions {
  address: Address;
  /** Offered as WebSocket subprotocols. */
  protocols?: readonly string[];
  /** In which form binary messages are handed on; `arraybuffer` if not given. */
  binaryType?: BinaryType;
  /** Without one, a line that dies in silence is noticed only by a missing ack. */
  heartbeat?: HeartbeatPolicy;
  /**
   * `manual`: an open socket is not yet an open connection; whoever shakes hands calls
   * `handshaken()`. Until then `send` works, and the connect timeout runs.
   */
  handshake?: 'none' | 'manual';
  /** Finds out what stands in the way of a socket that does not open, as `reachability.ts` does. */
  diagnose?: () => Promise<Diagnosis>;
  policy?: Partial<ConnectionPolicy>;
  time?: Time;
  random?: Random;
  openSocket?: OpenSocket;
  /** What the browser says of the network; `navigator.onLine` if not given. */
  isOnline?: () => boolean;
  /** Whether nobody can see the page; `document.visibilityState` if not given. */
  isHidden?: () => boolean;
}

/** How a connection is tuned while it runs; what is undefined is as its options, or the server, have it. */
export interface Tuning {
  readonly intervalMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly ackTimeoutMs?: number | undefined;
  /** The backoff's first ceiling, and its highest. */
  readonly baseMs?: number | undefined;
  readonly capMs?: number | undefined;
  /** Tries in a row that may fail before it gives up. */
  readonly maxRetries?: number | undefined;
  /** Holds where the heartbeat was given `adaptive`. */
  readonly isAdaptive?: boolean | undefined;
}

/** All of `Tuning`, as it holds now. The times of a heartbeat that there is none of are 0 if not tuned. */
export type EffectiveTuning = { readonly [Key in keyof Tuning]-?: NonNullable<Tuning[Key]> };

/** What is due next, in ms by the connection's clock; undefined where nothing is. */
export interface Deadlines {
  /** The next ping goes out. */
  readonly pingAt?: number | undefined;
  /** The line is dead if nothing has been answered. */
  readonly deadAt?: number | undefined;
  /** The oldest expected ack is overdue. */
  readonly ackBy: number | undefined;
  /** The try that is under way is given up. */
  readonly connectBy: number | undefined;
  /** The next try. */
  readonly retryAt: number | undefined;
}

export interface SocketClose {
  code: number;
  reason: string;
  wasClean: boolean;
}

export interface ConnectionListener {
  /** The socket is open; with a manual handshake this is when to begin it. */
  onSocketOpen?(): void;
  /** The connection is open: at once after `onSocketOpen`, or once shaken hands. */
  onOpen?(): void;
  onMessage?(data: SocketData): void;
  onError?(): void;
  /** A socket has ended; once for each that was made. An abandoned one ends with 1006, unclean. */
  onClose?(close: SocketClose): void;
  /** A ping was answered after `rttMs`. */
  onPong?(rttMs: number): void;
  /** An expected ack came `rttMs` after it was sent for. */
  onAck?(rttMs: number): void;
}

export interface Connection {
  getState(): ConnectionState;
  /** Calls `onChange` after every change of state. */
  subscribe(onChange: () => void): Cancel;
  /** A function is asked at every event who listens now. */
  listen(listener: ConnectionListener | (() => ConnectionListener)): Cancel;
  /** Connects, or while waiting for the next try: tries now. */
  open(): void;
  /**
   * Closes on purpose, and stays closed until `open()`. `code` is 1000 or 3000-4999, else a
   * RangeError is thrown; `reason` is cut to 123 bytes.
   */
  close(code?: number, reason?: string): void;
  /** Hands data to the socket. False when there is no open socket: nothing was sent. */
  send(data: SendData): boolean;
  /** What was handed to the socket and has not left this machine, in bytes: what is sent next waits behind it. */
  bufferedBytes(): number;
  /** Sends a heartbeat now. Resolves with its round-trip time in ms; with undefined if none came. */
  ping(): Promise<number | undefined>;
  /** With a manual handshake: it is done. `timing` is what the server asks for. */
  handshaken(timing?: HeartbeatTiming): void;
  /** What the server says makes no sense, or does not come: this line is left for another. */
  notUnderstood(): void;
  /** Something that was asked for did not come in its time, as an ack might not: the line is dead. */
  notAnswered(): void;
  /**
   * An ack of `key` is expected in its time; if it does not come, the line is dead. Many `bytes` are
   * given the time that a slow network (4 kB a second) needs for them.
   */
  expectAck(key: string, bytes?: number): void;
  /** The ack of `key` has come: the line lives. */
  acked(key: string): void;
  /** Ping `n` was answered, for those who recognise pongs themselves. */
  ponged(n: number): void;
  /** When the line is lost next, come back after a random time in this window, in ms. */
  returnWithin(windowMs: readonly [min: number, max: number]): void;
  /** A sign that a try may succeed now. */
  wake(): void;
  /** The browser says that there is no network. */
  networkGone(): void;
  /** The page is put aside: closes, until `wake()` or `open()`. A person's close stays a person's. */
  suspend(): void;
  /**
   * Replaces how it was tuned before; `{}` undoes it. Holds at once, on the line that is open too; only a
   * wait for the next try that has begun stays as it is. Times must be positive.
   */
  tune(tuning: Partial<EffectiveTuning>): void;
  effectiveTuning(): EffectiveTuning;
  deadlines(): Deadlines;
}
