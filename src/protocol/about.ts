/** What a message's being about an earlier one makes of it. */
import type { About } from './frames';

/** Whether it is a message of its own to people, and no change of another or reaction to it. */
export const isText = (about: Pick<About, 'kind'> | undefined): boolean =>
  about === undefined || about.kind === 'reply';
