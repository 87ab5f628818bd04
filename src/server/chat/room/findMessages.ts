/** What a search finds, as its page goes out: each message with the text that it has by now. */
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { LoggedMessage } from '../../../protocol/message';
import { createMatcher } from '../../../protocol/searchTerms';
import type { MessageLog } from '../../log/log';
import { messageAt } from '../../log/messageAt';
import { createScanSearch } from '../../log/scanSearch';
import type { SearchIndex } from '../../log/searchIndex';
import { isShownText, searchedTextOf } from '../../log/texts';

/**
 * Without an index the log is looked through. Once `isOver` says that nobody waits for it any more it looks no further.
 * Rejects with a `LogUnavailableError` while the log or the index is away.
 */
export async function findMessages(
  log: MessageLog,
  search: SearchIndex | undefined,
  { room, text, before = Number.MAX_SAFE_INTEGER }: ClientFrameOf<'search'>,
  isOver: () => boolean,
): Promise<ServerFrameOf<'found'>> {
  const index = search ?? createScanSearch(log);
  const { seqs, more } = await index.search(room, text, before, limits.searchMessages, isOver);
  const { epoch } = await log.head(room);
  const read = await Promise.all(seqs.map((seq) => messageAt(log, room, seq)));
  const matches = createMatcher(text);
  // One that was deleted or edited since it was found is not shown.
  const isStill = (message: LoggedMessage | undefined): message is LoggedMessage =>
    message !== undefined && isShownText(message) && matches?.(searchedTextOf(message)) === true;
  const messages = read.filter(isStill);
  return { t: 'found', room, epoch, text, messages, more };
}
