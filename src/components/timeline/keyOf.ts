import type { ChatMessage } from '../../store/chatStore';

/** The same from queued to sent, and unlike every other: two people's clients may have made the same id. */
export function keyOf({ mine, author, id }: ChatMessage): string {
  return `${mine ? '' : author.id} ${id}`;
}
