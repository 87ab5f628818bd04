/** What a session can do, and does not: for tests of what lies above it. */
import type { ChatActions } from '../chat/types';
import { nothingInside } from './nothingInside';

export const idleActions: ChatActions = {
  attach: async () => [],
  pauseUpload: () => {},
  continueUpload: () => {},
  linkOf: async () => 'https://chat.example/files/1',
  edit: () => true,
  erase: () => true,
  react: () => true,
  markRead: () => {},
  openRoom: () => {},
  forgetRoom: () => {},
  search: () => {},
  searchMore: () => {},
  loadQuote: () => {},
  loadBackTo: async () => {},
  retryAll: () => {},
  removeAll: () => {},
  send: () => true,
  typing: () => {},
  setPush: () => {},
  inspect: () => nothingInside,
  retry: () => {},
  remove: () => {},
  unsentCount: () => 0,
  signOut: async () => {},
  disconnect: () => {},
  reconnect: () => {},
  loadOlder: () => {},
  exportRoom: async () => ({ room: 'lobby', messages: [] }),
};
