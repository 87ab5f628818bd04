/**
 * A chat session for a program: the very connection and session that pages have, with its heartbeat, outbox and
 * resumed rooms, outside a browser. It keeps everything in memory, so that what was not sent ends with the
 * program; who wants more hands in storages of their own.
 */

import { createConnection } from '../connection/connection';
import { type OpenSocket, openWebSocket, systemTime } from '../connection/ports';
import { subprotocol } from '../protocol/frames';
import { chatHeartbeat } from './chatHeartbeat';
import { createChatSession } from './chatSession';
import type { Farewells } from './farewells';
import type { KeptRoom, KnownRoomsStorage } from './knownRooms';
import { createSoloShare, type OutboxStorage, type StoredEntry } from './outboxEntry';
import { createRoomSearch } from './roomSearch';
import { silentListener } from './silentListener';
import type { ChatActions, ChatListener } from './types';

export interface HeadlessOptions {
  /** Where the WebSocket is. */
  url: string;
  room: string;
  /** What opens the room, if it is a private one. */
  roomKey?: string;
  name: string;
  /** To come back with, as the same. */
  token?: string;
  /** Makes ids that sort as text in the order of their making: UUIDv7, say. */
  newId(): string;
  /** Hears what it wants to. */
  listener: Partial<ChatListener>;
  /** Told of each token to come back with. */
  onToken?(token: string): void;
  openSocket?: OpenSocket;
}

export interface HeadlessChat {
  readonly actions: ChatActions;
  /** Resolves once everything that was written is sent, or has failed. */
  sent(): Promise<void>;
  /** Leaves on purpose. */
  close(): void;
}

/** Opens a line, and opens it again whenever it is lost, until `close`. */
export function openHeadlessChat(options: HeadlessOptions): HeadlessChat {
  const { url, room, roomKey, name, newId, openSocket = openWebSocket } = options;
  let { token } = options;
  let onSent: (() => void)[] = [];
  const connection = createConnection({
    address: url,
    protocols: [subprotocol],
    handshake: 'manual',
    heartbeat: chatHeartbeat,
    openSocket,
  });
  const session = createChatSession({
    connection,
    room,
    roomKey,
    name,
    tokens: {
      get: () => token,
      set(next) {
        token = next;
        options.onToken?.(next);
      },
      clear() {
        token = undefined;
      },
    },
    farewells: noFarewells,
    outboxStorage: createOutboxInMemory(),
    share: createSoloShare(newId()),
    knownRooms: createRoomsInMemory(),
    newId,
    time: systemTime,
    createSearch: createRoomSearch,
  });
  const isWaiting = () =>
    session.actions.inspect().outbox.some(({ state }) => state === 'queued' || state === 'sending');
  const stop = session.start({
    ...silentListener,
    ...options.listener,
    outbox(counts) {
      options.listener.outbox?.(counts);
      if (isWaiting()) return;
      for (const resolve of onSent) resolve();
      onSent = [];
    },
  });
  connection.open();
  return {
    actions: session.actions,
    async sent() {
      if (isWaiting()) await new Promise<void>((resolve) => onSent.push(resolve));
    },
    close() {
      connection.close(1000);
      stop();
    },
  };
}

/** A sign-out that does not reach the server is forgotten with the program. */
const noFarewells: Farewells = {
  note() {},
  areDue: () => false,
  deliver: async () => {},
};

function createOutboxInMemory(): OutboxStorage {
  const rows = new Map<string, StoredEntry>();
  return {
    load: async () => [...rows.values()],
    put: async (entry) => void rows.set(entry.id, entry),
    remove: async (id) => void rows.delete(id),
    // There is no other page.
    takeOver: async () => {},
    clear: async () => rows.clear(),
  };
}

function createRoomsInMemory(): KnownRoomsStorage {
  const rows = new Map<string, KeptRoom>();
  return {
    load: () => [...rows.values()],
    put: (kept) => void rows.set(kept.room, kept),
    remove: (room) => void rows.delete(room),
    clear: () => rows.clear(),
    listen: () => () => {},
  };
}
