import { useChat } from '../store/chatStore';

/** How many messages wait unread in the rooms that are not open. */
export function useUnreadElsewhere(): number {
  return useChat(({ rooms, room: open }) =>
    rooms.reduce((sum, { room, unread }) => (room === open ? sum : sum + unread), 0),
  );
}
