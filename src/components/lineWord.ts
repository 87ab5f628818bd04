/**
 * The one truth that badge, banner and screen reader tell of the line: the connection's state as people
 * mean it. Pure; the words themselves are in the texts.
 */
import type { Texts } from '../i18n/en';
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
  const { status, attempt, cause, isChecking, isSuspended } = connection;
  switch (status) {
    case 'open':
      return isChecking ? 'checking' : 'open';
    case 'connecting':
      // An outage has many short tries: to say each would be a flicker.
      return attempt > 0 || cause ? 'reconnecting' : 'connecting';
    case 'waiting':
      return 'reconnecting';
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

/** Why the line is not open, as exactly as could be found out; undefined while nothing is known. */
export function lineReason(
  texts: Texts,
  { status, cause, diagnosis }: ConnectionState,
): string | undefined {
  if (!cause || status === 'open' || status === 'closed') return undefined;
  if (saysNothing(cause) && diagnosis) return texts.diagnoses[diagnosis];
  if (cause.kind !== 'closed') return texts.causes[cause.kind];
  return texts.closeCodes[cause.code] ?? texts.causes.closed(cause.code, cause.reason);
}

/** Only an HTTP request could tell more. */
function saysNothing(cause: LossCause): boolean {
  return cause.kind === 'connect timeout' || (cause.kind === 'closed' && cause.code === 1006);
}
