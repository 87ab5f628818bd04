/**
 * What a reader has missed, page by page, and whether it still reads the same log. A position is
 * believed only if the log has the very message there that the reader has.
 */
import type { ResetReason, ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { Position } from '../../../protocol/message';
import type { MessageLog, NextPage, PageLimit } from '../../log/log';

const pageLimit: PageLimit = { messages: limits.pageMessages, length: limits.pageLength };

/** The page after `position`; the newest page for who has none, or one that does not hold. */
export async function catchUp(
  log: MessageLog,
  room: string,
  position: Position | undefined,
): Promise<ServerFrameOf<'sync'>> {
  if (!position) return newestPage(log, room);
  const page = await log.after(room, position.seq, pageLimit);
  const reset = whyNotHeld(position, page);
  if (reset) return { ...(await newestPage(log, room)), reset };
  const { epoch, head, messages, more } = page;
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

async function newestPage(log: MessageLog, room: string): Promise<ServerFrameOf<'sync'>> {
  const { epoch, head, messages } = await log.before(room, Number.MAX_SAFE_INTEGER, pageLimit);
  return { t: 'sync', room, epoch, head, messages, more: false };
}

function whyNotHeld(position: Position, page: NextPage): ResetReason | undefined {
  if (page.epoch !== position.epoch) return 'epoch';
  return page.mid === position.mid ? undefined : 'diverged';
}
