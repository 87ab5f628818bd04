/** Which entries of a log are there to be read by people. */
import { isText } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/frames';

/** It says something of its own, and was not deleted. */
export const isShownText = ({
  about,
  deleted,
}: Pick<LoggedMessage, 'about' | 'deleted'>): boolean => isText(about) && deleted === undefined;
