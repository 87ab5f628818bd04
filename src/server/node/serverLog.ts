/**
 * What the server tells whoever runs it: one JSON object a line, on standard error, so that standard
 * output keeps the one line that says where the server is. No text, name, token, key or query of anybody
 * is ever told, nor what an error quotes of them.
 */
import { type Logger, pino } from 'pino';
import type { Time } from '../../connection/ports';
import type { CloseCodeName } from '../../protocol/closeCodes';
import type { ChatObserver } from '../chat/observer';
import { describeError } from './describeError';
import { createRepeats } from './repeats';
import type { SocketRefusal } from './socketBound';
import type { UpgradeRefusal } from './upgradeRefusals';

export type ServerLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Takes lines, each whole and with its end. */
export interface LogTarget {
  write(line: string): void;
}

/** A log of what is at least as serious as `level`. */
export function createServerLog(level: LogLevel, target: LogTarget): ServerLog {
  const base = { pid: process.pid };
  return pino({ level, base, serializers: { err: (error) => describeError(error) } }, target);
}

export interface LogObserver {
  readonly observer: Partial<ChatObserver>;
  upgradeRefused(why: UpgradeRefusal): void;
  socketDropped(why: SocketRefusal): void;
  /** Tells what it has counted and not told; leaves no timer. */
  close(): void;
}

/**
 * Tells of connections; what goes on in a flood is told once, and then how often it was. The server's own
 * restart, which ends all of them, is told once elsewhere.
 */
export function observeForLog(log: ServerLog, time: Time): LogObserver {
  const sentAway = createRepeats<CloseCodeName>(time, (why, times) =>
    log.info({ why, times }, 'a client was sent away'),
  );
  const refused = createRepeats<UpgradeRefusal>(time, (why, times) =>
    log.info({ why, times }, 'an upgrade was refused'),
  );
  const dropped = createRepeats<SocketRefusal>(time, (why, times) =>
    log.warn({ why, times }, 'a socket was dropped'),
  );
  return {
    observer: {
      opened: () => log.debug('a connection has opened'),
      closed: (code) => log.debug({ code }, 'a connection has ended'),
      sentAway(why) {
        if (why !== 'draining') sentAway.happened(why);
      },
    },
    upgradeRefused: refused.happened,
    socketDropped: dropped.happened,
    close() {
      sentAway.close();
      refused.close();
      dropped.close();
    },
  };
}
