/**
 * What a reader has missed, page by page, and whether it still reads the same log. A position is
 * believed only if the log has the very message there that the reader has.
 */
import type { Position, ResetReason, ServerFrameOf } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import type { MessageLog, PageLimit } from '../log/log';

const pageLimit: PageLimit = { messages: limits.pageMessages, length: limits.pageLength };

/** The page after `position`; the newest page for who has none, or one that does not hold. */
export async function catchUp(
  log: MessageLog,
  room: string,
  position: Position | undefined,
): Promise<ServerFrameOf<'sync'>> {
  const reset = position && (await whyNotHeld(log, room, position));
  if (!position || reset) {
    const { epoch, head, messages } = await log.before(room, Number.MAX_SAFE_INTEGER, pageLimit);
    return { t: 'sync', room, epoch, head, messages, more: false, ...(reset && { reset }) };
  }
  const { epoch, head, messages, more } = await log.after(room, position.seq, pageLimit);
  return { t: 'sync', room, epoch, head, messages, more };
}

/** The page of at most `messages` messages before sequence `seq`. */
export async function readHistory(
  log: MessageLog,
  room: string,
  seq: number,
  messages: number,
): Promise<ServerFrameOf<'history'>> {
  const page = await log.before(room, seq, { ...pageLimit, messages });
  return { t: 'history', room, epoch: page.epoch, messages: page.messages, more: page.more };
}

async function whyNotHeld(
  log: MessageLog,
  room: string,
  { epoch, seq, mid }: Position,
): Promise<ResetReason | undefined> {
  const head = await log.head(room);
  if (head.epoch !== epoch) return 'epoch';
  const midThere = seq === 0 ? '' : await log.midAt(room, seq);
  return midThere === mid ? undefined : 'diverged';
}
