/**
 * The search in what the server in the page keeps. Each message's terms are in an index that is written with
 * it, in one transaction: so it is never behind. Of a search the rarest term names the messages that may be
 * meant, which are then looked through; where every term is a common one, the room is, newest first, and
 * soon has enough of them.
 */
import { createMatcher, phrasesOf } from '../../protocol/searchTerms';
import { LogUnavailableError, type MessageLog } from '../log/log';
import { createScanSearch } from '../log/scanSearch';
import type { Found, SearchIndex } from '../log/searchIndex';
import { searchedTextOf } from '../log/texts';
import type { HeartDatabase } from './heartDatabase';
import { parseRow } from './messageRow';
import { termIn } from './termsRow';

/** A term that more messages have is a common one: these many are still looked through at once. */
const mostCandidates = 2_000;

/** How many messages are read at once. */
const readAtOnce = 250;

export function createIndexedDbSearch(
  database: Pick<HeartDatabase, 'use'>,
  log: Pick<MessageLog, 'before'>,
): SearchIndex {
  const scan = createScanSearch(log);
  let isClosed = false;

  /** The messages that the rarest term is in, the newest first; undefined if it is a common one. */
  function candidatesOf(room: string, text: string): Promise<number[] | undefined> {
    return database.use(async (open) => {
      const index = open.transaction('terms').store.index('byTerm');
      const ranges = rangesOf(room, text);
      const counts = await Promise.all(ranges.map((range) => index.count(range)));
      const least = Math.min(...counts);
      if (least > mostCandidates) return undefined;
      const keys = await index.getAllKeys(ranges[counts.indexOf(least)]);
      // Of words that begin alike a message may have several.
      return [...new Set(keys.map(([, seq]) => seq))].sort((a, b) => b - a);
    });
  }

  async function lookThrough(
    room: string,
    candidates: readonly number[],
    matches: (text: string) => boolean,
    limit: number,
  ): Promise<Found> {
    const seqs: number[] = [];
    for (let start = 0; start < candidates.length; start += readAtOnce) {
      const read = candidates.slice(start, start + readAtOnce);
      const rows = await database.use((open) => {
        const { store } = open.transaction('messages');
        return Promise.all(read.map(async (seq) => parseRow(await store.get([room, seq]))));
      });
      for (const row of rows) {
        if (!row || !matches(searchedTextOf(row))) continue;
        if (seqs.length === limit) return { seqs, more: true };
        seqs.push(row.seq);
      }
    }
    return { seqs, more: false };
  }

  return {
    async search(room, text, before, limit, isOver) {
      if (isClosed) throw new LogUnavailableError('the search is closed');
      const matches = createMatcher(text);
      if (!matches) return { seqs: [], more: false };
      const candidates = await candidatesOf(room, text);
      if (!candidates) return scan.search(room, text, before, limit, isOver);
      const earlier = candidates.filter((seq) => seq < before);
      return lookThrough(room, earlier, matches, limit);
    },
    logGrew() {},
    async close() {
      isClosed = true;
    },
  };
}

/** Where in the index the terms of a search are: each once. */
function rangesOf(room: string, text: string): IDBKeyRange[] {
  return phrasesOf(text).flatMap(({ terms, isOpen }) =>
    terms.map((term, index) => {
      const key = termIn(room, term);
      const isBeginning = isOpen && index === terms.length - 1;
      return isBeginning ? IDBKeyRange.bound(key, `${key}\uffff`) : IDBKeyRange.only(key);
    }),
  );
}
