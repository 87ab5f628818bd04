/** What of a room's messages is news to who listens, from one state of them to the next. */
import type { ChatMessage, ChatMode } from '../../store/chatStore';
import { indexOf } from './rows';

export interface News {
  /** Of others, the oldest first. */
  readonly fresh: readonly ChatMessage[];
  /** How many older ones were loaded. */
  readonly older: number;
}

const none: News = { fresh: [], older: 0 };

/** Remembers what was told. The room's first page, which may be empty, is history. */
export function createNews(mode: ChatMode, initial: readonly ChatMessage[]) {
  let before = initial;
  // In plain mode there is no history to await.
  let toldUpTo = mode === 'plain' ? 0 : undefined;

  return function next(messages: readonly ChatMessage[]): News {
    const last = lastPlace(messages);
    const told = toldUpTo;
    const isEmptyPage = messages !== initial && messages.length === 0;
    if (told !== undefined || last > 0 || isEmptyPage) toldUpTo = last;
    const older = told === undefined ? 0 : Math.max(0, indexOf(messages, before[0]));
    before = messages;
    // Back at an earlier place the log was replaced: what is there now is history too.
    if (told === undefined || last < told) return none;
    return { fresh: othersAbove(messages, told), older };
  };
}

function othersAbove(messages: readonly ChatMessage[], told: number): ChatMessage[] {
  const found: ChatMessage[] = [];
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (!message) break;
    const here = place(message, at);
    if (here > told) {
      if (!message.mine) found.push(message);
    } else if (here > 0) break;
  }
  return found.reverse();
}

/** The place in the room: its sequence number, or in plain mode, where none is, its place in the list. */
function place({ seq, state }: ChatMessage, index: number): number {
  return seq ?? (state === 'sent' ? index + 1 : 0);
}

function lastPlace(messages: readonly ChatMessage[]): number {
  const index = messages.findLastIndex(({ state }) => state === 'sent');
  const last = messages[index];
  return last ? place(last, index) : 0;
}
