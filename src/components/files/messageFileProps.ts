import type { ChatMessage, ShownFile } from '../../store/chatStore';

/** What the file of a message is drawn from. */
export interface MessageFileProps {
  message: ChatMessage;
  file: ShownFile;
  /** Tab comes to what can be pressed in it. */
  isTabStop: boolean;
}
