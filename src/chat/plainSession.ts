/**
 * Bare text with any WebSocket server, such as the tutorial's own: what one writes is a message, what
 * comes is a message. There are no acks, no names and no history, so `sent` says only that a text was
 * handed to an open line, and the page tells its reader so.
 */

import type { Connection, HeartbeatPolicy } from '../connection/contract';
import type { Cancel, Time } from '../connection/ports';
import { defaultTiming } from './chatHeartbeat';
import { comeBackFor } from './comeBackFor';
import { createRepairs, inspectionOf } from './inspection';
import { unsentRow } from './messageRow';
import { noFiles } from './noFiles';
import { createOutbox } from './outbox';
import type { OutboxEntry, OutboxShare, OutboxStorage } from './outboxEntry';
import { countsOf, isWaiting } from './outboxRules';
import { exportOf } from './roomExport';
import { createRoomSearch } from './roomSearch';
import { tellLine } from './tellLine';
import type { ChatActions, ChatListener, ChatMessage, User } from './types';

export interface PlainHeartbeat {
  text: string;
  intervalMs: number;
  /** A message that is exactly this answers it; if none, every one does. */
  answer: string | undefined;
}

/** The heartbeat of a server that answers a text. */
export function createPlainHeartbeat({
  text,
  intervalMs,
  answer,
}: PlainHeartbeat): HeartbeatPolicy {
  return {
    ...defaultTiming,
    intervalMs,
    ping: () => text,
    ...(answer !== undefined && { isPong: (data) => data === answer }),
  };
}

export interface PlainSessionOptions {
  /** Without a manual handshake; not open yet. */
  connection: Connection;
  /** What the messages that come are signed with: the server's address. */
  serverName: string;
  name: string;
  room: string;
  outboxStorage: OutboxStorage;
  /** The other pages of the same user. */
  share: OutboxShare;
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
    share: options.share,
    now: time.now,
    transmit,
    onChange: publish,
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
    onSignedOut: leave,
  });

  function leave() {
    connection.close(1000, 'signed out');
    listener?.signedOut();
  }

  /** Handed over is all that can be known: the message is done as soon as it is on its way. */
  function transmit(entry: OutboxEntry): boolean {
    const { status, isChecking } = connection.getState();
    // What is handed to a line that may be dead would be gone, and called sent.
    if (status !== 'open' || isChecking || !connection.send(entry.body)) return false;
    queueMicrotask(() => outbox.acked(entry.id));
    return true;
  }

  /** An entry that has not changed stays the same message. */
  const shown = new WeakMap<OutboxEntry, ChatMessage>();

  function messageOf(entry: OutboxEntry): ChatMessage {
    const message = shown.get(entry) ?? unsentRow({ ...entry, seq: undefined }, me, undefined);
    shown.set(entry, message);
    return message;
  }

  function publish() {
    // Handed over, here or by another page of the same user.
    outbox.discard((entry) => {
      // There is no log that could have another text of it.
      if (entry.isRewritten) outbox.settled(entry);
      return exchanged.push(messageOf(entry)) > 0;
    });
    listener?.outbox(countsOf(outbox.entries()));
    listener?.messages(allMessages());
  }

  // There is nobody to ask: what was exchanged is all that can be found.
  const search = createRoomSearch({
    room,
    send: () => false,
    loaded: allMessages,
    tell: (state) => listener?.search(state),
  });

  function allMessages(): ChatMessage[] {
    return [...exchanged, ...outbox.entries().map(messageOf)];
  }

  return {
    actions: {
      // A plain server knows one room, and nobody's place in it.
      ...noFiles,
      openRoom: () => {},
      forgetRoom: () => {},
      markRead: () => {},
      send(body) {
        comeBackFor(connection);
        return body === '' || outbox.add({ id: newId(), room, body, at: time.now() });
      },
      retry(id) {
        comeBackFor(connection);
        outbox.retry(id);
      },
      typing: () => {},
      // What was handed over is out of reach, and nothing has a place that others could name.
      edit: (id, body) => body !== '' && outbox.rewrite(id, body),
      erase(id) {
        const isUnsent = outbox.entries().some((entry) => entry.id === id && isWaiting(entry));
        if (isUnsent) outbox.remove(id);
        return isUnsent;
      },
      react: () => false,
      search: search.search,
      searchMore: search.searchMore,
      loadQuote: () => {},
      loadBackTo: async () => {
        throw new Error('the messages here have no places');
      },
      remove: outbox.remove,
      retryAll() {
        comeBackFor(connection);
        outbox.retryAll();
      },
      removeAll: outbox.removeAll,
      unsentCount: () => outbox.entries().filter(({ state }) => state !== 'sent').length,
      async signOut() {
        await outbox.clear();
        leave();
      },
      setPush: () => {},
      // There are no places, so no holes and nothing that is known to have come twice.
      inspect: () => inspectionOf([], outbox.entries(), createRepairs()),
      disconnect: () => connection.close(1000),
      reconnect: connection.open,
      loadOlder: () => {},
      exportRoom: async () => exportOf(room, allMessages()),
    },

    start(startedListener) {
      listener = startedListener;
      listener.me(me);
      listener.loaded();
      const unlisten = connection.listen({
        onOpen: outbox.lineOpened,
        onClose: outbox.lineLost,
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
            hasLeft: true,
            failure: undefined,
          });
          publish();
        },
      });
      const stopTelling = tellLine(connection, startedListener, time);
      const unsubscribe = connection.subscribe(outbox.flush);
      void outbox.load();
      return () => {
        unsubscribe();
        stopTelling();
        unlisten();
        outbox.close();
        listener = undefined;
      };
    },
  };
}

function byteLengthOf(data: ArrayBuffer | Blob): number {
  return data instanceof ArrayBuffer ? data.byteLength : data.size;
}
