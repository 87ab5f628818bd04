/**
 * The chat's heart: everybody who is connected, and what is done with all of them at once. It knows
 * no `ws`, disk or browser, so the same heart beats in Node and in a page.
 */
import type { HeartbeatTiming } from '../../connection/heartbeat';
import type { Random, Time } from '../../connection/ports';
import { type CloseCode, closeCodes } from '../../protocol/closeCodes';
import type { ServerFrameOf } from '../../protocol/frames';
import type { MessageLog } from '../log/log';
import type { SearchIndex } from '../log/searchIndex';
import { ClientConnection } from './client/clientConnection';
import type { ClientLine } from './client/clientLine';
import type { ConnectionHost, OpenConnection } from './client/connectionHost';
import { type Drained, sendAway, untilAnswered } from './drain';
import type { Files } from './files/files';
import type { Gateway, GatewayHost } from './gateways/gateway';
import { type Allowances, createKeyedBuckets, defaultAllowances } from './limits/allowances';
import type { SharedAllowances, SharedAllowancesHost } from './limits/sharedAllowances';
import { type ChatObserver, silentObserver } from './observer';
import { createAdmission } from './people/admission';
import { createUsers } from './people/users';
import type { ClientHandle, ClientLink, LineFaults, People, TokenAuthority } from './ports';
import type { Door, DoorHost } from './programs';
import type { Push, PushHost } from './push/push';
import { partOf, type Window } from './returnWindow';
import { createFlushPace, type FlushPace } from './room/flushPace';
import { createPages } from './room/pages';
import { createPosting } from './room/posting';
import { createReadMarkKeeper } from './room/readMarks';
import type { RoomHead } from './room/room';
import { createRooms } from './room/rooms';
import { createUnsharedRooms } from './room/sharedRooms';
import { createWatches } from './room/watches';
import type { LiveStreams, LiveStreamsOptions } from './streams/liveStreams';

export interface ChatServerOptions {
  log: MessageLog;
  /** Finds what is in the log. Without it the log is looked through. */
  search?: SearchIndex;
  tokens: TokenAuthority;
  /** What is known of people. */
  people: People;
  /** `now()` is ms since 1970: it dates the messages. */
  time: Time;
  random: Random;
  /** Makes ids that no other call makes, here or elsewhere: for guests. */
  newId(): string;
  /** The same, many in a second: for messages. */
  newMessageId?(): string;
  heartbeat: HeartbeatTiming;
  /** What a client may take to send `auth`, in ms. */
  authTimeoutMs?: number;
  /** Told of what should not have happened. Nothing but the client concerned was disturbed. */
  onError(error: unknown): void;
  /** How long a user whose line broke is still taken to be there, in ms. */
  presenceGraceMs?: number;
  /** How much everybody may do. */
  allowances?: Allowances;
  /** When what is new is told to all. */
  pace?: FlushPace;
  /** Calls back once all that has come is taken; what is sent until then leaves together. */
  soon?(callback: () => void): void;
  /** A clock for what is short, in ms. */
  stopwatch?(): number;
  /** Who counts what happens. */
  observer?: ChatObserver;
  /** Shares the chat with other gateways. Without it there are none. */
  gateway?(host: GatewayHost): Gateway;
  /** Limits users and addresses at all gateways together. Without it each gateway does so alone. */
  sharedAllowances?(host: SharedAllowancesHost): SharedAllowances;
  /** Takes files. Without it none may be sent. */
  files?: Files;
  /** Shows what is written before all eyes. */
  streams(options: LiveStreamsOptions): LiveStreams;
  /** Tells who is away. Without it nobody is. */
  push?(host: PushHost): Push;
}

/** What the log may take to answer when the server's health is asked for, in ms. */
const logAnswerTimeoutMs = 2_000;

/** What pushes that are on their way may take to end at a restart, in ms. */
const pushTimeoutMs = 1_500;

export type Health = 'ok' | 'draining' | 'log away';

/** How much there is at this moment. */
export interface ChatCounts {
  readonly connections: number;
  readonly rooms: number;
  readonly users: number;
  /** What was sent and has not left, in bytes, all lines together. */
  readonly unreadBytes: number;
}

export interface ChatServer extends LineFaults {
  /** Takes a new line: says hello on it at once. */
  accept(link: ClientLink): ClientHandle;
  /** Makes a door for those who have no line. A drain waits for what came through it. */
  open<Made extends Door>(makeDoor: (host: DoorHost) => Made): Made;
  counts(): ChatCounts;
  /** Whether messages can be taken now. */
  health(): Promise<Health>;
  /**
   * Sends everybody away for a restart, to come back spread over `windowMs`, each in a part of its own.
   * Reads nothing more, and resolves when every message that had come is answered, or after
   * `answerTimeoutMs`. Whoever connects from now on is sent away too.
   */
  drain(windowMs: Window, answerTimeoutMs?: number): Promise<Drained>;
  /** The same for good, and with another reason: nobody is asked to come back here. */
  end(why: CloseCode, answerTimeoutMs?: number): Promise<Drained>;
}

export function createChatServer(options: ChatServerOptions): ChatServer {
  const { time, random, tokens, newId, heartbeat, files } = options;
  const { authTimeoutMs = 10_000, presenceGraceMs = 10_000 } = options;
  const { allowances = defaultAllowances, observer = silentObserver } = options;
  const { soon = queueMicrotask, stopwatch = () => performance.now() } = options;
  const { pace = createFlushPace(), newMessageId = newId } = options;
  const { people, onError } = options;
  const log = files?.hold(options.log, onError) ?? options.log;
  const graceMs = presenceGraceMs;
  const users = createUsers();
  const gateway = options.gateway?.({
    log,
    users,
    revocations: people.revocations,
    time,
    random,
    graceMs,
    here: () => ({ tell, setHead, rooms, streams, watches, push }),
    signedOutElsewhere: signedOut,
    onError,
  });
  const sharedAllowances = options.sharedAllowances?.({ allowances, users, time, onError });
  const shared = gateway?.rooms ?? createUnsharedRooms({ tell, setHead });
  const streams: LiveStreams = options.streams({
    ...{ time, graceMs, newMessageId, onError },
    hasLine: (userId) => users.connectionsOf(userId).length > 0,
    isElsewhere,
    changed: (room) => rooms.tellPieces(room),
    tellEnd: (end) => rooms.tellStreamEnd(end),
    open: shared.open,
    close: shared.close,
    gateways: gateway && { tell: shared.written, ask: shared.askWritten },
    append: (draft) => log.append(draft),
    appended: (draft, appended) => posting.tell(draft, appended),
  });
  const rooms = createRooms({ time, pace, soon, stopwatch, observer, graceMs, shared, streams });
  const { marks } = people;
  const watches = createWatches({ log, marks, time, shared, onError });

  const push = options.push?.({
    time,
    random,
    graceMs,
    unnoticedMs: heartbeat.intervalMs + heartbeat.timeoutMs,
    hasConnection: (userId) => users.connectionsOf(userId).length > 0,
    isElsewhere,
    onError,
  });
  const posting = createPosting({ time, stopwatch, newMessageId, shared, streams, observer, push });
  const clients = new Set<OpenConnection>();
  /** Lines on which something was sent in this turn. */
  let toFlush: ClientLine[] = [];
  let drainWindowMs: Window | undefined;
  /** Why everybody is sent away for good. */
  let endsWith: CloseCode | undefined;

  const host: ConnectionHost = {
    log,
    search: options.search,
    files,
    rooms,
    watches,
    streams,
    shared,
    readMarks: createReadMarkKeeper({ log, marks, rooms, watches, shared, onError }),
    users,
    gateway,
    push,
    admission: createAdmission({ tokens, people, time, newId, onError }),
    time,
    random,
    observer,
    heartbeat,
    allowances,
    userBuckets: sharedAllowances?.users ?? createKeyedBuckets(allowances.user, time),
    addressBuckets: sharedAllowances?.addresses ?? createKeyedBuckets(allowances.address, time),
    pieceBuckets: createKeyedBuckets(allowances.pieces, time),
    sharedAllowances,
    authTimeoutMs,
    pages: createPages(log, shared.ready),
    posting,
    stopwatch,
    flushSoon(line) {
      toFlush.push(line);
      if (toFlush.length === 1) soon(flushLines);
    },
    signedOut,
    failed: onError,
    ended: (client) => clients.delete(client),
  };

  const isEnding = () => drainWindowMs !== undefined || endsWith !== undefined;
  const doors: Door[] = [];

  async function isElsewhere(userId: string): Promise<boolean> {
    return (await gateway?.isElsewhere(userId)) ?? false;
  }

  function tell(message: ServerFrameOf<'msg'>) {
    streams.sent(message.from.id, message.id);
    rooms.tell(message);
    watches.changed(message.room);
    options.search?.logGrew();
  }

  function setHead(room: string, head: RoomHead) {
    rooms.setHead(room, head);
  }

  function signedOut(userId: string) {
    push?.forget(userId);
    for (const each of users.connectionsOf(userId)) each.close(closeCodes.signedOut);
    for (const door of doors) door.signedOut(userId);
  }

  function flushLines() {
    const lines = toFlush;
    toFlush = [];
    for (const line of lines) line.flush();
  }

  function logAnswers(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = time.after(logAnswerTimeoutMs, () => resolve(false));
      log
        .check()
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(cancel);
    });
  }

  async function empty(
    answerTimeoutMs: number | undefined,
    leave: (client: OpenConnection, index: number, count: number) => void,
  ) {
    const waited = [...clients];
    const unanswered = await untilAnswered(waited, doors, streams.end, time, answerTimeoutMs);
    rooms.flush();
    const all = [...clients];
    for (const [index, client] of all.entries()) leave(client, index, all.length);
    streams.clear();
    rooms.clear();
    watches.clear();
    gateway?.clear();
    host.userBuckets.clear();
    host.addressBuckets.clear();
    host.pieceBuckets.clear();
    sharedAllowances?.clear();
    await push?.stop(pushTimeoutMs);
    return { connections: all.length, unanswered };
  }

  return {
    open(makeDoor) {
      const door = makeDoor({ ...host, isEnding });
      doors.push(door);
      return door;
    },

    accept(link) {
      const client = new ClientConnection(host, link);
      clients.add(client);
      observer.opened();
      if (endsWith) client.close(endsWith);
      if (drainWindowMs) sendAway(client, partOf(drainWindowMs, 0, 1));
      return client;
    },

    hangUp(userId) {
      for (const each of users.connectionsOf(userId)) each.close(closeCodes.hungUp);
    },

    fallSilent(userId) {
      for (const each of users.connectionsOf(userId)) each.fallSilent();
    },

    counts() {
      let unreadBytes = 0;
      for (const client of clients) unreadBytes += client.unreadBytes();
      return { connections: clients.size, rooms: rooms.size, users: users.size, unreadBytes };
    },

    async health() {
      if (isEnding()) return 'draining';
      return (await logAnswers()) ? 'ok' : 'log away';
    },

    drain(windowMs, answerTimeoutMs) {
      drainWindowMs = windowMs;
      return empty(answerTimeoutMs, (client, index, count) =>
        sendAway(client, partOf(windowMs, index, count)),
      );
    },

    end(why, answerTimeoutMs) {
      endsWith = why;
      return empty(answerTimeoutMs, (client) => client.close(why));
    },
  };
}
