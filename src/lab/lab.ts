/**
 * The connection lab: every socket of the page passes through it, and so does the connection's clock. It
 * records what happens, and does to the line what a person asks for. With nothing switched on, it changes
 * nothing.
 */
import { cutCloseReason } from '../connection/closeReason';
import type { Connection, SocketClose } from '../connection/contract';
import { defaultPolicy } from '../connection/machine';
import type { Cancel, OpenSocket, Random, Time } from '../connection/ports';
import { createEventRing } from './eventRing';
import { brokenLine, createLabSocket, type LabSocket } from './labSocket';
import { closeCodeWithin, faultsWithin, skipWithin, tuningWithin } from './ranges';
import { createSkippingTime } from './skippingTime';
import {
  type Deadlines,
  type EffectiveTuning,
  type Faults,
  type LabActions,
  type LineLog,
  noFaults,
  type PushEvent,
  type Tuning,
} from './types';

export interface LabOptions {
  time: Time;
  /** What the browser says of the network. */
  isOnline(): boolean;
  /** The address of the page. */
  pageUrl(): string;
  /** A person has reset the knobs: what the page's address asks for does not hold any more. */
  onTuningReset?(): void;
  random?: Random;
  /** What is wrong on purpose, or how the connection is tuned, is another than before. */
  onChange?(change: { faults: Faults; tuning: Tuning; skippedMs: number }): void;
}

export interface Lab {
  readonly log: LineLog;
  readonly actions: LabActions;
  /** The clock for connections: it may be made to jump. */
  readonly time: Time;
  /** What connections are to be told of the network; those that need none, of the lab alone. */
  isOnline(needsNetwork?: boolean): boolean;
  /** Makes sockets that pass through the lab. */
  wrap(openSocket: OpenSocket): OpenSocket;
  /** This connection is the one that is looked at and tuned, until cancelled. */
  watch(connection: Connection): Cancel;
  /** The page was told of a message while the person was away. */
  pushed(by: PushEvent['by']): void;
  /** Begins; cancelled, nothing is wrong any more, and nothing tuned. */
  start(): Cancel;
}

const nothingDue: Deadlines = {
  pingAt: undefined,
  deadAt: undefined,
  ackBy: undefined,
  connectBy: undefined,
  retryAt: undefined,
};

/** What is shown before there is a connection. */
const untuned: EffectiveTuning = {
  intervalMs: 0,
  timeoutMs: 0,
  ackTimeoutMs: 0,
  baseMs: defaultPolicy.baseMs,
  capMs: defaultPolicy.capMs,
  maxRetries: defaultPolicy.maxRetries,
  isAdaptive: false,
};

export function createLab(options: LabOptions): Lab {
  const { random = Math.random, onChange = () => {} } = options;
  const time = createSkippingTime(options.time);
  const ring = createEventRing(time.now);
  const sockets = new Set<LabSocket>();
  let faults = noFaults;
  let tuning: Partial<EffectiveTuning> = {};
  let connection: Connection | undefined;

  const changed = () => onChange({ faults, tuning, skippedMs: time.skippedMs() });

  function endAll(close: SocketClose) {
    for (const socket of [...sockets]) socket.end(close);
  }

  function setFaults(change: Partial<Faults>) {
    const before = faults;
    faults = faultsWithin({ ...before, ...change });
    ring.record({ kind: 'fault', what: 'faults changed' });
    changed();
    if (faults.isOffline && !before.isOffline) {
      endAll(brokenLine);
      connection?.networkGone();
    }
    if (!faults.isOffline && before.isOffline) connection?.wake();
    for (const socket of [...sockets]) socket.faultsChanged();
  }

  function setTuning(next: Tuning) {
    tuning = tuningWithin(next);
    ring.record({ kind: 'fault', what: 'tuning changed' });
    changed();
    connection?.tune(tuning);
  }

  const clearFaults = () => setFaults(noFaults);
  const resetTuning = () => setTuning({});

  return {
    log: ring,
    time,
    isOnline: (needsNetwork = true) => !faults.isOffline && (!needsNetwork || options.isOnline()),
    wrap: (openSocket) => (url, protocols) => {
      const socket = createLabSocket({
        url,
        open: () => openSocket(url, protocols),
        faults: () => faults,
        time,
        random,
        record: ring.record,
        onGone: () => sockets.delete(socket),
      });
      sockets.add(socket);
      return socket;
    },
    watch(watched) {
      connection = watched;
      watched.tune(tuning);
      let from = watched.getState().status;
      const unsubscribe = watched.subscribe(() => {
        const state = watched.getState();
        if (state.status !== from) ring.record({ kind: 'state', from, state });
        from = state.status;
      });
      const unlisten = watched.listen({
        onPong: (rttMs) => ring.record({ kind: 'answer', to: 'ping', rttMs }),
        onAck: (rttMs) => ring.record({ kind: 'answer', to: 'message', rttMs }),
      });
      return () => {
        unsubscribe();
        unlisten();
        if (connection === watched) connection = undefined;
      };
    },
    pushed: (by) => ring.record({ kind: 'push', by }),
    start() {
      return () => {
        if (faults !== noFaults) clearFaults();
        if (Object.keys(tuning).length > 0) resetTuning();
      };
    },
    actions: {
      cut() {
        ring.record({ kind: 'fault', what: 'cut' });
        endAll(brokenLine);
      },
      hangUp(code, reason) {
        ring.record({ kind: 'fault', what: 'hang up' });
        const ended = closeCodeWithin(code);
        endAll({ code: ended, reason: cutCloseReason(reason), wasClean: ended !== 1006 });
      },
      skipTime(ms) {
        time.skip(skipWithin(ms));
        ring.record({ kind: 'fault', what: 'time skipped' });
        changed();
      },
      setFaults,
      clearFaults,
      tune: (change) => setTuning({ ...tuning, ...change }),
      resetTuning() {
        resetTuning();
        options.onTuningReset?.();
      },
      deadlines: () => connection?.deadlines() ?? nothingDue,
      effectiveTuning: () => connection?.effectiveTuning() ?? untuned,
      now: time.now,
      async tuningLink(linked) {
        const { withTuning } = await import('./tuneQuery');
        return withTuning(options.pageUrl(), linked);
      },
      async exportRecording() {
        const { writeRecording } = await import('./recording');
        return writeRecording(ring, time.now());
      },
      async readRecording(text) {
        const { readRecording } = await import('./recording');
        return readRecording(text);
      },
    },
  };
}
