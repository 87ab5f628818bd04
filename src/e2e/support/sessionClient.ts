/** The session that pages have, on a real socket in Node, with what it tells at hand. */

import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { chatHeartbeat } from '../../chat/chatHeartbeat';
import { createChatSession } from '../../chat/chatSession';
import { createLiveRows } from '../../chat/liveRows';
import { createRoomSearch } from '../../chat/roomSearch';
import { silentListener } from '../../chat/silentListener';
import type { ChatMessage, OutboxCounts, SearchState } from '../../chat/types';
import type { PrepareFile } from '../../chat/uploadRecord';
import { createConnection } from '../../connection/connection';
import { systemTime, type Time } from '../../connection/ports';
import { subprotocol } from '../../protocol/frames';
import { createMemoryKnownRooms } from '../../testing/memoryKnownRooms';
import { createMemoryTokens } from '../../testing/memoryTokens';
import { createMemoryUploads } from '../../testing/memoryUploads';
import { noFarewells } from '../../testing/noFarewells';
import { createMemoryOutbox } from '../../testing/outboxFakes';
import { openNodeSocket } from '../storm/nodeSocket';
import { uploadSource } from './sessionUploads';

interface SessionOptions {
  time?: Time;
  /** How files are made ready, unless it is done in the session's own thread. */
  prepare?: PrepareFile;
}

/** Somebody in the lobby, until the test has finished. */
export function openSession(url: string, name: string, options: SessionOptions = {}) {
  const { time = systemTime, prepare } = options;
  const connection = createConnection({
    address: url,
    protocols: [subprotocol],
    handshake: 'manual',
    heartbeat: chatHeartbeat,
    time,
    openSocket: openNodeSocket,
  });
  const outbox = createMemoryOutbox();
  const uploads = createMemoryUploads();
  const { actions, streams, start } = createChatSession({
    createSearch: createRoomSearch,
    createLiveRows,
    connection,
    room: 'lobby',
    name,
    tokens: createMemoryTokens(),
    farewells: noFarewells,
    knownRooms: createMemoryKnownRooms().openPage(),
    outboxStorage: outbox.storage,
    share: outbox.openPage(uuidv7()),
    newId: uuidv7,
    time,
    uploads: uploadSource(uploads, uploads.storage, prepare),
  });
  const shown = {
    messages: [] as readonly ChatMessage[],
    search: undefined as SearchState | undefined,
    outbox: { waiting: 0, failed: 0 } as OutboxCounts,
    isLoaded: false,
    largestFileBytes: undefined as number | undefined,
  };
  /** How long each ack took, in ms, in the order of their coming. */
  const rttsMs: number[] = [];
  const stop = start({
    ...silentListener,
    messages: (messages) => Object.assign(shown, { messages }),
    files: (largestFileBytes) => Object.assign(shown, { largestFileBytes }),
    loaded: () => Object.assign(shown, { isLoaded: true }),
    search: (search) => Object.assign(shown, { search }),
    outbox: (counts) => Object.assign(shown, { outbox: counts }),
  });
  connection.listen({ onAck: (rttMs) => void rttsMs.push(rttMs) });
  connection.open();
  onTestFinished(() => {
    stop();
    connection.close(1000);
  });
  return { actions, streams, shown, rttsMs, status: () => connection.getState().status };
}
