/** What a session answers to wishes that it cannot meet. */
import type { ChatActions } from './types';

export const notYet: Pick<
  ChatActions,
  | 'edit'
  | 'erase'
  | 'react'
  | 'markRead'
  | 'openRoom'
  | 'forgetRoom'
  | 'search'
  | 'searchMore'
  | 'loadQuote'
  | 'loadBackTo'
  | 'retryAll'
  | 'removeAll'
> = {
  edit: () => false,
  erase: () => false,
  react: () => false,
  markRead: () => {},
  openRoom: () => {},
  forgetRoom: () => {},
  search: () => {},
  searchMore: () => {},
  loadQuote: () => {},
  loadBackTo: async () => {},
  retryAll: () => {},
  removeAll: () => {},
};
