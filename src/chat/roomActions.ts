/**
 * What a person does in the open room: writes there, looks back, searches, takes it home as a file. Nothing here
 * knows of other rooms: each action begins with the room that is open at that moment.
 */
import type { Connection } from '../connection/contract';
import type { Time } from '../connection/ports';
import type { ClientFrame } from '../protocol/frames';
import { codePointCount, limits } from '../protocol/limits';
import type { User } from '../protocol/user';
import { isText } from './annotations';
import type { Changes } from './changes';
import type { ChatRoom } from './chatRoom';
import { comeBackFor } from './comeBackFor';
import { loadParts } from './loadParts';
import { createMessageView } from './messageView';
import type { Outbox } from './outbox';
import type { OutboxEntry } from './outboxEntry';
import { tooLong } from './tooLong';
import type { ChatActions } from './types';

export interface RoomActionsOptions {
  connection: Connection;
  outbox: Outbox;
  changes: Changes;
  /** What is not sent yet, in every room. */
  unsent(): readonly OutboxEntry[];
  time: Time;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  me(): User;
  /** The open room. */
  current(): ChatRoom;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
}

export interface RoomActions {
  readonly actions: Pick<
    ChatActions,
    | 'send'
    | 'edit'
    | 'erase'
    | 'react'
    | 'search'
    | 'searchMore'
    | 'loadQuote'
    | 'loadBackTo'
    | 'typing'
    | 'loadOlder'
    | 'exportRoom'
  >;
  /** Another room is open now. */
  roomOpened(): void;
}

export function createRoomActions(options: RoomActionsOptions): RoomActions {
  const { connection, outbox, changes, time, newId, me, current, send } = options;
  /** When the others in the room were last told that the user is writing. */
  let toldTypingAt = Number.NEGATIVE_INFINITY;

  return {
    actions: {
      send(body, replyTo) {
        if (body === '') return true;
        // What is written after it is news again.
        toldTypingAt = Number.NEGATIVE_INFINITY;
        comeBackFor(connection);
        const { room, roomKey } = current();
        const about = replyTo === undefined ? undefined : changes.replyTo(replyTo);
        const entry = { id: newId(), room, roomKey, about, body, at: time.now() };
        if (codePointCount(body) <= limits.bodyLength) return outbox.add(entry);
        outbox.reject(entry, tooLong);
        return true;
      },

      edit(id, body) {
        comeBackFor(connection);
        return changes.edit(id, body);
      },

      erase(id) {
        comeBackFor(connection);
        return changes.erase(id);
      },

      react(seq, emoji, on) {
        comeBackFor(connection);
        return changes.react(seq, emoji, on);
      },

      search: (text) => current().search.search(text),
      searchMore: () => current().search.searchMore(),
      loadQuote: (seq) => current().loadQuote(seq),
      loadBackTo: (seq) => current().reader.loadBackTo(seq),

      typing() {
        const isDue = time.now() - toldTypingAt >= typingEveryMs;
        if (isDue && send({ t: 'typing', room: current().room })) toldTypingAt = time.now();
      },

      loadOlder: () => current().reader.loadOlder(),

      async exportRoom() {
        const { room, reader } = current();
        const logged = await reader.readAll();
        // As the room has it: what one has changed is not there before it was sent.
        const unsent = options.unsent().filter(isText);
        const { exportOf } = await loadParts();
        return exportOf(room, createMessageView(room).compose(logged, unsent, me()));
      },
    },

    roomOpened() {
      toldTypingAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** How often the others are told that the user goes on writing, in ms: before they take it to have ended. */
const typingEveryMs = limits.typingMs / 2;
