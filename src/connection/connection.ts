/**
 * One connection that lasts: opens sockets, notices when a line is dead, leaves it at once, and tries
 * again. It decides nothing itself: `machine.ts` says what follows from what, and this shell owns the
 * socket and the timers. Framework-free; `useWebSocket.ts` ties it to a component.
 */
import { type AckDeadlines, createAckDeadlines } from './ackDeadlines';
import { checkCloseCode, cutCloseReason } from './closeReason';
import { type Heartbeat, type HeartbeatTiming, startHeartbeat } from './heartbeat';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionPolicy,
  type ConnectionState,
  defaultPolicy,
  initialState,
  type LossCause,
  transition,
} from './machine';
import {
  type Cancel,
  type OpenSocket,
  openWebSocket,
  type Random,
  type SendData,
  type Socket,
  type SocketData,
  systemTime,
  type Time,
} from './ports';

/** Where to connect. A function is asked anew for every try, so that it may renew what it holds. */
export type Address = string | (() => string | Promise<string>);

export interface HeartbeatPolicy extends HeartbeatTiming {
  /** What is sent as ping number `n`. */
  ping(n: number): string;
  /**
   * Is this message the answer to a ping? It is then not handed on. Without this, every message
   * counts as an answer and is handed on: all that can be had from a server that knows no pong.
   */
  isPong?(data: SocketData): boolean;
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
  /** How long an expected ack may take, in ms; 10,000 if not given. */
  ackTimeoutMs?: number;
  policy?: Partial<ConnectionPolicy>;
  time?: Time;
  random?: Random;
  openSocket?: OpenSocket;
  /** What the browser says of the network; `navigator.onLine` if not given. */
  isOnline?: () => boolean;
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
  listen(listener: ConnectionListener): Cancel;
  /** Connects, or while waiting for the next try: tries now. */
  open(): void;
  /**
   * Closes on purpose, and stays closed until `open()`. `code` is 1000 or 3000-4999, else a
   * RangeError is thrown; `reason` is cut to 123 bytes.
   */
  close(code?: number, reason?: string): void;
  /** Hands data to the socket. False when there is no open socket: nothing was sent. */
  send(data: SendData): boolean;
  /** Sends a heartbeat now; `onPong` tells its round-trip time. */
  ping(): void;
  /** With a manual handshake: it is done. `timing` is what the server asks for. */
  handshaken(timing?: HeartbeatTiming): void;
  /** An ack of `key` is expected in its time; if it does not come, the line is dead. */
  expectAck(key: string): void;
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
}

/** What is told of a socket that was left without waiting for its end. RFC 6455 section 7.1.5. */
const abandoned: SocketClose = { code: 1006, reason: '', wasClean: false };

/** What is told of a socket that the page closed when it was put aside. */
const withoutStatus: SocketClose = { code: 1005, reason: '', wasClean: true };

const defaultAckTimeoutMs = 10_000;
const openReadyState = 1;

export function createConnection(options: ConnectionOptions): Connection {
  const {
    time = systemTime,
    random = Math.random,
    openSocket = openWebSocket,
    isOnline = browserIsOnline,
    protocols = [],
    handshake = 'none',
  } = options;
  const policy: ConnectionPolicy = { ...defaultPolicy, ...options.policy };

  let state = initialState;
  /** The socket in use. Undefined between tries, and while an address is being asked for. */
  let socket: Socket | undefined;
  /** Counts tries. Whatever began in an earlier one is over, however late it reports. */
  let generation = 0;
  let heartbeat: Heartbeat | undefined;
  /** Given by the server for the next loss only. */
  let returnWindowMs: readonly [number, number] | undefined;
  let cancelStateTimer: Cancel = () => {};
  const subscribers = new Set<() => void>();
  const listeners = new Set<ConnectionListener>();
  const acks: AckDeadlines = createAckDeadlines(
    time,
    options.ackTimeoutMs ?? defaultAckTimeoutMs,
    () => lose({ kind: 'ack timeout' }),
  );

  /** Events that came while one was being handled: each is handled whole before the next. */
  const pending: ConnectionEvent[] = [];
  let handling = false;

  function dispatch(event: ConnectionEvent) {
    pending.push(event);
    if (handling) return;
    handling = true;
    try {
      for (let next = pending.shift(); next; next = pending.shift()) handle(next);
    } finally {
      handling = false;
    }
  }

  function handle(event: ConnectionEvent) {
    const before = state;
    const { state: after, effects } = transition(state, event, {
      now: time.now(),
      isOnline: isOnline(),
      random,
      policy,
    });
    state = after;
    for (const effect of effects) perform[effect]();
    if (after === before) return;
    armStateTimer();
    for (const subscriber of [...subscribers]) subscriber();
  }

  const perform: Record<ConnectionEffect, () => void> = {
    'open socket': begin,
    // Closed with no handshake awaited: on a dead line that may take a minute.
    'drop socket': () => end(abandoned, (socket) => socket.close()),
    // Without a code: the other end shall not take it for a person's leaving. RFC 6455 section 7.1.5.
    'close socket': () => end(withoutStatus, (socket) => socket.close()),
    probe,
  };

  /** A state has one timer at most: the one that leads out of it. */
  function armStateTimer() {
    cancelStateTimer();
    cancelStateTimer = () => {};
    if (state.status === 'connecting') {
      cancelStateTimer = time.after(policy.connectTimeoutMs, () =>
        lose({ kind: 'connect timeout' }),
      );
    } else if (state.retryAt !== undefined) {
      const delayMs = Math.max(0, state.retryAt - time.now());
      cancelStateTimer = time.after(delayMs, () => dispatch({ type: 'retry due' }));
    } else if (state.status === 'open' && state.attempt > 0) {
      cancelStateTimer = time.after(policy.stableMs, () => dispatch({ type: 'stable' }));
    }
  }

  function lose(cause: LossCause) {
    const windowMs = returnWindowMs;
    returnWindowMs = undefined;
    dispatch({ type: 'lost', cause, windowMs });
  }

  function begin() {
    generation += 1;
    const current = generation;
    const ifCurrent = (then: () => void) => {
      if (current === generation) then();
    };
    const badAddress = (error: unknown) =>
      ifCurrent(() => lose({ kind: 'bad address', message: messageOf(error) }));

    const connect = (url: string) =>
      ifCurrent(() => {
        try {
          attach(openSocket(url, protocols));
        } catch (error) {
          badAddress(error);
        }
      });

    if (typeof options.address === 'string') return connect(options.address);
    const ask = options.address;
    // Asked inside a promise, so that a function that throws is told like one that rejects.
    Promise.resolve().then(ask).then(connect, badAddress);
  }

  function attach(opening: Socket) {
    socket = opening;
    opening.binaryType = options.binaryType ?? 'arraybuffer';
    opening.onopen = () => {
      tell((listener) => listener.onSocketOpen?.());
      if (handshake === 'none') opened(options.heartbeat);
    };
    opening.onmessage = ({ data }) => receive(data);
    opening.onerror = () => tell((listener) => listener.onError?.());
    opening.onclose = ({ code, reason, wasClean }) => {
      end({ code, reason, wasClean });
      lose({ kind: 'closed', code, reason, wasClean });
    };
  }

  function opened(timing: HeartbeatTiming | undefined) {
    if (state.status !== 'connecting' || socket?.readyState !== openReadyState) return;
    if (options.heartbeat && timing) {
      const { ping } = options.heartbeat;
      heartbeat = startHeartbeat({
        time,
        random,
        intervalMs: timing.intervalMs,
        timeoutMs: timing.timeoutMs,
        sendPing: (n) => send(ping(n)),
        onDead: () => lose({ kind: 'heartbeat timeout' }),
        onPong: (rttMs) => tell((listener) => listener.onPong?.(rttMs)),
        onAnswer: () => dispatch({ type: 'answered' }),
      });
    }
    dispatch({ type: 'handshaken' });
    tell((listener) => listener.onOpen?.());
  }

  function probe() {
    if (heartbeat) heartbeat.probe();
    // With no heartbeat there is nothing to ask with, and nothing to wait for.
    else dispatch({ type: 'answered' });
  }

  function receive(data: SocketData) {
    const isPong = options.heartbeat?.isPong;
    if (!isPong || isPong(data)) heartbeat?.pong();
    if (isPong?.(data)) return;
    tell((listener) => listener.onMessage?.(data));
  }

  function send(data: SendData): boolean {
    if (socket?.readyState !== openReadyState) return false;
    try {
      socket.send(data);
      return true;
    } catch {
      return false;
    }
  }

  /** Lets go of the socket, if there is one: nothing that it still does is heard. */
  function end(close: SocketClose, leave: (socket: Socket) => void = () => {}) {
    generation += 1;
    heartbeat?.stop();
    heartbeat = undefined;
    acks.clear();
    const ended = socket;
    if (!ended) return;
    socket = undefined;
    ended.onopen = ended.onmessage = ended.onerror = ended.onclose = null;
    leave(ended);
    tell((listener) => listener.onClose?.(close));
  }

  function tell(call: (listener: ConnectionListener) => void) {
    for (const listener of [...listeners]) call(listener);
  }

  return {
    getState: () => state,
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: () => dispatch({ type: 'connect' }),
    close(code = 1000, reason = '') {
      checkCloseCode(code);
      returnWindowMs = undefined;
      const close = { code, reason: cutCloseReason(reason), wasClean: true };
      end(close, (socket) => socket.close(close.code, close.reason));
      dispatch({ type: 'disconnect' });
    },
    send,
    ping: () => heartbeat?.probe(),
    handshaken: (timing = options.heartbeat) => opened(timing),
    expectAck: (key) => acks.expect(key),
    acked(key) {
      const rttMs = acks.settle(key);
      if (rttMs === undefined) return;
      heartbeat?.answered();
      tell((listener) => listener.onAck?.(rttMs));
    },
    ponged: (n) => heartbeat?.pong(n),
    returnWithin(windowMs) {
      returnWindowMs = windowMs;
    },
    wake: () => dispatch({ type: 'wake' }),
    networkGone: () => dispatch({ type: 'network gone' }),
    suspend: () => dispatch({ type: 'suspend' }),
  };
}

/** Where there is no browser, there is nobody to say that the network is gone. */
function browserIsOnline(): boolean {
  return globalThis.navigator?.onLine ?? true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
