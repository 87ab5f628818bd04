/**
 * The one truth that badge, banner and screen reader tell of the line: the connection's state as people
 * mean it. Pure; the words themselves are in the texts.
 */
import type { ConnectionState, LossCause } from '../store/chatStore';

export type LineWord =
  | 'idle'
  | 'connecting'
  | 'open'
  | 'checking'
  | 'reconnecting'
  | 'offline'
  | 'suspended'
  | 'closed'
  | 'gave up'
  | 'signed out'
  | 'too many lines'
  | 'update needed'
  | 'refused';

/** What a line that may not come back by itself is told as, by the server's close code. */
const wordsOfCodes: Record<number, LineWord> = {
  4500: 'update needed',
  4501: 'signed out',
  4504: 'signed out',
  4505: 'too many lines',
  4506: 'update needed',
};

export function lineWordOf(connection: ConnectionState): LineWord {
  const { status, cause, isChecking, isSuspended, wasOpen } = connection;
  switch (status) {
    case 'open':
      return isChecking ? 'checking' : 'open';
    case 'connecting':
    case 'waiting':
      // An outage has many short tries: to say each would be a flicker. What never was cannot come again.
      return wasOpen ? 'reconnecting' : 'connecting';
    case 'closed':
      return isSuspended ? 'suspended' : 'closed';
    case 'failed':
      return cause && isFinal(cause) ? (wordsOfCodes[cause.code] ?? 'refused') : 'gave up';
    default:
      return status;
  }
}

function isFinal(cause: LossCause): cause is Extract<LossCause, { kind: 'closed' }> {
  return cause.kind === 'closed' && cause.code >= 4500 && cause.code <= 4999;
}
