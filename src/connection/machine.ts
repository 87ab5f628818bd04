/**
 * The connection as a table: which event leads from which state to which, and what is to be done on
 * the way. Pure; the shell in `connection.ts` owns the socket and the timers. The diagram is in
 * README.md.
 */
import { type BackoffPolicy, backoffDelayMs, defaultBackoff } from './backoff';
import type { Random } from './ports';
import type { Diagnosis } from './reachability';

export type ConnectionStatus =
  /** Not asked to connect yet. */
  | 'idle'
  /** The socket is opening, or open and shaking hands. */
  | 'connecting'
  /** Messages flow. */
  | 'open'
  /** The line was lost; the next try is at `retryAt`. */
  | 'waiting'
  /** As `waiting`, and the browser says that there is no network: tries are rare, and free. */
  | 'offline'
  /** Closed on purpose. Only a person opens it again; the page itself, if only the page closed it. */
  | 'closed'
  /** Gave up, or a close code forbade to go on. Needs a person. */
  | 'failed';

/** Why a line was lost, or could not be had. */
export type LossCause =
  | { kind: 'closed'; code: number; reason: string; wasClean: boolean }
  | { kind: 'heartbeat timeout' }
  | { kind: 'ack timeout' }
  | { kind: 'connect timeout' }
  /** The server could be reached, and its part of the handshake made no sense. */
  | { kind: 'not understood' }
  | { kind: 'bad address'; message: string };

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Tries that failed since the line was last stable. */
  readonly attempt: number;
  /** When the next try is due, by the injected clock; only while `waiting` or `offline`. */
  readonly retryAt: number | undefined;
  /** Why the line was last lost; kept until it is open again. */
  readonly cause: LossCause | undefined;
  /** What stands in the way, as far as an HTTP request could tell; kept until it is open again. */
  readonly diagnosis: Diagnosis | undefined;
  /** The line is open, and has been asked to prove that it still lives; nothing new should go out. */
  readonly isChecking: boolean;
  /** It has been open since it was last wanted: it can be lost only then. */
  readonly wasOpen: boolean;
  /** Closed because the page is put aside, not by a person: it opens when the page comes back. */
  readonly isSuspended: boolean;
}

export type ConnectionEvent =
  /** A person, or the page on loading, wants the line. */
  | { type: 'connect' }
  /** A person wants it closed. */
  | { type: 'disconnect' }
  /** The page is put aside: hidden for long, or kept for the way back. */
  | { type: 'suspend' }
  /** Something makes the line doubtful: it should prove that it lives. */
  | { type: 'doubt' }
  /** What was sent has been answered. */
  | { type: 'answered' }
  | { type: 'diagnosed'; diagnosis: Diagnosis }
  /** The handshake is done. */
  | { type: 'handshaken' }
  /** The line has been open for `stableMs`. */
  | { type: 'stable' }
  | {
      type: 'lost';
      cause: LossCause;
      /** The window in which the server wants to see the client again, in ms. */
      windowMs?: readonly [min: number, max: number] | undefined;
      /** How long ago the try began, in ms. */
      triedMs?: number;
    }
  | { type: 'retry due' }
  /** A sign that a try may succeed now: the browser is online again, or the page is visible again. */
  | { type: 'wake' }
  /** The browser says that there is no network. It may be wrong. */
  | { type: 'network gone' };

/** What the shell has to do, in this order. */
export type ConnectionEffect =
  | 'drop socket'
  | 'close socket'
  | 'open socket'
  | 'probe'
  /** Find out what stands in the way: a socket that does not open says nothing (code 1006). */
  | 'diagnose';

export interface ConnectionPolicy extends BackoffPolicy {
  /** Tries in a row that may fail before it gives up. */
  maxRetries: number;
  /** The count of tries starts anew after the line has been open this long, in ms. */
  stableMs: number;
  /** What opening and handshake together may take, in ms. */
  connectTimeoutMs: number;
  /** What an expected ack may take, in ms. */
  ackTimeoutMs: number;
  /** The line is probed after so many ms without any ack while one is expected. */
  lateAckMs: number;
  /** Close codes after which no try is made. */
  isFatal: (code: number) => boolean;
}

export const defaultPolicy: ConnectionPolicy = {
  ...defaultBackoff,
  // A quarter of an hour, about, while somebody looks.
  maxRetries: 360,
  stableMs: 5_000,
  connectTimeoutMs: 10_000,
  ackTimeoutMs: 10_000,
  lateAckMs: 3_500,
  // Private codes are split by range, so that a code invented later is understood by an old page.
  isFatal: (code) => code >= 4500 && code <= 4999,
};

export interface TransitionContext {
  now: number;
  /** False when the browser says that there is no network. It may be wrong. */
  isOnline: boolean;
  /** Nobody can see the page. */
  isHidden: boolean;
  random: Random;
  policy: ConnectionPolicy;
}

export interface Transition {
  state: ConnectionState;
  effects: readonly ConnectionEffect[];
}

export const initialState: ConnectionState = {
  status: 'idle',
  attempt: 0,
  retryAt: undefined,
  cause: undefined,
  diagnosis: undefined,
  isChecking: false,
  wasOpen: false,
  isSuspended: false,
};

/** The next state and what to do. An event that a state has no use for changes nothing. */
export function transition(
  state: ConnectionState,
  event: ConnectionEvent,
  context: TransitionContext,
): Transition {
  switch (event.type) {
    case 'connect':
      return state.status === 'connecting' || state.status === 'open'
        ? stay(state)
        : // A person asks: whatever was counted before is forgiven.
          go({ ...forgiven(state), status: 'connecting' }, 'open socket');

    case 'disconnect':
      return go({ ...initialState, status: 'closed' }, 'drop socket');

    case 'suspend':
      return state.status === 'idle' || state.status === 'closed' || state.status === 'failed'
        ? stay(state)
        : go({ ...initialState, status: 'closed', isSuspended: true }, 'close socket');

    case 'doubt':
      return check(state);

    case 'diagnosed':
      return state.cause && state.status !== 'closed'
        ? go({ ...state, diagnosis: event.diagnosis })
        : stay(state);

    case 'answered':
      return state.isChecking ? go({ ...state, isChecking: false }) : stay(state);

    case 'handshaken':
      return state.status === 'connecting'
        ? go({ ...state, status: 'open', cause: undefined, diagnosis: undefined, wasOpen: true })
        : stay(state);

    case 'stable':
      return state.status === 'open' ? go({ ...state, attempt: 0 }) : stay(state);

    case 'lost':
      return state.status === 'connecting' || state.status === 'open'
        ? lose(state, event, context)
        : stay(state);

    case 'retry due':
      return isBetweenTries(state) ? tryAgain(state) : stay(state);

    case 'wake':
      // What stood in the way may do so no longer.
      if (isBetweenTries(state)) return tryAgain({ ...state, diagnosis: undefined });
      if (hasGivenUp(state, context.policy) || state.isSuspended) {
        return tryAgain(forgiven(state));
      }
      return check(state);

    case 'network gone':
      if (state.status !== 'waiting') return check(state);
      // The browser may be wrong (a server on this machine needs no network), so tries go on.
      return go({
        ...state,
        status: 'offline',
        diagnosis: undefined,
        retryAt: context.now + context.policy.capMs,
      });
  }
}

/** As at the beginning, and the outage is the same. */
function forgiven({ cause, wasOpen }: ConnectionState): ConnectionState {
  return { ...initialState, cause, wasOpen };
}

/** It has stopped trying, yet not because a close code forbade it: a sign of hope may start it. */
function hasGivenUp(state: ConnectionState, policy: ConnectionPolicy): boolean {
  return state.status === 'failed' && !isFatalCause(state.cause, policy);
}

function isBetweenTries(state: ConnectionState): boolean {
  return state.status === 'waiting' || state.status === 'offline';
}

function isFatalCause(cause: LossCause | undefined, policy: ConnectionPolicy): boolean {
  return cause?.kind === 'closed' && policy.isFatal(cause.code);
}

function lose(
  state: ConnectionState,
  { cause, windowMs, triedMs = 0 }: Extract<ConnectionEvent, { type: 'lost' }>,
  { now, isOnline, isHidden, random, policy }: TransitionContext,
): Transition {
  const lost = { ...state, cause, retryAt: undefined, isChecking: false };
  if (isFatalCause(cause, policy)) return go({ ...lost, status: 'failed' }, 'drop socket');

  const leave: ConnectionEffect[] = ['drop socket'];
  if (state.status === 'connecting' && saysNothing(cause)) leave.push('diagnose');
  if (state.attempt >= policy.maxRetries) return go({ ...lost, status: 'failed' }, ...leave);

  if (!isOnline) {
    const offline = { ...lost, status: 'offline', retryAt: now + policy.capMs } as const;
    return go(offline, ...leave);
  }

  const wasStable = state.status === 'open' && state.attempt === 0;
  let delayMs: number;
  if (windowMs) {
    const [min, max] = windowMs;
    delayMs = Math.floor(min + random() * (max - min));
  } else if (wasStable) {
    delayMs = 0;
  } else {
    const sinceTryMs = state.status === 'connecting' ? triedMs : 0;
    // A try that hung has been a wait already.
    delayMs = Math.max(0, backoffDelayMs(policy, state.attempt, random, isHidden) - sinceTryMs);
  }
  return go(
    { ...lost, status: 'waiting', attempt: state.attempt + 1, retryAt: now + delayMs },
    ...leave,
  );
}

/** No network, no server, no permission: to a page they all look like this. */
function saysNothing(cause: LossCause): boolean {
  return cause.kind === 'connect timeout' || (cause.kind === 'closed' && cause.code === 1006);
}

/** Makes an open line prove that it lives. */
function check(state: ConnectionState): Transition {
  return state.status === 'open' ? go({ ...state, isChecking: true }, 'probe') : stay(state);
}

function tryAgain(state: ConnectionState): Transition {
  return go({ ...state, status: 'connecting', retryAt: undefined }, 'open socket');
}

function go(state: ConnectionState, ...effects: ConnectionEffect[]): Transition {
  return { state, effects };
}

function stay(state: ConnectionState): Transition {
  return { state, effects: [] };
}
