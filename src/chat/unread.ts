/** How much of a room its user has not read. Pure. */
import { isText } from '../protocol/about';
import type { ServerFrameOf } from '../protocol/frames';
import type { Timeline } from './timeline';

/**
 * `mark` is how far the user has read, as this page knows it. Where the timeline holds all that came after
 * it is counted there, without what the user has written; else the server's count is taken.
 */
export function unreadOf(
  { epoch, seq, texts, read }: ServerFrameOf<'summary'>,
  mark: number,
  timeline: Timeline | undefined,
  meId: string,
): number {
  if (mark >= seq) return 0;
  const [first] = timeline?.messages ?? [];
  const last = timeline?.messages.at(-1);
  const holdsAll = first && last && first.seq <= mark + 1 && last.seq >= seq;
  if (!timeline || timeline.epoch !== epoch || !holdsAll) {
    return Math.max(0, texts - (read?.texts ?? 0));
  }
  const after = timeline.messages.slice(mark + 1 - first.seq);
  return after.filter(
    ({ about, deleted, from }) => isText(about) && deleted === undefined && from.id !== meId,
  ).length;
}
