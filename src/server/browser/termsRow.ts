/** What the search's index in IndexedDB holds of a message: a row that goes and comes with its text. */
import { isText } from '../../protocol/about';
import { termsOf } from '../../protocol/searchTerms';
import type { TermsRow } from './heartDatabase';
import type { MessageRow } from './messageRow';

/** A term as it is kept: a search costs what its own room holds, whatever is in others. */
export const termIn = (room: string, term: string): string => `${room} ${term}`;

/** Undefined for what no search finds: it says nothing, says it about another, or was deleted. */
export function termsRowOf({ room, seq, body, about, deleted }: MessageRow): TermsRow | undefined {
  if (!isText(about) || deleted !== undefined) return undefined;
  const terms = new Set(termsOf(body));
  if (terms.size === 0) return undefined;
  return { room, seq, terms: [...terms].map((term) => termIn(room, term)) };
}
