/**
 * What the banner says, of the line and of what waits for it. Pure: a line that needs no word and an
 * outbox where nothing failed make no banner.
 */
import type { OutboxCounts } from '../store/chatStore';
import type { LineWatch } from './lineWatch';
import type { LineWord } from './lineWord';

export interface Banner {
  /** What the line is told as; undefined while it is fine and only the outbox has something to say. */
  readonly line: LineWord | undefined;
  /** Messages that leave by themselves once the line is open. */
  readonly waiting: number;
  /** Messages that a person decides about. */
  readonly failed: number;
}

export function bannerOf(
  { phase }: LineWatch,
  word: LineWord,
  { waiting, failed }: OutboxCounts,
): Banner | undefined {
  const isTold = phase === 'shown' || phase === 'recovered';
  // Who closed the line themselves may still not know that something waits for it.
  const isHoldingBack = waiting > 0 && (word === 'closed' || word === 'idle');
  if (isTold || isHoldingBack) return { line: word, waiting, failed };
  return failed > 0 ? { line: undefined, waiting: 0, failed } : undefined;
}
