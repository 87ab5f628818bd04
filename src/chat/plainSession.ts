/**
 * Bare text with any WebSocket server, such as the tutorial's own: what one writes is a message, what
 * comes is a message. There are no acks, no names and no history, so `sent` says only that a text was
 * handed to an open line, and the page tells its reader so.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Time } from '../connection/ports';
import { createOutbox, type OutboxEntry, type OutboxStorage } from './outbox';
import { tellLine } from './tellLine';
import type { ChatActions, ChatListener, ChatMessage, User } from './types';

export interface PlainSessionOptions {
  /** Without a manual handshake; not open yet. */
  connection: Connection;
  /** What the messages that come are signed with: the server's address. */
  serverName: string;
  name: string;
  room: string;
  outboxStorage: OutboxStorage;
  newId(): string;
  time: Time;
}

export interface PlainSession {
  readonly actions: ChatActions;
  /** Speaks on the connection and tells the listener, until cancelled. */
  start(listener: ChatListener): Cancel;
}

export function createPlainSession(options: PlainSessionOptions): PlainSession {
  const { connection, room, time, newId } = options;
  const me: User = { id: 'me', name: options.name };
  const server: User = { id: 'server', name: options.serverName };
  let listener: ChatListener | undefined;
  /** What came and what went, in the order in which it did. */
  const exchanged: ChatMessage[] = [];

  const outbox = createOutbox({
    storage: options.outboxStorage,
    transmit,
    onChange: publish,
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
  });

  /** Handed over is all that can be known: the message is done as soon as it is on its way. */
  function transmit(entry: OutboxEntry): boolean {
    const isOpen = connection.getState().status === 'open';
    if (!isOpen || !connection.send(entry.body)) return false;
    queueMicrotask(() => {
      exchanged.push({ ...messageOf(entry), state: 'sent' });
      outbox.acked(entry.id);
    });
    return true;
  }

  function messageOf({ id, body, at, state, failure }: OutboxEntry): ChatMessage {
    return { id, seq: undefined, author: me, mine: true, body, at, state, failure };
  }

  function publish() {
    outbox.discard(() => true);
    listener?.messages(allMessages());
  }

  function allMessages(): ChatMessage[] {
    return [...exchanged, ...outbox.entries().map(messageOf)];
  }

  return {
    actions: {
      send(body) {
        return body === '' || outbox.add({ id: newId(), room, body, at: time.now() });
      },
      retry: outbox.retry,
      remove: outbox.remove,
      disconnect: () => connection.close(1000),
      reconnect: connection.open,
      loadOlder: () => {},
      exportRoom: async () => ({
        room,
        messages: allMessages().map(({ id, author, body, at, state }) => ({
          id,
          seq: null,
          author: author.name,
          body,
          at,
          state,
        })),
      }),
    },

    start(startedListener) {
      listener = startedListener;
      listener.me(me);
      listener.loaded();
      const unlisten = connection.listen({
        onOpen: outbox.flush,
        onMessage(data) {
          const body = typeof data === 'string' ? data : `[${byteLengthOf(data)} B]`;
          exchanged.push({
            id: newId(),
            seq: undefined,
            author: server,
            mine: false,
            body,
            at: time.now(),
            state: 'sent',
            failure: undefined,
          });
          publish();
        },
      });
      const stopTelling = tellLine(connection, startedListener, time);
      void outbox.load();
      return () => {
        stopTelling();
        unlisten();
        listener = undefined;
      };
    },
  };
}

function byteLengthOf(data: ArrayBuffer | Blob): number {
  return data instanceof ArrayBuffer ? data.byteLength : data.size;
}
