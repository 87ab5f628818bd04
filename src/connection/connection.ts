/**
 * One connection that lasts: opens sockets, notices when a line is dead, leaves it at once, and tries
 * again. It decides nothing itself: `machine.ts` says what follows from what, and this shell owns the
 * socket and the timers. Framework-free; `useWebSocket.ts` ties it to a component.
 */
import { type AckDeadlines, createAckDeadlines } from './ackDeadlines';
import { callSafely } from './callSafely';
import { checkCloseCode, cutCloseReason } from './closeReason';
import { connectTimeoutMs } from './connectTimeout';
import type {
  Connection,
  ConnectionListener,
  ConnectionOptions,
  EffectiveTuning,
  HeartbeatPolicy,
  SocketClose,
} from './contract';
import { type Heartbeat, type HeartbeatTiming, startHeartbeat } from './heartbeat';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionPolicy,
  defaultPolicy,
  initialState,
  type LossCause,
  transition,
} from './machine';
import {
  type Cancel,
  openWebSocket,
  type SendData,
  type Socket,
  type SocketData,
  systemTime,
} from './ports';

/** What is told of a socket that was left without waiting for its end. RFC 6455 section 7.1.5. */
const abandoned: SocketClose = { code: 1006, reason: '', wasClean: false };

/** What is told of a socket that the page closed when it was put aside. */
const withoutStatus: SocketClose = { code: 1005, reason: '', wasClean: true };

/** For how long the answer to what stands in the way is taken to hold, in ms. */
const diagnosisHoldsMs = 5_000;
const openReadyState = 1;

export function createConnection(options: ConnectionOptions): Connection {
  const {
    time = systemTime,
    random = Math.random,
    openSocket = openWebSocket,
    isOnline = browserIsOnline,
    isHidden = pageIsHidden,
    protocols = [],
    handshake = 'none',
  } = options;

  /** Set by hand while it runs. */
  let tuning: Partial<EffectiveTuning> = {};
  /** What was agreed on at the latest handshake. */
  let agreed: HeartbeatTiming | undefined = options.heartbeat;
  let state = initialState;
  /** The socket in use. Undefined between tries, and while an address is being asked for. */
  let socket: Socket | undefined;
  /** Counts tries. Whatever began in an earlier one is over, however late it reports. */
  let generation = 0;
  /** When the try that is under way began. */
  let begunAt = 0;
  /** Tries since the line was last open, those without a network too. */
  let tries = 0;
  /** How long the fastest try took that succeeded, in ms. */
  let fastestMs: number | undefined;
  let heartbeat: Heartbeat | undefined;
  /** When anything last passed on the line, either way. */
  let lastTrafficAt = 0;
  /** When the line opened that is open now. */
  let openedAt = 0;
  /** Who asked for the round-trip time of a ping. */
  let pings: ((rttMs: number | undefined) => void)[] = [];
  let diagnosedAt = Number.NEGATIVE_INFINITY;
  /** Given by the server for the next loss only. */
  let returnWindowMs: readonly [number, number] | undefined;
  let cancelStateTimer: Cancel | undefined;
  const subscribers = new Set<() => void>();
  const listeners = new Set<ConnectionListener | (() => ConnectionListener)>();
  const acks: AckDeadlines = createAckDeadlines({
    time,
    lateMs: settings().lateAckMs,
    timeoutMs: () => settings().ackTimeoutMs,
    onLate: () => dispatch({ type: 'doubt' }),
    onOverdue: notAnswered,
  });

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
      isHidden: isHidden(),
      random,
      policy: settings(),
    });
    state = after;
    for (const effect of effects) perform[effect]();
    if (after === before) return;
    armStateTimer();
    for (const subscriber of [...subscribers]) callSafely(subscriber);
  }

  const perform: Record<ConnectionEffect, () => void> = {
    'open socket': begin,
    // Closed with no handshake awaited: on a dead line that may take a minute.
    'drop socket': () => end(abandoned),
    'close socket': () => end(withoutStatus),
    probe,
    diagnose,
  };

  /**
   * A state has one timer at most: the one that leads out of it. Armed anew when anything about the
   * state changes, it is due at the same moment as before.
   */
  function armStateTimer() {
    cancelStateTimer?.();
    cancelStateTimer = undefined;
    const at = (dueAt: number, then: () => void) => {
      cancelStateTimer = time.after(Math.max(0, dueAt - time.now()), then);
    };
    if (state.status === 'connecting') {
      at(connectBy(), () => lose({ kind: 'connect timeout' }));
    } else if (state.retryAt !== undefined) {
      at(state.retryAt, () => dispatch({ type: 'retry due' }));
    } else if (state.status === 'open' && state.attempt > 0) {
      at(openedAt + settings().stableMs, () => dispatch({ type: 'stable' }));
    }
  }

  /** When the try that is under way has taken too long, or would have as another try for another cause. */
  function connectBy(attempt = tries, cause = state.cause): number {
    return begunAt + connectTimeoutMs({ attempt, cause, fastestMs }, settings().connectTimeoutMs);
  }

  function lose(cause: LossCause) {
    const windowMs = returnWindowMs;
    returnWindowMs = undefined;
    dispatch({ type: 'lost', cause, windowMs, triedMs: time.now() - begunAt });
  }

  function notAnswered() {
    lose({ kind: 'ack timeout' });
  }

  function begin() {
    generation += 1;
    tries += 1;
    begunAt = time.now();
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
      if (handshake === 'none') handshaken();
    };
    opening.onmessage = ({ data }) => receive(data);
    opening.onerror = () => tell((listener) => listener.onError?.());
    opening.onclose = ({ code, reason, wasClean }) => {
      const close = { code, reason, wasClean };
      end(close, () => {});
      lose({ kind: 'closed', ...close });
    };
  }

  function handshaken(timing: HeartbeatTiming | undefined = options.heartbeat) {
    if (state.status !== 'connecting' || socket?.readyState !== openReadyState) return;
    openedAt = time.now();
    tries = 0;
    lastTrafficAt = openedAt;
    const tookMs = openedAt - begunAt;
    fastestMs = Math.min(fastestMs ?? tookMs, tookMs);
    agreed = timing;
    if (options.heartbeat) heartbeat = beat(options.heartbeat);
    dispatch({ type: 'handshaken' });
    tell((listener) => listener.onOpen?.());
  }

  /** All that holds now: by default, as the options or the server have it, as tuned by hand. */
  function settings(): ConnectionPolicy & EffectiveTuning {
    const { intervalMs = 0, timeoutMs = 0 } = agreed ?? {};
    return {
      ...defaultPolicy,
      ...options.policy,
      intervalMs,
      timeoutMs,
      isAdaptive:
        options.heartbeat?.adaptive !== undefined && options.heartbeat.isAdaptive !== false,
      ...tuning,
    };
  }

  function beat(policy: HeartbeatPolicy): Heartbeat {
    return startHeartbeat({
      time,
      random,
      timing: settings,
      adaptive: () => (settings().isAdaptive ? policy.adaptive : undefined),
      silentMs: () => time.now() - lastTrafficAt,
      sendPing: (n, currentMs) => send(policy.ping(n, currentMs)),
      onDead: () => lose({ kind: 'heartbeat timeout' }),
      onPong(rttMs) {
        answerPings(rttMs);
        tell((listener) => listener.onPong?.(rttMs));
      },
      onAnswer: () => dispatch({ type: 'answered' }),
    });
  }

  function tune(next: Partial<EffectiveTuning>) {
    tuning = next;
    acks.retime();
    heartbeat?.retime();
  }

  function answerPings(rttMs: number | undefined) {
    const asked = pings;
    pings = [];
    for (const answer of asked) answer(rttMs);
  }

  async function diagnose() {
    // An outage has many tries; what stands in the way does not change with each.
    if (!options.diagnose || time.now() - diagnosedAt < diagnosisHoldsMs) return;
    diagnosedAt = time.now();
    try {
      dispatch({ type: 'diagnosed', diagnosis: await options.diagnose() });
    } catch {
      // Then it is not known.
    }
  }

  function probe() {
    if (heartbeat) heartbeat.probe();
    // With no heartbeat there is nothing to ask with, and nothing to wait for.
    else dispatch({ type: 'answered' });
  }

  function receive(data: SocketData) {
    lastTrafficAt = time.now();
    // Undefined where nobody can say so: then it counts as one, and is handed on.
    const isPong = options.heartbeat?.isPong?.(data);
    if (isPong !== false) heartbeat?.pong();
    if (!isPong) tell((listener) => listener.onMessage?.(data));
  }

  function send(data: SendData): boolean {
    if (socket?.readyState !== openReadyState) return false;
    try {
      socket.send(data);
      lastTrafficAt = time.now();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Lets go of the socket, if there is one: nothing that it still does is heard. It is closed without a
   * code: the other end shall not take it for a person's leaving. RFC 6455 section 7.1.5.
   */
  function end(close: SocketClose, leave = (ended: Socket) => ended.close()) {
    generation += 1;
    heartbeat?.stop();
    heartbeat = undefined;
    answerPings(undefined);
    acks.clear();
    const ended = socket;
    if (!ended) return;
    socket = undefined;
    ended.onopen = ended.onmessage = ended.onerror = ended.onclose = null;
    leave(ended);
    tell((listener) => listener.onClose?.(close));
  }

  function tell(call: (listener: ConnectionListener) => void) {
    for (const each of [...listeners]) {
      callSafely(() => call(typeof each === 'function' ? each() : each));
    }
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
      const cut = cutCloseReason(reason);
      end({ code, reason: cut, wasClean: true }, (socket) => socket.close(code, cut));
      dispatch({ type: 'disconnect' });
    },
    send,
    bufferedBytes: () => socket?.bufferedAmount ?? 0,
    ping: () =>
      new Promise((resolve) => {
        if (!heartbeat) return resolve(undefined);
        pings.push(resolve);
        heartbeat.ping();
      }),
    handshaken,
    notAnswered,
    notUnderstood: () => lose({ kind: 'not understood' }),
    expectAck: (key, bytes) => acks.expect(key, bytes),
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
    wake() {
      // A try that began while nobody looked, or in a network that is gone, may hang for long yet.
      const silence: LossCause = { kind: 'connect timeout' };
      if (state.status === 'connecting' && time.now() >= connectBy(0, silence)) lose(silence);
      diagnosedAt = Number.NEGATIVE_INFINITY;
      dispatch({ type: 'wake' });
    },
    networkGone: () => dispatch({ type: 'network gone' }),
    suspend: () => dispatch({ type: 'suspend' }),
    tune,
    effectiveTuning: settings,
    deadlines: () => ({
      ...heartbeat?.due(),
      ackBy: acks.dueAt(),
      connectBy: state.status === 'connecting' ? connectBy() : undefined,
      retryAt: state.retryAt,
    }),
  };
}

/** Where there is no browser, there is nobody to say that the network is gone. */
function browserIsOnline(): boolean {
  return globalThis.navigator?.onLine ?? true;
}

/** Where there is no page, somebody may always be waiting. */
function pageIsHidden(): boolean {
  return globalThis.document?.visibilityState === 'hidden';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
