/**
 * A person without a page: the very connection and session that pages have, on real sockets in Node.
 * What the client has stored outlives its reloads, as a browser's storage does.
 */

import { setImmediate } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { chatHeartbeat } from '../../chat/chatHeartbeat';
import { createChatSession } from '../../chat/chatSession';
import { createLiveRows } from '../../chat/liveRows';
import { createRoomSearch } from '../../chat/roomSearch';
import { silentListener } from '../../chat/silentListener';
import { createStreamWriter, type StreamWriter } from '../../chat/streamWriter';
import type { ChatMessage } from '../../chat/types';
import { createConnection } from '../../connection/connection';
import { type Random, systemTime } from '../../connection/ports';
import { subprotocol } from '../../protocol/frames';
import { createMemoryKnownRooms } from '../../testing/memoryKnownRooms';
import { noFarewells } from '../../testing/noFarewells';
import { createMemoryOutbox } from '../../testing/outboxFakes';
import { slowOutbox } from '../../testing/slowStorage';
import { createHeadlessFiles } from './headlessFiles';
import { type NodeSocket, openNodeSocket } from './nodeSocket';
import { createStreamNotes } from './seenStreams';
import { storagePause } from './storagePause';
import type { StormClient } from './stormClient';
import { quote, type StormStream } from './stormOutcome';
import { writeStreamed } from './streamed';
import { createUploadWatch } from './uploadWatch';

export interface HeadlessClient extends StormClient {
  /** While bytes may be changed on the way, what comes is not trusted beyond the next reload. */
  trust(isTrusted: boolean): void;
  /** Sockets opened although the person had closed the connection. */
  readonly uninvitedSockets: number;
  /** Where the file of the message at `seq` is to be had. */
  linkOf(seq: number): Promise<string>;
  /** Goes for good. */
  leave(): void;
}

export interface HeadlessClientOptions {
  name: string;
  room: string;
  url: string;
  random: Random;
}

export function createHeadlessClient(options: HeadlessClientOptions): HeadlessClient {
  const { name, room, url, random } = options;
  const outbox = createMemoryOutbox();
  const outboxStorage = slowOutbox(outbox.storage, storagePause(random));
  const linkOf = (seq: number) => page.session.actions.linkOf(seq, 'whole');
  const files = createHeadlessFiles({
    random,
    serverUrl: url.replace('ws', 'http'),
    untilOpen: () => until(() => page.status() === 'open', pageTimeoutMs),
    linkOf,
  });
  const uploads = createUploadWatch();
  const written: string[] = [];
  const ownIds = new Set<string>();
  const shownAsSent = new Set<string>();
  const retried = new Set<string>();
  const streams: StormStream[] = [];
  const notes = createStreamNotes();
  let token: string | undefined;
  let isTrusted = true;
  let isClosedByPerson = false;
  let opened = 0;
  let gaveUp = 0;
  let uninvitedSockets = 0;
  /** Told of every change. */
  const watchers = new Set<() => void>();
  let page = openPage();

  function newId() {
    const id = uuidv7();
    ownIds.add(id);
    return id;
  }

  function openPage() {
    const share = outbox.openPage(uuidv7());
    const sockets = new Set<NodeSocket>();
    let isGone = false;
    let goes = () => {};
    const gone = new Promise<void>((resolve) => {
      goes = resolve;
    });
    let wasOpen = false;
    let messages: readonly ChatMessage[] = [];
    let hasOlder = false;
    let hasLoaded = false;
    const connection = createConnection({
      address: url,
      protocols: [subprotocol],
      handshake: 'manual',
      heartbeat: chatHeartbeat,
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
      createLiveRows,
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
      newId,
      time: systemTime,
      random,
      uploads: files.openPage(() => isGone),
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
        uploads.note(next);
        for (const { id, author, body, state, live } of next) {
          if (state === 'sent' && ownIds.has(id)) shownAsSent.add(id);
          // What comes as garbage is shown as such, until the page is loaded anew.
          if (live && isTrusted) notes.note({ id, author: author.name, text: body });
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
    const writers = new Set<StreamWriter>();
    return {
      session,
      gone,
      writers,
      isGone: () => isGone,
      status: () => connection.getState().status,
      messages: () => messages,
      hasOlder: () => hasOlder,
      hasLoaded: () => hasLoaded,
      close(how: 'reload' | 'crash') {
        isGone = true;
        goes();
        uploads.pageGone();
        if (how === 'reload') for (const writer of writers) writer.cut();
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

  async function write(text: string) {
    comeBack();
    if (page.session.actions.send(text)) written.push(text);
  }

  /** Whoever writes sees that the line was given up. */
  function comeBack() {
    if (page.status() !== 'failed') return;
    gaveUp += 1;
    reconnect();
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
    streams,
    seenStreams: notes.all,
    files: files.sent,
    get interruptions() {
      return uploads.interruptions;
    },
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
    write,
    async attach(text, file) {
      comeBack();
      const { session, gone } = page;
      const what = await files.attach({ actions: session.actions, gone }, text, file);
      if (what === 'kept') written.push(text);
      else if (what === 'not taken') await write(text);
    },
    async stream(text) {
      const { session, writers, isGone } = page;
      const id = newId();
      const writer = createStreamWriter({ line: session.streams, id, room, time: systemTime });
      writers.add(writer);
      const index = streams.push({ id, text, isEnded: false }) - 1;
      const isEnded = await writeStreamed(writer, text, random, isGone);
      writers.delete(writer);
      streams[index] = { id, text, isEnded };
      if (isEnded) written.push(text);
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
        return page.status() === 'open' && page.hasLoaded() && page.messages().every(isAtRest);
      }, timeoutMs);
    },
    async unrest() {
      const restless = page.messages().filter((message) => !isAtRest(message));
      const rows = restless.map(({ body, state, live, change }) =>
        [quote(body), state, live, change?.state].filter(Boolean).join(' '),
      );
      return [page.status(), page.hasLoaded() ? 'loaded' : 'not loaded', ...rows].join(', ');
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
      return files.saved(page.messages());
    },
    linkOf,
    leave: () => page.close('reload'),
  };
}

/** What one page of older messages may take, in ms. */
const pageTimeoutMs = 20_000;

/** What broke off, and was not kept, stays as it is. */
function isAtRest({ state, live, change }: ChatMessage): boolean {
  return (state === 'sent' && !change) || live === 'broken';
}
