/**
 * The whole chat in one process on one clock: pages (connection, session, outbox, timeline), the
 * server's heart and its log, and a network between them that fails on command. Everything that is
 * left to chance comes from one seed.
 */

import { createChatSession } from '../../chat/chatSession';
import { createLiveRows } from '../../chat/liveRows';
import { createRoomSearch } from '../../chat/roomSearch';
import { silentListener } from '../../chat/silentListener';
import { createStreamWriter, type StreamWriter } from '../../chat/streamWriter';
import type { ChatMessage, ConnectionStatus } from '../../chat/types';
import { createAdaptiveInterval } from '../../connection/adaptiveInterval';
import { createConnection } from '../../connection/connection';
import type { Connection } from '../../connection/contract';
import type { Cancel, Random, Time } from '../../connection/ports';
import { createLab } from '../../lab/lab';
import type { LabActions } from '../../lab/types';
import { encode } from '../../protocol/codec';
import type { LoggedMessage } from '../../protocol/message';
import type { User } from '../../protocol/user';
import { createChatServer } from '../../server/chat/chatServer';
import { noAllowances } from '../../server/chat/limits/allowances';
import { createMemoryPeople } from '../../server/chat/people/memoryPeople';
import { nameKeys } from '../../server/chat/people/nameKeys';
import { createLiveStreams } from '../../server/chat/streams/liveStreams';
import { LogUnavailableError, type MessageLog } from '../../server/log/log';
import { createMemoryLog } from '../../server/log/memoryLog';
import { createManualTime } from '../../testing/manualTime';
import { createMemoryKnownRooms } from '../../testing/memoryKnownRooms';
import { createMemoryTokens } from '../../testing/memoryTokens';
import { noFarewells } from '../../testing/noFarewells';
import { createMemoryOutbox } from '../../testing/outboxFakes';
import { passTime } from '../../testing/passTime';
import { createSeededRandom } from '../../testing/seededRandom';
import { createModelNetwork, type ModelLine } from './modelNetwork';

export const rooms = ['lobby', 'kitchen'] as const;
export type RoomName = (typeof rooms)[number];
/** How much of a stream is written at a time, in UTF-16 code units. */
const streamStep = 7;

/** By how much a page's timer may be late, in ms. */
const maxTimerDelayMs = 20;

const heartbeat = { intervalMs: 25_000, timeoutMs: 10_000 };

/** A message that was begun before everybody's eyes. */
export interface ModelStream {
  readonly id: string;
  readonly room: RoomName;
  readonly text: string;
  /** It was handed over whole, and so is among what was written. */
  readonly isEnded: boolean;
}

/** One person's browser. What it has stored outlives its page. */
export interface ModelPage {
  write(): void;
  /** Begins a message before everybody's eyes. */
  beginStream(): void;
  /** Goes on with the one that was begun first, ends it, or breaks it off. It dies with the page. */
  growStream(): void;
  endStream(): void;
  cutStream(): void;
  readonly streams: readonly ModelStream[];
  /** The page goes, with its line, and comes back with what was stored. */
  reload(): void;
  /** Opens another room, on the same line. */
  goTo(room: RoomName): void;
  disconnect(): void;
  reconnect(): void;
  /** The page stands still: no timer fires, nothing arrives, until `thaw`. */
  freeze(): void;
  thaw(): void;
  wake(): void;
  networkGone(): void;
  /** The page is hidden for long, until `wake`. */
  putAside(): void;
  /** What is done to the page's line on purpose, in the page itself. */
  readonly lab: LabActions;
  /** The line that is now in use, if any. */
  readonly line: ModelLine | undefined;
  readonly status: ConnectionStatus;
  readonly room: RoomName;
  readonly messages: readonly ChatMessage[];
  /** Timers that the page has armed. */
  readonly armedTimers: number;
  /** Every text that was written here, and where. */
  readonly written: readonly { room: RoomName; text: string }[];
  /** Ids that were once shown as sent. */
  readonly shownAsSent: ReadonlySet<string>;
  /** Sockets opened although the person had closed the connection. */
  readonly uninvitedSockets: number;
}

export interface ModelWorld {
  readonly pages: readonly ModelPage[];
  crashServer(): void;
  startServer(): void;
  /** The server crashes, and comes back with a log that lacks its last messages. */
  loseTail(messages: number, how: 'same log' | 'another log'): Promise<void>;
  setNetworkRefuses(refuses: boolean): void;
  /** Lets time pass, with everything that happens in it. */
  pass(ms: number): Promise<void>;
  /** A room as the log has it. */
  logged(room: RoomName): Promise<readonly LoggedMessage[]>;
  /** Messages that the log could not take when they came, and that went again. */
  readonly postponed: number;
  /** What failed inside the server. */
  readonly errors: readonly unknown[];
}

export function createModelWorld(seed: number, pageCount: number): ModelWorld {
  const time = createManualTime();
  const random = createSeededRandom(seed);
  let epochs = 1;
  let stored = createMemoryLog('e1');
  const errors: unknown[] = [];
  let ids = 0;
  // Zero-padded: ids sort as text in the order of their making.
  const newId = () => `id${String(++ids).padStart(8, '0')}`;
  let server: ReturnType<typeof startServerProcess> | undefined;
  let refuses = false;
  let postponed = 0;
  const lines = new Set<ModelLine>();

  function startServerProcess() {
    const serverTime = createScopedTime(time);
    const log = createSlowLog(stored, serverTime, random, () => {
      postponed += 1;
    });
    const chat = createChatServer({
      log,
      tokens,
      people: createMemoryPeople({ time: serverTime, keysOf: nameKeys }),
      time: serverTime,
      random,
      newId,
      heartbeat,
      stopwatch: serverTime.now,
      // All pages are behind one address, and write far faster than people.
      allowances: noAllowances,
      streams: createLiveStreams,
      onError: (error) => errors.push(error),
    });
    return { chat, serverTime };
  }

  const networkOf = createModelNetwork({
    time,
    random,
    accept: () => (refuses ? undefined : server?.chat.accept),
  });

  /** Who somebody is, in one browser: what its pages share. */
  function createUser(name: string) {
    return {
      name,
      outbox: createMemoryOutbox(),
      knownRooms: createMemoryKnownRooms(),
      tokens: createMemoryTokens(),
    };
  }

  function createPage(user: ReturnType<typeof createUser>, label: string): ModelPage {
    const { name, outbox } = user;
    const written: { room: RoomName; text: string }[] = [];
    let room: RoomName = 'lobby';
    const shownAsSent = new Set<string>();
    const streams: ModelStream[] = [];
    let uninvitedSockets = 0;
    let isClosedByPerson = false;
    let page = openPage();

    function openPage() {
      // Timers of a busy page come late, and so not in the order in which they were due.
      const pageTime = createScopedTime(time, () => Math.floor(random() * maxTimerDelayMs));
      const share = outbox.openPage(newId(), pageTime.run);
      let line: ModelLine | undefined;
      let messages: readonly ChatMessage[] = [];
      const openSocket = networkOf(pageTime.run, (opened) => {
        line = opened;
        lines.add(opened);
      });
      const lab = createLab({
        time: pageTime,
        isOnline: () => true,
        pageUrl: () => 'https://model/',
        random,
      });
      const connection: Connection = createConnection({
        address: 'ws://model/',
        handshake: 'manual',
        heartbeat: {
          ...heartbeat,
          ping: (n) => encode({ t: 'ping', n }),
          isPong: () => false,
          adaptive: createAdaptiveInterval(undefined, pageTime.now),
          isAdaptive: false,
        },
        time: lab.time,
        isOnline: lab.isOnline,
        random,
        openSocket: lab.wrap((url, protocols) => {
          if (isClosedByPerson) uninvitedSockets += 1;
          return openSocket(url, protocols);
        }),
      });
      lab.watch(connection);
      const session = createChatSession({
        createSearch: createRoomSearch,
        createLiveRows,
        connection,
        room,
        name,
        tokens: user.tokens,
        farewells: noFarewells,
        knownRooms: user.knownRooms.openPage(),
        outboxStorage: outbox.storage,
        share,
        newId,
        time: lab.time,
        random,
      });
      const stop = session.start({
        ...silentListener,
        room() {
          messages = [];
        },
        messages(next) {
          messages = next;
          for (const { id, mine, state } of next) if (mine && state === 'sent') shownAsSent.add(id);
        },
      });
      const writers: { writer: StreamWriter; index: number }[] = [];
      if (isClosedByPerson) connection.close();
      else connection.open();
      return {
        stop,
        lab,
        connection,
        session,
        writers,
        streamTime: lab.time,
        pageTime,
        share,
        line: () => line,
        messages: () => messages,
      };
    }

    return {
      write() {
        const text = `${label} ${written.length}`;
        written.push({ room, text });
        page.session.actions.send(text);
      },
      beginStream() {
        const id = newId();
        const text = `${label} says ${streams.length}: ${'and so on '.repeat(4)}`;
        const { session, writers, streamTime } = page;
        const writer = createStreamWriter({ line: session.streams, id, room, time: streamTime });
        writers.push({ writer, index: streams.push({ id, room, text, isEnded: false }) - 1 });
        writer.write(text.slice(0, streamStep));
      },
      growStream() {
        const [open] = page.writers;
        const text = open && streams[open.index]?.text;
        const at = open?.writer.text.length ?? 0;
        open?.writer.write(text?.slice(at, at + streamStep) ?? '');
      },
      endStream() {
        const open = page.writers.shift();
        const stream = open && streams[open.index];
        if (!open || !stream) return;
        open.writer.write(stream.text.slice(open.writer.text.length));
        // What becomes of it is seen in the log.
        open.writer.end().catch((error) => errors.push(error));
        streams[open.index] = { ...stream, isEnded: true };
        written.push({ room: stream.room, text: stream.text });
      },
      cutStream: () => page.writers.shift()?.writer.cut(),
      streams,
      reload() {
        page.pageTime.end();
        page.line()?.pageDied();
        page.share.die();
        isClosedByPerson = false;
        page = openPage();
      },
      goTo(next) {
        if (next === room) return;
        room = next;
        page.session.actions.openRoom(next, undefined);
      },
      disconnect() {
        page.session.actions.disconnect();
        isClosedByPerson = true;
      },
      reconnect() {
        isClosedByPerson = false;
        page.session.actions.reconnect();
      },
      freeze: () => page.pageTime.freeze(),
      thaw: () => page.pageTime.thaw(),
      wake: () => page.pageTime.run(page.connection.wake),
      networkGone: () => page.pageTime.run(page.connection.networkGone),
      putAside: () => page.pageTime.run(page.connection.suspend),
      get lab() {
        return page.lab.actions;
      },
      get line() {
        return page.line();
      },
      get status() {
        return page.connection.getState().status;
      },
      get room() {
        return room;
      },
      get messages() {
        return page.messages();
      },
      get armedTimers() {
        return page.pageTime.armed;
      },
      get uninvitedSockets() {
        return uninvitedSockets;
      },
      written,
      shownAsSent,
    };
  }

  server = startServerProcess();
  // The first two pages are tabs of one browser.
  const users = Array.from({ length: pageCount - 1 }, (_, index) => createUser(`person${index}`));
  const pages = users.flatMap((user, index) =>
    index === 0
      ? [createPage(user, 'first tab'), createPage(user, 'second tab')]
      : [createPage(user, user.name)],
  );

  function crashServer() {
    server?.serverTime.end();
    server = undefined;
    for (const line of lines) line.serverDied();
    lines.clear();
  }

  async function logged(room: string) {
    const { messages } = await stored.after(room, 0, { messages: Infinity, length: Infinity });
    return messages;
  }

  return {
    pages,
    errors,
    get postponed() {
      return postponed;
    },
    crashServer,
    startServer() {
      server ??= startServerProcess();
    },
    async loseTail(count, how) {
      crashServer();
      const kept = await Promise.all(
        rooms.map(async (room) =>
          (await logged(room))
            .slice(0, -count)
            .map(({ mid, id, from, body, at }) => ({ room, mid, id, from, body, at })),
        ),
      );
      if (how === 'another log') epochs += 1;
      stored = createMemoryLog(`e${epochs}`);
      for (const message of kept.flat()) await stored.append(message);
      server = startServerProcess();
    },
    setNetworkRefuses(next) {
      refuses = next;
    },
    pass: (ms) => passTime(time, ms),
    logged,
  };
}

const tokens = {
  lifetimeMs: 31_536_000_000,
  issue: async ({ id, name }: User) => ({
    token: `${id}.${name}`,
    expiresAt: Number.MAX_SAFE_INTEGER,
  }),
  async verify(token: string): Promise<User | undefined> {
    const [id, name] = token.split('.');
    return id && name ? { id, name } : undefined;
  },
};

/** A log that takes its time: a crash may come before the commit, or between commit and ack. */
function createSlowLog(
  stored: MessageLog,
  time: ScopedTime,
  random: Random,
  onFull: () => void,
): MessageLog {
  const wait = (maxMs: number) =>
    new Promise<void>((resolve) => void time.after(Math.floor(random() * maxMs), resolve));
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...stored,
    append(draft) {
      const appended = last.then(async () => {
        await wait(8);
        if (random() < 0.02) {
          onFull();
          throw new LogUnavailableError('the disk is full');
        }
        const answer = await stored.append(draft);
        await wait(8);
        return answer;
      });
      last = appended.catch(() => {});
      return appended;
    },
    async after(...args) {
      await wait(8);
      return stored.after(...args);
    },
    async before(...args) {
      await wait(8);
      return stored.before(...args);
    },
  };
}

/** The time of one process: it can stand still, and end with everything that was to come. */
interface ScopedTime extends Time {
  /** Runs an event of this process: now, after the thaw, or never if it has ended. */
  run(event: () => void): void;
  freeze(): void;
  thaw(): void;
  end(): void;
  readonly armed: number;
}

/** `late` says by how many ms a timer is late. */
function createScopedTime(time: Time, late = () => 0): ScopedTime {
  const timers = new Set<Cancel>();
  let held: (() => void)[] = [];
  let isFrozen = false;
  let hasEnded = false;

  function run(event: () => void) {
    if (hasEnded) return;
    if (isFrozen) held.push(event);
    else event();
  }

  return {
    now: time.now,
    after(delayMs, callback) {
      if (hasEnded) return () => {};
      let isCancelled = false;
      const cancel = time.after(delayMs + late(), () =>
        run(() => {
          if (isCancelled) return;
          timers.delete(forget);
          callback();
        }),
      );
      const forget = () => {
        isCancelled = true;
        timers.delete(forget);
        cancel();
      };
      timers.add(forget);
      return forget;
    },
    run,
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      const waiting = held;
      held = [];
      for (const event of waiting) run(event);
    },
    end() {
      hasEnded = true;
      for (const cancel of [...timers]) cancel();
    },
    get armed() {
      return timers.size;
    },
  };
}
