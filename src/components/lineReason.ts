/** Why there is no line, in words. Pure. */
import type { Texts } from '../i18n/en';
import type { ConnectionState, LossCause } from '../store/chatStore';

/** Why the line is not open, as exactly as could be found out; undefined while nothing is known. */
export function lineReason(
  texts: Texts,
  { status, cause, diagnosis, wasOpen }: ConnectionState,
): string | undefined {
  if (!cause || status === 'open' || status === 'closed') return undefined;
  if (saysNothing(cause) && diagnosis) return texts.diagnoses[diagnosis];
  // There was no line that could have broken.
  if (!wasOpen && cause.kind === 'closed' && cause.code === 1006) return texts.causes.unreached;
  if (cause.kind !== 'closed') return texts.causes[cause.kind];
  return texts.closeCodes[cause.code] ?? texts.causes.closed(cause.code, cause.reason);
}

/** Only an HTTP request could tell more. */
function saysNothing(cause: LossCause): boolean {
  return cause.kind === 'connect timeout' || (cause.kind === 'closed' && cause.code === 1006);
}
