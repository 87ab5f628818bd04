/**
 * What the server tells whoever runs it, as one JSON line for each event. There is a function for each
 * event, so nobody hands in what must not be told: no text, name, token or address of a person ever gets
 * here. JSON escapes control characters: a line is a line, whatever is in it.
 */
import { type DestinationStream, pino } from 'pino';
import type { Time } from '../../connection/ports';
import type { CloseCodeName } from '../../protocol/closeCodes';
import type { Drained } from '../chat/chatServer';
import type { ChatObserver } from '../chat/observer';
import { describeError } from './describeError';
import { createRepeats } from './repeats';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface StartFacts {
  version: string;
  port: number;
  /** Undefined for all addresses. */
  host: string | undefined;
  engine: string;
  limits: Readonly<Record<string, number>> | 'off';
}

export interface ServerLog {
  started(facts: StartFacts): void;
  metricsAt(host: string, port: number): void;
  upgradeRefused(why: string): void;
  /** Something failed that should not; `what` says in a few fixed words what it is. */
  failed(what: string, error: unknown): void;
  /** Why messages cannot be stored, or undefined now that they can. */
  logAway(reason: string | undefined): void;
  drainBegun(connections: number): void;
  drainEnded(drained: Drained, durationMs: number): void;
  /** The server ends before its time. */
  ending(why: string): void;
  /** The process is about to end by an error that nobody caught. */
  crashed(error: unknown): void;
  /** What it hears of the chat's heart; nothing that this level leaves out. */
  readonly observer: Partial<ChatObserver>;
  /** Tells what was held back; leaves no timer. */
  close(): void;
}

/** Writes lines of `level` and above to `destination`. */
export function createServerLog(
  level: LogLevel,
  destination: DestinationStream,
  time: Time,
): ServerLog {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error) => describeError(error) },
    },
    destination,
  );
  const upgrades = createRepeats<string>(time, (reason, times) =>
    log.info({ reason, times }, 'upgrade refused'),
  );
  const sentAway = createRepeats<CloseCodeName>(time, (reason, times) =>
    log.info({ reason, times }, 'client sent away'),
  );

  return {
    started: ({ host = 'all addresses', ...facts }) =>
      log.info({ ...facts, host, node: process.version }, 'started'),
    metricsAt: (host, port) => log.info({ host, port }, 'metrics are served'),
    upgradeRefused: upgrades.happened,
    failed: (what, error) => log.error({ err: error }, what),
    logAway(reason) {
      if (reason === undefined) log.info('the message log takes messages again');
      else log.error({ reason }, 'the message log is away');
    },
    drainBegun: (connections) => log.info({ connections }, 'drain begun'),
    drainEnded: ({ connections, unanswered }, durationMs) =>
      log[unanswered > 0 ? 'warn' : 'info'](
        { connections, unanswered, durationMs: Math.round(durationMs) },
        'drain ended',
      ),
    ending: (why) => log.error(why),
    crashed: (error) => log.fatal({ err: error }, 'crashed'),
    observer: observerFor(log, sentAway.happened),
    close() {
      upgrades.close();
      sentAway.close();
    },
  };
}

type Leveled = Pick<pino.Logger, 'isLevelEnabled' | 'debug' | 'trace'>;

function observerFor(log: Leveled, sentAway: (why: CloseCodeName) => void): Partial<ChatObserver> {
  return {
    // At a drain it is everybody, which the drain itself tells.
    sentAway(why) {
      if (why !== 'draining') sentAway(why);
    },
    ...(log.isLevelEnabled('debug') && {
      opened: () => log.debug('connection opened'),
      closed: (code) => log.debug({ code }, 'connection closed'),
    }),
    ...(log.isLevelEnabled('trace') && {
      acked: (latencyMs, dup) => log.trace({ latencyMs, dup }, 'message acked'),
      refused: (code) => log.trace({ code }, 'frame refused'),
      flushed: (messages, deliveries, durationMs) =>
        log.trace({ messages, deliveries, durationMs }, 'flushed'),
      dropped: (what) => log.trace({ what }, 'dropped'),
    }),
  };
}
