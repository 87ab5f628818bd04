/**
 * A chat server with everything around it in a test's hands: time, ids, tokens, the log, and clients
 * on lines in memory. `settle` lets everything happen that needs no time.
 */

import { expect } from 'vitest';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import type { User } from '../../protocol/user';
import { createManualTime, type ManualTime } from '../../testing/manualTime';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { type ChatServer, type ChatServerOptions, createChatServer } from './chatServer';
import { noAllowances } from './limits/allowances';
import { createMemoryPeople } from './people/memoryPeople';
import { nameKeys } from './people/nameKeys';
import type { ClientHandle } from './ports';
import { createFlushPace } from './room/flushPace';
import { createLiveStreams } from './streams/liveStreams';

export interface TestClient {
  /** What the server has sent, oldest first. */
  readonly received: ServerFrame[];
  /** The frames of one type, oldest first. */
  all<T extends ServerFrame['t']>(type: T): ServerFrameOf<T>[];
  /** The latest frame of a type. Fails the test if there is none. */
  last<T extends ServerFrame['t']>(type: T): ServerFrameOf<T>;
  /** What the server closed the line with. */
  readonly closedWith: number | undefined;
  readonly isTerminated: boolean;
  readonly isPaused: boolean;
  /** How often the server has written to the line. */
  readonly writes: number;
  /** From now on so many bytes are unread on its line. */
  readsNothing(bytes: number): void;
  /** Forgets what was received. */
  clear(): void;
  /** Sends frames, in one message if there are several. */
  send(...frames: ClientFrame[]): void;
  sendRaw(text: string): void;
  sendBinary(bytes?: Uint8Array<ArrayBuffer>): void;
  /** A control frame of the WebSocket comes. */
  control(): void;
  /** The line ends with this code. */
  end(code?: number): void;
}

export interface TestChat {
  readonly server: ChatServer;
  readonly time: ManualTime;
  readonly tokens: ChatServerOptions['tokens'];
  readonly errors: unknown[];
  connect(address?: string): TestClient;
  /** A client that is let in, and in the rooms. */
  enter(name: string, ...rooms: string[]): Promise<TestClient>;
}

/** Until everything is done that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Tokens that say plainly whom they prove, and until when. */
const createPlainTokens = (now: () => number): ChatServerOptions['tokens'] => ({
  lifetimeMs: tokenLifetimeMs,
  async issue({ id, name, tag = '' }: User) {
    const expiresAt = now() + tokenLifetimeMs;
    return { token: `token:${id}:${name}:${tag}:${expiresAt}`, expiresAt };
  },
  async verify(token) {
    const [kind, id, name, tag, expiresAt] = token.split(':');
    const isValid = kind === 'token' && now() < Number(expiresAt);
    return isValid && id && name ? { id, name, ...(tag && { tag }) } : undefined;
  },
});

export const intervalMs = 25_000;
export const timeoutMs = 10_000;
export const tokenLifetimeMs = 3_600_000;

/** Everything is told at once, with no rest and no limit: for tests of what is told, not of when. */
const atOnce = (): Partial<ChatServerOptions> => ({
  soon: (callback) => callback(),
  pace: createFlushPace({ minRestMs: 0, maxRestMs: 0 }),
  allowances: noAllowances,
});

export function createTestChat(
  log: MessageLog = createMemoryLog('epoch-1'),
  options: Partial<ChatServerOptions> = {},
): TestChat {
  const time = createManualTime();
  const errors: unknown[] = [];
  const tokens = createPlainTokens(time.now);
  let ids = 0;
  const server = createChatServer({
    log,
    tokens,
    people: createMemoryPeople({ time, keysOf: nameKeys }),
    time,
    random: () => 0,
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    heartbeat: { intervalMs, timeoutMs },
    onError: (error) => errors.push(error),
    stopwatch: time.now,
    streams: createLiveStreams,
    ...atOnce(),
    ...options,
  });

  function connect(address = '192.0.2.1'): TestClient {
    const received: ServerFrame[] = [];
    let closedWith: number | undefined;
    let isTerminated = false;
    let isPaused = false;
    let unreadBytes = 0;
    let writes = 0;
    let isCorked = false;
    function receive(texts: readonly string[]) {
      if (!isCorked) writes += 1;
      for (const text of texts) {
        for (const decoded of decodeServerMessage(text)) {
          if ('error' in decoded) throw new Error(`the server sent ${text}`);
          received.push(decoded.frame);
        }
      }
    }
    const handle: ClientHandle = server.accept({
      address,
      send: (text) => receive([text]),
      sendShared: ({ texts }) => receive(texts),
      cork() {
        isCorked = true;
      },
      uncork() {
        isCorked = false;
        writes += 1;
      },
      unreadBytes: () => unreadBytes,
      close(code) {
        closedWith = code;
      },
      terminate() {
        isTerminated = true;
        handle.closed(1006);
      },
      pause() {
        isPaused = true;
      },
      resume() {
        isPaused = false;
      },
      flushed: async () => {},
    });

    function all<T extends ServerFrame['t']>(type: T): ServerFrameOf<T>[] {
      const isOfType = (frame: ServerFrame): frame is ServerFrameOf<T> => frame.t === type;
      return received.filter(isOfType);
    }

    return {
      received,
      all,
      last(type) {
        const frame = all(type).at(-1);
        if (frame) return frame;
        const types = received.map(({ t }) => t).join(', ');
        return expect.fail(`no "${type}" came, but: ${types}`);
      },
      get closedWith() {
        return closedWith;
      },
      get isTerminated() {
        return isTerminated;
      },
      get isPaused() {
        return isPaused;
      },
      get writes() {
        return writes;
      },
      readsNothing(bytes) {
        unreadBytes = bytes;
      },
      clear() {
        received.splice(0);
        writes = 0;
      },
      send(...frames) {
        const [only] = frames;
        handle.receive(encode(frames.length === 1 && only ? only : frames));
      },
      sendRaw: (text) => handle.receive(text),
      sendBinary: (bytes = new Uint8Array(4)) => handle.receiveBinary(bytes),
      control: () => handle.receiveControl(),
      end: (code = 1006) => handle.closed(code),
    };
  }

  return {
    server,
    time,
    tokens,
    errors,
    connect,
    async enter(name, ...rooms) {
      const client = connect();
      const joins = rooms.map((room) => ({ t: 'join', room }) as const);
      client.send({ t: 'auth', name, resume: [] }, ...joins);
      await settle();
      return client;
    },
  };
}
