/**
 * The pages of one user who sends files: sessions on one clock, with what they share in storage, and a model server
 * that takes files.
 */
import { chatHeartbeat } from '../chat/chatHeartbeat';
import { createChatSession } from '../chat/chatSession';
import { createSoloShare, type OutboxShare, type OutboxStorage } from '../chat/outboxEntry';
import { prepareFile } from '../chat/prepareFile';
import { createRoomSearch } from '../chat/roomSearch';
import { silentListener } from '../chat/silentListener';
import type { ChatMessage, ChatNotice, SearchState } from '../chat/types';
import type { PrepareFile, UploadStorage } from '../chat/uploadRecord';
import { createUploads } from '../chat/uploads';
import { createConnection } from '../connection/connection';
import { createManualTime } from './manualTime';
import { createMemoryKnownRooms } from './memoryKnownRooms';
import { createMemoryTokens } from './memoryTokens';
import { createMemoryUploads } from './memoryUploads';
import { createModelFileServer, type ModelFileServerOptions } from './modelFileServer';
import { createMemoryOutbox } from './outboxFakes';
import { passTime } from './passTime';

/** Bytes that differ from each other by their place and their seed. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

export const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'notes.bin', type = '') =>
  new File([bytes], name, { type });

export interface UploadPageOptions {
  prepare?: PrepareFile;
  /** How it reaches what all pages keep together. */
  storage?: UploadStorage;
  outboxStorage?: OutboxStorage;
  /** It knows of no other page. */
  isAlone?: boolean;
}

export function createUploadWorld(serverOptions: Omit<ModelFileServerOptions, 'time'> = {}) {
  const time = createManualTime();
  const server = createModelFileServer({ time, ...serverOptions });
  const outbox = createMemoryOutbox();
  const uploads = createMemoryUploads();
  const knownRooms = createMemoryKnownRooms();
  const tokens = createMemoryTokens();
  let ids = 0;
  let pages = 0;

  function openPage({
    prepare = withoutPictures,
    storage = uploads.storage,
    outboxStorage = outbox.storage,
    isAlone = false,
  }: UploadPageOptions = {}) {
    let isGone = false;
    const run = (callback: () => void) => {
      if (!isGone) callback();
    };
    pages += 1;
    const name = `page${pages}`;
    const shared = outbox.openPage(name, run);
    const share: OutboxShare = isAlone ? createSoloShare(name) : shared;
    const pageTime = {
      now: time.now,
      after: (delayMs: number, callback: () => void) => time.after(delayMs, () => run(callback)),
    };
    const connection = createConnection({
      address: 'ws://model/',
      handshake: 'manual',
      heartbeat: chatHeartbeat,
      time: pageTime,
      isOnline: () => true,
      random: () => 0,
      openSocket: server.openSocket,
    });
    const pictures = new Map<string, Blob>();
    const session = createChatSession({
      createSearch: createRoomSearch,
      connection,
      room: 'lobby',
      name: 'Ann',
      tokens,
      farewells: { note() {}, areDue: () => false, deliver: async () => {} },
      knownRooms: knownRooms.openPage(),
      outboxStorage,
      share,
      newId: () => `id${String(++ids).padStart(4, '0')}`,
      time: pageTime,
      uploads: {
        mayBeKept: () => uploads.records.size > 0,
        clearLater() {},
        load: async () => (options) =>
          createUploads(options, {
            storage,
            prepare,
            pictures: {
              show(bytes) {
                const url = `blob:${pictures.size + 1}`;
                pictures.set(url, bytes);
                return url;
              },
              hide: (url) => void pictures.delete(url),
            },
            stop() {},
          }),
      },
    });
    const shown = {
      messages: [] as readonly ChatMessage[],
      notices: [] as ChatNotice[],
      largestBytes: undefined as number | undefined,
      search: undefined as SearchState | undefined,
      isSignedOut: false,
      /** Every `have` that was shown of any row. */
      progress: [] as number[],
    };
    const stop = session.start({
      ...silentListener,
      messages(messages) {
        shown.messages = messages;
        for (const { upload } of messages) if (upload) shown.progress.push(upload.have);
      },
      notice: (notice) => void shown.notices.push(notice),
      search: (search) => Object.assign(shown, { search }),
      files: (largestBytes) => Object.assign(shown, { largestBytes }),
      signedOut: () => Object.assign(shown, { isSignedOut: true }),
    });
    connection.open();
    const rowOf = (id: string) => shown.messages.find((message) => message.id === id);
    return {
      share: shared,
      connection,
      session,
      shown,
      pictures,
      rowOf,
      /** The row's text, and how its file is. */
      rows: () =>
        shown.messages.map(({ body, file, upload, state }) =>
          [file?.name, body, upload?.status ?? state].filter(Boolean).join(' '),
        ),
      /** The page closes as a person closes it. */
      stop() {
        stop();
        connection.close();
      },
      /** The page is gone, from one moment to the next. */
      crash() {
        connection.close();
        stop();
        isGone = true;
        shared.die();
      },
    };
  }

  // Bytes are read in turns of their own.
  const pass = (ms: number) => passTime(time, ms, 3);

  return {
    time,
    server,
    uploads,
    outbox,
    openPage,
    pass,
    /** Lets time pass until something holds; throws, saying what, if it does not within 10 minutes. */
    async until(what: string, holds: () => boolean, stepMs = 5) {
      const end = time.now() + 600_000;
      while (!holds()) {
        if (time.now() > end) throw new Error(`in 10 minutes it did not come about: ${what}`);
        await pass(stepMs);
      }
    },
    /** The server took a message with this text. */
    isTaken: (body: string) => server.messages.some(({ frame }) => frame.body === body),
    /** The bytes that came with it are these. */
    hasTaken(body: string, bytes: Uint8Array): boolean {
      const file = server.messages.find(({ frame }) => frame.body === body)?.file;
      return file !== undefined && Buffer.compare(file, bytes) === 0;
    },
  };
}

export type UploadWorld = ReturnType<typeof createUploadWorld>;

/** A browser that can show no picture. */
const withoutPictures: PrepareFile = (file, type) =>
  prepareFile(file, type, () => Promise.reject(new Error('no picture')));
