/**
 * Turns the timeline and the outbox into one list as people see it: what the log has, in its order,
 * then what is still one's own alone. A message that did not change stays the same object, so that
 * its row need not be drawn again.
 */
import type { LoggedMessage } from '../protocol/frames';
import type { OutboxEntry } from './outboxEntry';
import type { ChatMessage, User } from './types';

export interface MessageView {
  compose(
    logged: readonly LoggedMessage[],
    unsent: readonly OutboxEntry[],
    me: User,
  ): readonly ChatMessage[];
}

export function createMessageView(room: string): MessageView {
  let viewOfLogged = new WeakMap<LoggedMessage, ChatMessage>();
  let viewOfUnsent = new WeakMap<OutboxEntry, ChatMessage>();
  let viewer: User = { id: '', name: '' };

  function ofLogged(message: LoggedMessage): ChatMessage {
    const known = viewOfLogged.get(message);
    if (known) return known;
    const { id, seq, from, body, at } = message;
    const mine = from.id === viewer.id;
    const made: ChatMessage = {
      id,
      seq,
      author: from,
      mine,
      body,
      at,
      state: 'sent',
      hasLeft: true,
      failure: undefined,
    };
    viewOfLogged.set(message, made);
    return made;
  }

  function ofUnsent(entry: OutboxEntry): ChatMessage {
    const known = viewOfUnsent.get(entry);
    if (known) return known;
    const { id, seq, body, at, state, hasLeft, failure } = entry;
    const made: ChatMessage = {
      id,
      seq,
      author: viewer,
      mine: true,
      body,
      at,
      state,
      hasLeft,
      failure,
    };
    viewOfUnsent.set(entry, made);
    return made;
  }

  return {
    compose(logged, unsent, me) {
      if (me.id !== viewer.id || me.name !== viewer.name || me.tag !== viewer.tag) {
        viewer = me;
        viewOfLogged = new WeakMap();
        viewOfUnsent = new WeakMap();
      }
      const shown = new Set(logged.map(({ from, id }) => nameOf(from.id, id)));
      const own = unsent.filter(
        (entry) => entry.room === room && !shown.has(nameOf(me.id, entry.id)),
      );
      return [...logged.map(ofLogged), ...own.map(ofUnsent)];
    },
  };
}

function nameOf(authorId: string, id: string): string {
  return `${authorId} ${id}`;
}
