import { unreadCount, useChat } from '../store/chatStore';

/** What stands before the page's title while something is unread, in whatever room, as `(3) `. */
export function useUnreadMark(): string {
  const unread = useChat(unreadCount);
  if (unread === 0) return '';
  return unread > most ? `(${most}+) ` : `(${unread}) `;
}

/** A tab has room for few digits. */
const most = 99;
