/** Which entries of a log are messages for people. */
import type { LoggedMessage } from '../../protocol/frames';

/** It says something of its own, which is there to be read. */
export const isShownText = ({
  about,
  deleted,
}: Pick<LoggedMessage, 'about' | 'deleted'>): boolean =>
  (about === undefined || about.kind === 'reply') && deleted === undefined;
