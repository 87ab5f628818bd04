/**
 * What a person does in the open room: writes there, looks back, takes it home as a file. Nothing here
 * knows of other rooms: each action begins with the room that is open at that moment.
 */
import type { Connection } from '../connection/contract';
import type { Time } from '../connection/ports';
import type { ClientFrame, User } from '../protocol/frames';
import { codePointCount, limits } from '../protocol/limits';
import type { ChatRoom } from './chatRoom';
import { comeBackFor } from './comeBackFor';
import type { Outbox } from './outbox';
import type { ChatActions, RoomExport } from './types';

export interface RoomActionsOptions {
  connection: Connection;
  outbox: Outbox;
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
  readonly actions: Pick<ChatActions, 'send' | 'typing' | 'loadOlder' | 'exportRoom'>;
  /** Another room is open now. */
  roomOpened(): void;
}

export function createRoomActions(options: RoomActionsOptions): RoomActions {
  const { connection, outbox, time, newId, me, current, send } = options;
  /** When the others in the room were last told that the user is writing. */
  let toldTypingAt = Number.NEGATIVE_INFINITY;

  return {
    actions: {
      send(body) {
        if (body === '') return true;
        // What is written after it is news again.
        toldTypingAt = Number.NEGATIVE_INFINITY;
        comeBackFor(connection);
        const { room, roomKey } = current();
        const entry = { id: newId(), room, roomKey, body, at: time.now() };
        if (codePointCount(body) <= limits.bodyLength) return outbox.add(entry);
        const message = `a message has at most ${limits.bodyLength} characters`;
        outbox.reject(entry, { code: 'too_long', message });
        return true;
      },

      typing() {
        const isDue = time.now() - toldTypingAt >= typingEveryMs;
        if (isDue && send({ t: 'typing', room: current().room })) toldTypingAt = time.now();
      },

      loadOlder: () => current().reader.loadOlder(),

      async exportRoom(): Promise<RoomExport> {
        const { room, reader, view } = current();
        const logged = await reader.readAll();
        const messages = view.compose(logged, outbox.entries(), me());
        return {
          room,
          messages: messages.map(
            ({ id, seq = null, author: { name: author, tag }, body, at, state }) => ({
              id,
              seq,
              author,
              ...(tag !== undefined && { tag }),
              body,
              at,
              state,
            }),
          ),
        };
      },
    },

    roomOpened() {
      toldTypingAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** How often the others are told that the user goes on writing, in ms: before they take it to have ended. */
const typingEveryMs = limits.typingMs / 2;
