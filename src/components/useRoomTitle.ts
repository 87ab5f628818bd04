import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';

/** What people call the room: a private one has a name that nobody could read out. */
export function useRoomTitle(): string {
  const texts = useTexts();
  const room = useChat((state) => state.room);
  const isPrivate = useChat((state) => state.isPrivate);
  return isPrivate ? texts.privateRoom(room.slice(2, 6)) : room;
}
