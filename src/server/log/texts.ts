/** Which entries of a log are there to be read by people. */
import { isText } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/message';

/** It says something of its own, and was not deleted. */
export const isShownText = ({
  about,
  deleted,
}: Pick<LoggedMessage, 'about' | 'deleted'>): boolean => isText(about) && deleted === undefined;

/** What a search looks through: the text, and what its file is called. */
export const searchedTextOf = ({ body, file }: Pick<LoggedMessage, 'body' | 'file'>): string =>
  file ? `${body}\n${file.name}` : body;

/** What it says where only a text can be shown: its own, or what its file is called. */
export const shownTextOf = ({ body, file }: Pick<LoggedMessage, 'body' | 'file'>): string =>
  body || (file?.name ?? '');
