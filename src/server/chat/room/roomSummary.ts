/** What is new in a room for who is not in it: how much there is, and what was said last. */
import type { ServerFrameOf } from '../../../protocol/frames';
import type { MessageLog, PageLimit } from '../../log/log';
import { isShownText, shownTextOf } from '../../log/texts';
import { excerptOf } from './excerpt';

type SummaryFrame = ServerFrameOf<'summary'>;
/** The part that is the same for everybody. */
export type RoomSummary = Omit<SummaryFrame, 'read'>;
/** How far one user has read, and how many messages for people that were; undefined if nothing. */
export type ReadTexts = SummaryFrame['read'];

/** Behind the last message for people may be reactions: so far back it is looked for. */
const pageLimit: PageLimit = { messages: 50, length: 64 * 1024 };
const maxPages = 10;

export async function readSummary(
  log: Pick<MessageLog, 'head' | 'before'>,
  room: string,
): Promise<RoomSummary> {
  const { epoch, seq, texts } = await log.head(room);
  const last = await lastText(log, room, seq + 1);
  return { t: 'summary', room, epoch, seq, texts, ...(last && { last }) };
}

async function lastText(
  log: Pick<MessageLog, 'before'>,
  room: string,
  end: number,
): Promise<RoomSummary['last']> {
  let before = end;
  for (let read = 0; read < maxPages; read += 1) {
    const page = await log.before(room, before, pageLimit);
    const found = page.messages.findLast(isShownText);
    if (found) return { from: found.from, body: excerptOf(shownTextOf(found)), at: found.at };
    before = page.messages[0]?.seq ?? 1;
    if (!page.more) break;
  }
  return undefined;
}

/** Puts what is one user's to what is everybody's, both encoded: the most part is written once for all. */
export function encodeSummary(encodedForAll: string, read: ReadTexts): string {
  if (!read) return encodedForAll;
  return `${encodedForAll.slice(0, -1)},"read":${JSON.stringify(read)}}`;
}
