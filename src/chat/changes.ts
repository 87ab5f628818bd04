/**
 * What a person does to messages that are there: edits, deletions, reactions. What was not sent yet is
 * changed where it is; about what was sent an entry is queued, which goes the way of a message. What is
 * taken back before it has left never leaves.
 */
import type { About } from '../protocol/about';
import type { ServerFrameOf } from '../protocol/frames';
import { codePointCount, limits } from '../protocol/limits';
import type { LoggedMessage } from '../protocol/message';
import { asEmoji } from '../protocol/reaction';
import type { ChatRoom } from './chatRoom';
import type { ShownText } from './messageView';
import type { Outbox } from './outbox';
import type { Draft, OutboxEntry } from './outboxEntry';
import { isWaiting } from './outboxRules';
import type { ChatActions } from './types';

export interface ChangesOptions {
  outbox: Pick<Outbox, 'entries' | 'add' | 'rewrite' | 'remove' | 'retry'>;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  /** Ms since 1970. */
  now(): number;
  /** The open room. */
  current(): Pick<ChatRoom, 'room' | 'roomKey' | 'view'>;
}

export interface Changes extends Pick<ChatActions, 'edit' | 'erase' | 'react'> {
  /** What a message answers, as it is sent; undefined if the message at `seq` cannot be answered. */
  replyTo(seq: number): Draft['about'];
  /**
   * An entry of this page was acked, and `logged` is what the log has under its id. If that is an earlier
   * text, as it had left before it was rewritten, or was taken to be broken off, the latest one follows as an
   * edit.
   */
  correct(entry: OutboxEntry, logged: LoggedMessage | undefined): void;
  /** The same where nobody reads the room: a message was acked again, and what the log has of it is not known. */
  correctUnread(ack: Pick<ServerFrameOf<'ack'>, 'id' | 'seq' | 'mid'>): void;
}

export function createChanges({ outbox, newId, now, current }: ChangesOptions): Changes {
  /** One's own that the room does not have yet, about one message, oldest first. */
  function pendingAbout({ seq, mid }: LoggedMessage, kinds: readonly About['kind'][]) {
    return outbox
      .entries()
      .filter(
        ({ room, about, state }) =>
          state !== 'sent' &&
          room === current().room &&
          about?.seq === seq &&
          about.mid === mid &&
          kinds.includes(about.kind),
      );
  }

  function queue(kind: About['kind'], { seq, mid }: LoggedMessage, body: string): boolean {
    const { room, roomKey } = current();
    return outbox.add({ id: newId(), room, roomKey, about: { kind, seq, mid }, body, at: now() });
  }

  function queueCorrection(
    { room, roomKey, about, body }: OutboxEntry,
    logged: Pick<LoggedMessage, 'seq' | 'mid'>,
  ) {
    const { seq, mid } = about?.kind === 'edit' ? about : logged;
    const edit = { kind: 'edit', seq, mid } as const;
    outbox.add({ id: newId(), room, roomKey, about: edit, body, at: now() });
  }

  /** Takes back what has not left, or was not taken. False if the room may have it. */
  function removeUnleft({ id, state, hasLeft }: OutboxEntry): boolean {
    if (state !== 'failed' && (state !== 'queued' || hasLeft)) return false;
    outbox.remove(id);
    return true;
  }

  function removeUnsent(id: string): boolean {
    const isUnsent = outbox.entries().some((entry) => entry.id === id && isWaiting(entry));
    if (isUnsent) outbox.remove(id);
    return isUnsent;
  }

  /** One's own message that the room has. */
  function ownSent(id: string) {
    const { view } = current();
    const place = view.ownPlaceOf(id);
    return place === undefined ? undefined : view.textAt(place);
  }

  const isDeleted = ({ row }: ShownText) => row.deleted !== undefined;

  return {
    edit(id, body) {
      if (body === '' || codePointCount(body) > limits.bodyLength) return false;
      const sent = ownSent(id);
      if (!sent) return outbox.rewrite(id, body);
      if (isDeleted(sent)) return false;
      const last = pendingAbout(sent.message, ['edit', 'delete']).at(-1);
      if (last?.about?.kind === 'delete') return false;
      if (last && outbox.rewrite(last.id, body)) return true;
      if (!last && body === sent.row.body) return true;
      return queue('edit', sent.message, body);
    },

    erase(id) {
      const sent = ownSent(id);
      if (!sent) return removeUnsent(id);
      if (isDeleted(sent)) return false;
      for (const entry of pendingAbout(sent.message, ['edit'])) removeUnleft(entry);
      const [last] = pendingAbout(sent.message, ['delete']);
      if (last) outbox.retry(last.id);
      return last !== undefined || queue('delete', sent.message, '');
    },

    react(seq, chosen, on) {
      const emoji = asEmoji(chosen);
      const text = current().view.textAt(seq);
      if (!text || isDeleted(text)) return false;
      if (emoji === '' || codePointCount(emoji) > limits.reactionLength) return false;
      const isOn = text.row.reactions?.some((each) => each.emoji === emoji && each.mine) ?? false;
      if (isOn === on) return true;
      const last = pendingAbout(text.message, ['react', 'unreact'])
        .filter(({ body }) => asEmoji(body) === emoji)
        .at(-1);
      if (last && removeUnleft(last)) return true;
      return queue(on ? 'react' : 'unreact', text.message, emoji);
    },

    replyTo(seq) {
      const text = current().view.textAt(seq);
      if (!text || isDeleted(text)) return undefined;
      return { kind: 'reply', seq, mid: text.message.mid };
    },

    correct(entry, logged) {
      if (!entry.isRewritten || !logged) return;
      if (logged.body === entry.body.toWellFormed() && !logged.cut) return;
      if (logged.edited !== undefined || logged.deleted !== undefined) return;
      queueCorrection(entry, logged);
    },

    correctUnread({ id, seq, mid }) {
      const entry = outbox.entries().find((each) => each.id === id);
      if (entry?.isRewritten) queueCorrection(entry, { seq, mid });
    },
  };
}
