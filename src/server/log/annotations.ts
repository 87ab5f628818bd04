/**
 * What may be about an earlier message, the same for every engine. It is judged where the message is
 * stored, in the same transaction: nothing comes between the judgement and the change.
 */
import { type About, type AboutSent, isText } from '../../protocol/about';
import type { RefusalCode } from './log';

/** What is at the place that a message is about. */
export interface Target {
  mid: string;
  /** The id of who wrote it. */
  author: string;
  about: Pick<About, 'kind'> | undefined;
  isDeleted: boolean;
}

/** Why a message of `author` may not be about `target`; undefined if it may. */
export function whyRefused(
  author: string,
  { kind, mid }: AboutSent,
  target: Target | undefined,
): RefusalCode | undefined {
  if (target?.mid !== mid || !isText(target.about) || target.isDeleted) return 'no_message';
  const isTheAuthorsOwn = kind === 'edit' || kind === 'delete';
  return isTheAuthorsOwn && target.author !== author ? 'not_author' : undefined;
}
