/**
 * A chat session with everything around it in a test's hands: time, the network, what is stored, and
 * the server's side of the conversation.
 */
import { chatHeartbeat } from '../chat/chatHeartbeat';
import { createChatSession } from '../chat/chatSession';
import { tellFarewell } from '../chat/farewellLine';
import { createFarewells } from '../chat/farewells';
import type { PageStorage } from '../chat/keptPages';
import type { KeptRoom, News } from '../chat/knownRooms';
import { createLiveRows } from '../chat/liveRows';
import { createSoloShare, type OutboxShare, type StoredEntry } from '../chat/outboxEntry';
import { createPushRooms, type PushPorts } from '../chat/pushRooms';
import { createRoomSearch } from '../chat/roomSearch';
import { silentListener } from '../chat/silentListener';
import type {
  Beat,
  ChatListener,
  ChatMessage,
  ChatNotice,
  KnownRoom,
  OutboxCounts,
  PushState,
  ReadMark,
  SearchState,
  User,
} from '../chat/types';
import { createConnection } from '../connection/connection';
import { decodeClientMessage, encode } from '../protocol/codec';
import type { ClientFrame, ServerFrame } from '../protocol/frames';
import type { LoggedMessage } from '../protocol/message';
import { createFakeNetwork, type FakeSocket } from './fakeSocket';
import { createManualTime } from './manualTime';
import { createMemoryKnownRooms } from './memoryKnownRooms';
import { createMemoryNotes } from './memoryNotes';
import { createMemoryTokens } from './memoryTokens';
import { createMemoryOutbox } from './outboxFakes';
import { settle } from './settle';

export const ann: User = { id: 'u1', name: 'Ann' };
export const bob: User = { id: 'u2', name: 'Bob' };
/** Message `seq` of the log. */
export const logged = (seq: number, from = bob, id = `c${seq}`): LoggedMessage => ({
  seq,
  mid: `m${seq}`,
  id,
  from,
  body: `number ${seq}`,
  at: seq,
});

export interface ChatWorldOptions {
  token?: string;
  kept?: StoredEntry[];
  room?: string;
  roomKey?: string;
  /** Tokens that were signed out while the server could not be reached. */
  signedOut?: string[];
  /** Hears every list of messages that the session tells. */
  onMessages?: ChatListener['messages'];
  push?: PushPorts;
  /** The ends of rooms, as earlier visits kept them. */
  pages?: PageStorage;
  /** What it has in common with the user's other pages; nothing, if not given. */
  share?: OutboxShare;
  /** Rooms that were opened before. */
  knownRooms?: KeptRoom[];
}

export function createChatWorld(options: ChatWorldOptions = {}) {
  const { token, kept = [], room = 'lobby', roomKey, signedOut = [], onMessages, push } = options;
  const time = createManualTime();
  const network = createFakeNetwork();
  const farewellNetwork = createFakeNetwork();
  const serverUrl = 'ws://chat.example/ws';
  const connection = createConnection({
    address: serverUrl,
    handshake: 'manual',
    heartbeat: chatHeartbeat,
    time,
    random: () => 0,
    openSocket: network.open,
  });
  const outbox = createMemoryOutbox(kept);
  const knownRooms = createMemoryKnownRooms(options.knownRooms);
  const tokens = createMemoryTokens(token);
  let ids = 0;
  const farewells = createFarewells({
    serverUrl,
    notes: createMemoryNotes(),
    newId: () => `farewell${signedOut.length}`,
    time,
    tell: (token) => tellFarewell(token, { serverUrl, time, openSocket: farewellNetwork.open }),
  });
  for (const each of signedOut) farewells.note(each);
  const session = createChatSession({
    connection,
    room,
    roomKey,
    name: 'Ann',
    tokens,
    farewells,
    outboxStorage: outbox.storage,
    share: options.share ?? createSoloShare('page'),
    knownRooms: knownRooms.openPage(),
    pages: options.pages,
    newId: () => `id${++ids}`,
    time,
    createPush: push && ((events) => createPushRooms(push, events)),
    createSearch: createRoomSearch,
    createLiveRows,
    onNews: (news) => void shown.news.push(news),
  });
  const shown = {
    messages: [] as readonly ChatMessage[],
    members: [] as readonly User[],
    writing: [] as readonly User[],
    hasOlder: false,
    status: '',
    beats: [] as Beat[],
    notices: [] as ChatNotice[],
    push: [] as PushState[],
    me: undefined as User | undefined,
    isSignedOut: false,
    room,
    asOf: undefined as number | undefined,
    isLoaded: false,
    isUnreadable: false,
    rooms: [] as readonly KnownRoom[],
    reads: [] as readonly ReadMark[],
    readBefore: [] as (number | undefined)[],
    news: [] as News[],
    search: undefined as SearchState | undefined,
    outbox: { waiting: 0, failed: 0 } as OutboxCounts,
  };
  const stop = session.start({
    ...silentListener,
    connection: ({ status }) => Object.assign(shown, { status }),
    me: (me) => Object.assign(shown, { me }),
    messages(messages) {
      shown.messages = messages;
      onMessages?.(messages);
    },
    hasOlder: (hasOlder) => Object.assign(shown, { hasOlder }),
    members: (members) => Object.assign(shown, { members }),
    writing: (writing) => Object.assign(shown, { writing }),
    beat: (beat) => void shown.beats.push(beat),
    push: (state) => void shown.push.push(state),
    notice: (notice) => void shown.notices.push(notice),
    signedOut: () => Object.assign(shown, { isSignedOut: true }),
    // As the store has it: what was told of another room is void.
    room: (next) =>
      Object.assign(shown, {
        room: next,
        messages: [],
        members: [],
        writing: [],
        reads: [],
        hasOlder: false,
        isLoaded: false,
      }),
    asOf: (asOf) => Object.assign(shown, { asOf }),
    loaded: () => Object.assign(shown, { isLoaded: true }),
    unreadable: (isUnreadable) => Object.assign(shown, { isUnreadable }),
    rooms: (rooms) => Object.assign(shown, { rooms }),
    reads: (reads) => Object.assign(shown, { reads }),
    readBefore: (seq) => void shown.readBefore.push(seq),
    search: (search) => Object.assign(shown, { search }),
    outbox: (outbox) => Object.assign(shown, { outbox }),
  });

  const serverSends = (...frames: ServerFrame[]) => network.latest.deliver(encode(frames));
  const sentOn = (socket: FakeSocket): ClientFrame[] =>
    socket.sent.flatMap((data) =>
      decodeClientMessage(String(data)).flatMap((each) => ('frame' in each ? [each.frame] : [])),
    );
  /** What the page has sent on the latest socket, from the beginning. */
  const sent = () => sentOn(network.latest);
  const sentOf = (type: ClientFrame['t']) => sent().filter(({ t }) => t === type);
  const page = (messages: LoggedMessage[], more = false, epoch = 'e1', of = room): ServerFrame => ({
    t: 'sync',
    room: of,
    epoch,
    head: messages.at(-1)?.seq ?? 0,
    messages,
    more,
  });
  const greet = (socket: FakeSocket) => {
    socket.accept();
    const hello: ServerFrame = {
      t: 'hello',
      v: 1,
      heartbeat: { intervalMs: 20_000, timeoutMs: 5_000 },
      limits: { frameBytes: 65_536, bodyLength: 10_000, nameLength: 40 },
    };
    socket.deliver(encode(hello));
  };
  const sayHello = () => greet(network.latest);
  /** The server answers the latest sign-out that it is told of; returns what was said. */
  const hearFarewell = async () => {
    const socket = farewellNetwork.latest;
    greet(socket);
    socket.end(4504, 'signed out', true);
    await settle();
    return sentOn(socket);
  };
  const sayReady = () => serverSends({ t: 'ready', user: ann, token: 'token 2', rooms: [] });
  /** Connects, up to and including the first page. */
  const connect = (...messages: LoggedMessage[]) => {
    connection.open();
    sayHello();
    sayReady();
    serverSends(page(messages));
  };
  const bodies = () => shown.messages.map(({ body, state }) => `${body} (${state})`);
  return {
    time,
    network,
    connection,
    session,
    shown,
    stop,
    knownRooms,
    farewells,
    farewellNetwork,
    hearFarewell,
    serverSends,
    sent,
    sentOf,
    page,
    sayHello,
    sayReady,
    connect,
    bodies,
    rows: outbox.rows,
    token: tokens.get,
    setToken: tokens.set,
    clearToken: tokens.clear,
  };
}
