import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { roomTitle } from './roomTitle';

/** What people call the open room. */
export function useRoomTitle(): string {
  const texts = useFirstTexts();
  const room = useChat((state) => state.room);
  const isPrivate = useChat((state) => state.isPrivate);
  return roomTitle(texts, room, isPrivate);
}
