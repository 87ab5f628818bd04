/**
 * A search that looks through the room, newest first: for a log in memory, and as the plainest statement
 * of what every index has to find.
 */
import { createMatcher } from '../../protocol/searchTerms';
import { LogUnavailableError, type MessageLog } from './log';
import type { SearchIndex } from './searchIndex';
import { isShownText, searchedTextOf } from './texts';

/** What is read at once. */
const pageLimit = { messages: 500, length: 512 * 1024 };

export function createScanSearch(log: Pick<MessageLog, 'before'>): SearchIndex {
  let isClosed = false;
  return {
    async search(room, text, before, limit) {
      if (isClosed) throw new LogUnavailableError('the search is closed');
      const matches = createMatcher(text);
      const seqs: number[] = [];
      if (!matches) return { seqs, more: false };
      for (let seq = before; ; ) {
        const page = await log.before(room, seq, pageLimit);
        for (const message of page.messages.toReversed()) {
          if (!isShownText(message) || !matches(searchedTextOf(message))) continue;
          if (seqs.length === limit) return { seqs, more: true };
          seqs.push(message.seq);
        }
        seq = page.messages[0]?.seq ?? 1;
        if (!page.more) return { seqs, more: false };
      }
    },
    logGrew() {},
    async close() {
      isClosed = true;
    },
  };
}
