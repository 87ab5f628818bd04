/** What a row takes from the one above it: it goes on from it, or begins a day. */
import type { ChatMessage } from '../../store/chatStore';
import { isSameDay } from '../formatTime';

/** Messages of one author within this time, in ms, stand together under one name. */
const groupingMs = 5 * 60_000;

export function continuesFrom(above: ChatMessage | undefined, message: ChatMessage): boolean {
  if (!above || above.author.id !== message.author.id) return false;
  return message.at - above.at < groupingMs && isSameDay(above.at, message.at);
}

export function startsDay(above: ChatMessage | undefined, message: ChatMessage): boolean {
  return !above || !isSameDay(above.at, message.at);
}
