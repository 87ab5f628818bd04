/** The session that pages have, on a real socket in Node, with what it tells at hand. */

import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { createChatSession } from '../../chat/chatSession';
import { createRoomSearch } from '../../chat/roomSearch';
import type { ChatMessage, OutboxCounts, SearchState } from '../../chat/types';
import { createConnection } from '../../connection/connection';
import { systemTime } from '../../connection/ports';
import { encode } from '../../protocol/codec';
import { subprotocol } from '../../protocol/frames';
import { createMemoryKnownRooms } from '../../testing/memoryKnownRooms';
import { noFarewells } from '../../testing/noFarewells';
import { createMemoryOutbox } from '../../testing/outboxFakes';
import { silentListener } from '../../testing/silentListener';
import { openNodeSocket } from '../storm/nodeSocket';

/** Somebody in the lobby, until the test has finished. */
export function openSession(url: string, name: string) {
  let token: string | undefined;
  const connection = createConnection({
    address: url,
    protocols: [subprotocol],
    handshake: 'manual',
    heartbeat: {
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: (n) => encode({ t: 'ping', n }),
      isPong: () => false,
    },
    openSocket: openNodeSocket,
  });
  const outbox = createMemoryOutbox();
  const { actions, start } = createChatSession({
    createSearch: createRoomSearch,
    connection,
    room: 'lobby',
    name,
    tokens: {
      get: () => token,
      set(next) {
        token = next;
      },
      clear() {
        token = undefined;
      },
    },
    farewells: noFarewells,
    knownRooms: createMemoryKnownRooms().openPage(),
    outboxStorage: outbox.storage,
    share: outbox.openPage(uuidv7()),
    newId: uuidv7,
    time: systemTime,
  });
  const shown = {
    messages: [] as readonly ChatMessage[],
    search: undefined as SearchState | undefined,
    outbox: { waiting: 0, failed: 0 } as OutboxCounts,
    isLoaded: false,
  };
  const stop = start({
    ...silentListener,
    messages: (messages) => Object.assign(shown, { messages }),
    loaded: () => Object.assign(shown, { isLoaded: true }),
    search: (search) => Object.assign(shown, { search }),
    outbox: (counts) => Object.assign(shown, { outbox: counts }),
  });
  connection.open();
  onTestFinished(() => {
    stop();
    connection.close(1000);
  });
  return { actions, shown, status: () => connection.getState().status };
}
