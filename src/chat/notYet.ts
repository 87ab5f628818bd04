/** What a session answers to wishes that it cannot meet. */
import type { ChatActions } from './types';

export const notYet: Pick<ChatActions, 'markRead' | 'openRoom' | 'forgetRoom'> = {
  markRead: () => {},
  openRoom: () => {},
  forgetRoom: () => {},
};
