/**
 * Searches one room: all of it by the server while there is a line, else what this page holds of it, by
 * the same meaning. It tells what it has found so far, and which of the two it was.
 */
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { limits } from '../protocol/limits';
import type { LoggedMessage } from '../protocol/message';
import { createMatcher } from '../protocol/searchTerms';
import type { ChatMessage, SearchState } from './types';

export interface RoomSearchOptions {
  room: string;
  /** Sends to the server; false if there is no line. */
  send(frame: ClientFrame): boolean;
  /** What is loaded, as people see it, the oldest first. */
  loaded(): readonly ChatMessage[];
  /** A message that the server found, as people see it. */
  rowOf?(message: LoggedMessage): ChatMessage;
  tell(state: SearchState | undefined): void;
}

export interface RoomSearch {
  /** Searches anew; a text of blanks only ends the search. */
  search(text: string): void;
  /** The next page; after a failure the one that failed. */
  searchMore(): void;
  found(frame: ServerFrameOf<'found'>): void;
  /** The server cannot search just now. */
  refused(): void;
  /** Ends the search without a word. */
  end(): void;
  /** What was asked for on this line will not come. */
  lineLost(): void;
}

interface Request {
  text: string;
  search: number;
}

export function createRoomSearch(options: RoomSearchOptions): RoomSearch {
  const { room, send, loaded, rowOf, tell } = options;
  let state: SearchState | undefined;
  /** Counts searches: an answer to an earlier one is not shown. */
  let current = 0;
  /** Answers come in the order of the requests. */
  let asked: Request[] = [];

  function become(next: SearchState | undefined) {
    state = next;
    tell(next);
  }

  function askServer({ text, found }: SearchState): boolean {
    const before = found.at(-1)?.seq;
    if (!send({ t: 'search', room, text, ...(before !== undefined && { before }) })) return false;
    asked.push({ text, search: current });
    return true;
  }

  /** The next page of what is here, the newest first. */
  function lookHere(search: SearchState) {
    const matches = createMatcher(search.text);
    const rows = loaded();
    const last = search.found.at(-1);
    let index = last ? rows.findIndex(({ id }) => id === last.id) : rows.length;
    const found: ChatMessage[] = [];
    while (matches && index > 0 && found.length < limits.searchMessages) {
      index -= 1;
      const row = rows[index];
      // What is still being written has no place where one could be taken.
      const isThere = row && row.deleted === undefined && row.live === undefined;
      if (isThere && matches(row.body)) found.push(row);
    }
    const hasMore = index > 0 && matches !== undefined;
    become({ ...search, status: 'done', found: [...search.found, ...found], hasMore });
  }

  return {
    search(given) {
      current += 1;
      const text = beginningOf(given.trim());
      if (text === '') return become(undefined);
      const search = { text, status: 'searching', found: [], hasMore: false } as const;
      // Nothing but punctuation is nowhere.
      if (!createMatcher(text)) return become({ ...search, status: 'done', scope: 'room' });
      const inRoom = { ...search, scope: 'room' } as const;
      if (askServer(inRoom)) become(inRoom);
      else lookHere({ ...search, scope: 'loaded' });
    },

    searchMore() {
      const isWanted = state?.status === 'failed' || (state?.status === 'done' && state.hasMore);
      if (!state || !isWanted) return;
      if (state.scope === 'loaded') return lookHere(state);
      become({ ...state, status: askServer(state) ? 'searching' : 'failed' });
    },

    found({ text, messages, more }) {
      const index = asked.findIndex((each) => each.text === text);
      const request = asked[index];
      if (!request) return;
      asked = asked.slice(index + 1);
      if (request.search !== current || !state) return;
      const found = [...state.found, ...messages.flatMap((each) => rowOf?.(each) ?? [])];
      become({ ...state, status: 'done', found, hasMore: more });
    },

    refused() {
      const [request, ...others] = asked;
      asked = others;
      if (request?.search === current && state) become({ ...state, status: 'failed' });
    },

    end() {
      current += 1;
      state = undefined;
    },

    lineLost() {
      asked = [];
      if (state?.status === 'searching') become({ ...state, status: 'failed' });
    },
  };
}

/** What a search may hold, without half a character at its end. */
function beginningOf(text: string): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= limits.searchLength) return wellFormed;
  return [...wellFormed].slice(0, limits.searchLength).join('');
}
