/** What a search finds, as its page goes out: each message with the text that it has by now. */
import type { ClientFrameOf, LoggedMessage, ServerFrameOf } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { createMatcher } from '../../protocol/searchTerms';
import type { MessageLog } from '../log/log';
import { createScanSearch } from '../log/scanSearch';
import type { SearchIndex } from '../log/searchIndex';
import { isShownText } from '../log/texts';

const oneMessage = { messages: 1, length: 1 };

/** Without an index the log is looked through. Rejects with a `LogUnavailableError` while the log or the index is away. */
export async function findMessages(
  log: MessageLog,
  search: SearchIndex | undefined,
  { room, text, before = Number.MAX_SAFE_INTEGER }: ClientFrameOf<'search'>,
): Promise<ServerFrameOf<'found'>> {
  const index = search ?? createScanSearch(log);
  const { seqs, more } = await index.search(room, text, before, limits.searchMessages);
  const { epoch } = await log.head(room);
  const read = await Promise.all(seqs.map((seq) => log.after(room, seq - 1, oneMessage)));
  const matches = createMatcher(text);
  // One that was deleted or edited since it was found is not shown.
  const isStill = (message: LoggedMessage) => isShownText(message) && matches?.(message.body);
  const messages = read.flatMap((page) => page.messages).filter(isStill);
  return { t: 'found', room, epoch, text, messages, more };
}
