/**
 * A person without a page: the very connection and session that pages have, on real sockets in Node.
 * What the client has stored outlives its reloads, as a browser's storage does.
 */
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { createChatSession } from '../../chat/chatSession';
import type { OutboxStorage } from '../../chat/outboxEntry';
import { createRoomSearch } from '../../chat/roomSearch';
import type { ChatMessage } from '../../chat/types';
import { createConnection } from '../../connection/connection';
import { type Random, systemTime } from '../../connection/ports';
import { encode } from '../../protocol/codec';
import { subprotocol } from '../../protocol/frames';
import { createMemoryKnownRooms } from '../../testing/memoryKnownRooms';
import { noFarewells } from '../../testing/noFarewells';
import { createMemoryOutbox } from '../../testing/outboxFakes';
import { silentListener } from '../../testing/silentListener';
import { type NodeSocket, openNodeSocket } from './nodeSocket';
import type { StormClient } from './stormClient';

export interface HeadlessClient extends StormClient {
  /** While bytes may be changed on the way, what comes is not trusted beyond the next reload. */
  trust(isTrusted: boolean): void;
  /** Sockets opened although the person had closed the connection. */
  readonly uninvitedSockets: number;
  /** Goes for good. */
  leave(): void;
}

export interface HeadlessClientOptions {
  name: string;
  room: string;
  url: string;
  random: Random;
}

/** What storing may take, in ms: a reload may come in between. */
const maxStorageMs = 20;

export function createHeadlessClient(options: HeadlessClientOptions): HeadlessClient {
  const { name, room, url, random } = options;
  const outbox = createMemoryOutbox();
  const outboxStorage = takingItsTime(outbox.storage, random);
  const written: string[] = [];
  const ownIds = new Set<string>();
  const shownAsSent = new Set<string>();
  const retried = new Set<string>();
  let token: string | undefined;
  let isTrusted = true;
  let isClosedByPerson = false;
  let opened = 0;
  let gaveUp = 0;
  let uninvitedSockets = 0;
  /** Told of every change. */
  const watchers = new Set<() => void>();
  let page = openPage();

  function openPage() {
    const share = outbox.openPage(uuidv7());
    const sockets = new Set<NodeSocket>();
    let wasOpen = false;
    let messages: readonly ChatMessage[] = [];
    let hasOlder = false;
    let hasLoaded = false;
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
      random,
      openSocket(address, protocols) {
        if (isClosedByPerson) uninvitedSockets += 1;
        const socket = openNodeSocket(address, protocols);
        sockets.add(socket);
        return socket;
      },
    });
    const session = createChatSession({
      createSearch: createRoomSearch,
      connection,
      room,
      name,
      tokens: {
        get: () => token,
        set(next) {
          if (isTrusted) token = next;
        },
        clear() {
          token = undefined;
        },
      },
      farewells: noFarewells,
      knownRooms: createMemoryKnownRooms().openPage(),
      outboxStorage,
      share,
      newId() {
        const id = uuidv7();
        ownIds.add(id);
        return id;
      },
      time: systemTime,
      random,
    });
    const stop = session.start({
      ...silentListener,
      connection({ status }) {
        if (status === 'open' && !wasOpen) opened += 1;
        wasOpen = status === 'open';
        changed();
      },
      messages(next) {
        messages = next;
        for (const { id, state } of next) {
          if (state === 'sent' && ownIds.has(id)) shownAsSent.add(id);
        }
        changed();
      },
      loaded() {
        hasLoaded = true;
        changed();
      },
      hasOlder(next) {
        hasOlder = next;
        changed();
      },
    });
    connection.open();
    return {
      session,
      status: () => connection.getState().status,
      messages: () => messages,
      hasOlder: () => hasOlder,
      hasLoaded: () => hasLoaded,
      close(how: 'reload' | 'crash') {
        stop();
        if (how === 'crash') for (const socket of sockets) socket.crash();
        // As a page that goes does, without the code of a person who leaves.
        connection.suspend();
        share.die();
      },
    };
  }

  function changed() {
    for (const watcher of [...watchers]) watcher();
  }

  function until(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const watch = () => {
        if (isSo()) end(true);
      };
      const timer = setTimeout(() => end(isSo()), timeoutMs);
      const end = (outcome: boolean) => {
        clearTimeout(timer);
        watchers.delete(watch);
        resolve(outcome);
      };
      watchers.add(watch);
      watch();
    });
  }

  function reconnect() {
    isClosedByPerson = false;
    page.session.actions.reconnect();
  }

  return {
    name,
    written,
    shownAsSent,
    retried,
    get opened() {
      return opened;
    },
    get gaveUp() {
      return gaveUp;
    },
    get uninvitedSockets() {
      return uninvitedSockets;
    },
    trust(next) {
      isTrusted = next;
    },
    async write(text) {
      if (page.status() === 'failed') {
        gaveUp += 1;
        reconnect();
      }
      if (page.session.actions.send(text)) written.push(text);
    },
    async reload(how) {
      page.close(how);
      isClosedByPerson = false;
      page = openPage();
    },
    async disconnect() {
      page.session.actions.disconnect();
      isClosedByPerson = true;
    },
    reconnect: async () => reconnect(),
    untilQuiet(timeoutMs) {
      return until(() => {
        for (const { id, body, state } of page.messages()) {
          if (state !== 'failed') continue;
          retried.add(body);
          page.session.actions.retry(id);
        }
        const isUnsent = page.messages().some(({ state }) => state !== 'sent');
        return page.status() === 'open' && page.hasLoaded() && !isUnsent;
      }, timeoutMs);
    },
    untilSeq: (seq, timeoutMs) =>
      until(() => seq === 0 || page.messages().some((each) => each.seq === seq), timeoutMs),
    async readAll() {
      for (let couldLoad = true; couldLoad && page.hasOlder(); ) {
        const [before] = page.messages();
        page.session.actions.loadOlder();
        couldLoad = await until(() => page.messages()[0] !== before, pageTimeoutMs);
        // It is told of a page before it may ask for the next.
        await setImmediate();
      }
      return page
        .messages()
        .map(({ id, seq, author, body, state }) => ({ id, seq, author: author.name, body, state }));
    },
    leave: () => page.close('reload'),
  };
}

/** What one page of older messages may take, in ms. */
const pageTimeoutMs = 20_000;

/** As the page's: noted at once, and known to be kept a little later. */
function takingItsTime(storage: OutboxStorage, random: Random): OutboxStorage {
  const afterAWhile = async <Value>(act: Promise<Value>) => {
    const value = await act;
    await delay(random() * maxStorageMs);
    return value;
  };
  return {
    async load() {
      const entries = await afterAWhile(storage.load());
      return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    put: (entry) => afterAWhile(storage.put(entry)),
    remove: (id) => afterAWhile(storage.remove(id)),
    takeOver: (from, to) => afterAWhile(storage.takeOver(from, to)),
    clear: () => afterAWhile(storage.clear()),
  };
}
