/**
 * A search that looks through the room, newest first: for chats in Redis, for logs in memory, and as the plainest
 * statement of what every index has to find. It reads whole rooms on the line that everybody shares: so few do at once.
 */
import { createMatcher } from '../../protocol/searchTerms';
import { createBoundedTurns } from './boundedTurns';
import { LogUnavailableError, type MessageLog } from './log';
import type { Found, SearchIndex } from './searchIndex';
import { isShownText, searchedTextOf } from './texts';

export interface ScanSearchOptions {
  /** Lets others go on between two pages: for a log that is read without a wait. */
  rest?(): Promise<void>;
}

/** What is read at once. */
const pageLimit = { messages: 500, length: 512 * 1024 };

/** So many searches read at once; the others wait for their turn. */
const maxReading = 2;

/** Searches that have no answer yet: who comes then is told to come again. */
const maxWaiting = 100;

export function createScanSearch(
  log: Pick<MessageLog, 'before'>,
  { rest }: ScanSearchOptions = {},
): SearchIndex {
  const inTurn = createBoundedTurns(maxReading);
  let waiting = 0;
  let isClosed = false;

  async function lookThrough(
    room: string,
    matches: (text: string) => boolean,
    before: number,
    limit: number,
    isOver: () => boolean,
  ): Promise<Found> {
    const seqs: number[] = [];
    for (let seq = before; ; ) {
      if (isClosed) throw closedError();
      if (isOver()) return { seqs, more: true };
      const page = await log.before(room, seq, pageLimit);
      for (const message of page.messages.toReversed()) {
        if (!isShownText(message) || !matches(searchedTextOf(message))) continue;
        if (seqs.length === limit) return { seqs, more: true };
        seqs.push(message.seq);
      }
      seq = page.messages[0]?.seq ?? 1;
      if (!page.more) return { seqs, more: false };
      await rest?.();
    }
  }

  return {
    async search(room, text, before, limit, isOver = () => false) {
      if (isClosed) throw closedError();
      const matches = createMatcher(text);
      if (!matches) return { seqs: [], more: false };
      if (waiting >= maxWaiting) throw new LogUnavailableError('too many search at once');
      waiting += 1;
      try {
        return await inTurn(() => lookThrough(room, matches, before, limit, isOver));
      } finally {
        waiting -= 1;
      }
    },
    logGrew() {},
    async close() {
      isClosed = true;
    },
  };
}

const closedError = () => new LogUnavailableError('the search is closed');
