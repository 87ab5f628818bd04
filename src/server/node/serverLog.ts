/**
 * What the server tells whoever runs it: one JSON object a line, on standard error, so that standard
 * output keeps the one line that says where the server is. No text, name, token, key or query of anybody
 * is ever told, nor what an error quotes of them.
 */
import { type Logger, pino } from 'pino';
import * as v from 'valibot';
import type { ChatObserver } from '../chat/observer';

export type ServerLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Takes lines, each whole and with its end. */
export interface LogTarget {
  write(line: string): void;
}

/** A log of what is at least as serious as `level`. Lines are out before the call returns. */
export function createServerLog(
  level: LogLevel,
  target: LogTarget = pino.destination({ fd: 2, sync: true }),
): ServerLog {
  const base = { pid: process.pid };
  return pino({ level, base, serializers: { err: describeError } }, target);
}

/** The message and the place of an error; nothing of the value that a schema refused. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { message: `not an error but a ${typeof error}` };
  const message = error instanceof v.ValiError ? refusedPlaces(error) : error.message;
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, message, stack: places.map((line) => line.trim()).join(' < ') };
}

function refusedPlaces(error: v.ValiError<v.GenericSchema>): string {
  const places = error.issues.map((issue) => v.getDotPath(issue) ?? 'the value itself');
  return `a value is not as it has to be, at: ${places.join(', ')}`;
}

/** Tells of connections. The server's own restart, which ends all of them, is told once elsewhere. */
export function observeForLog(log: ServerLog): Partial<ChatObserver> {
  return {
    opened: () => log.debug('a connection has opened'),
    closed: (code) => log.debug({ code }, 'a connection has ended'),
    sentAway(why) {
      if (why !== 'draining') log.info({ why }, 'a client was sent away');
    },
  };
}
