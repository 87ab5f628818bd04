/** Why the line went from one state to another, in words. Pure. */
import type { Texts } from '../../i18n/en';
import type { LossCause } from '../../store/chatStore';
import type { StateEvent } from '../../store/labStore';
import type { LabTexts } from './labTexts';

export function transitionWords(texts: Texts, lab: LabTexts, { from, state }: StateEvent): string {
  const { because } = lab;
  const { status, cause } = state;
  switch (status) {
    case 'open':
      return because.handshake;
    case 'connecting':
      if (from === 'waiting' || from === 'offline') return because.retry;
      return because.connect;
    case 'closed':
      return state.isSuspended ? because.suspend : because.disconnect;
    case 'offline':
      return from === 'waiting' || !cause ? because.noNetwork : causeWords(texts, cause);
    default:
      return cause ? causeWords(texts, cause) : '';
  }
}

/** With the close code, which in the lab is what one looks for. */
function causeWords(texts: Texts, cause: LossCause): string {
  if (cause.kind !== 'closed') return texts.causes[cause.kind];
  const known = texts.closeCodes[cause.code];
  return known
    ? known + texts.aside(String(cause.code))
    : texts.causes.closed(cause.code, cause.reason);
}
