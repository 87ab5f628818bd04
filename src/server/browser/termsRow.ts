/** What the search's index in IndexedDB holds of a message: a row that goes and comes with its text. */
import { isText } from '../../protocol/about';
import { termsOf } from '../../protocol/searchTerms';
import { searchedTextOf } from '../log/texts';
import type { MessageRow } from './messageRow';

/** By which terms a message is found, by what it says now; one of each, told apart by room. */
export interface TermsRow {
  room: string;
  seq: number;
  terms: string[];
}

/** A term as it is kept: a search costs what its own room holds, whatever is in others. */
export const termIn = (room: string, term: string): string => `${room} ${term}`;

/** Undefined for what no search finds: it says nothing, says it about another, or was deleted. */
export function termsRowOf(row: MessageRow): TermsRow | undefined {
  const { room, seq, about, deleted } = row;
  if (!isText(about) || deleted !== undefined) return undefined;
  const terms = new Set(termsOf(searchedTextOf(row)));
  if (terms.size === 0) return undefined;
  return { room, seq, terms: [...terms].map((term) => termIn(room, term)) };
}
