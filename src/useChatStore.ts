/**
 * Where the layers meet: the hook's connection carries a session, and the session feeds a store.
 */
import { useEffect, useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { useStore } from 'zustand';
import { createTextStorage } from './browserStorage';
import { defaultTiming } from './chat/chatHeartbeat';
import { createChatSession } from './chat/chatSession';
import { createFarewells } from './chat/farewells';
import type { News } from './chat/knownRooms';
import { createLateLiveRows } from './chat/lateLiveRows';
import { createLatePush } from './chat/latePush';
import { createLateSearch } from './chat/lateSearch';
import { loadParts } from './chat/loadParts';
import { createOutboxShare } from './chat/outboxShare';
import { createOutboxStorage } from './chat/outboxStorage';
import { createPageStorage } from './chat/pageStorage';
import type { createPlainHeartbeat, createPlainSession } from './chat/plainSession';
import type { ChatActions } from './chat/types';
import { createUploadNote } from './chat/uploadNote';
import { createAdaptiveInterval } from './connection/adaptiveInterval';
import type { Connection } from './connection/contract';
import type { OpenSocket } from './connection/ports';
import type { Diagnosis, ReachabilityOptions } from './connection/reachability';
import { type UseWebSocketOptions, useWebSocket } from './connection/useWebSocket';
import { createLimitMemory } from './heartbeatLimit';
import { createKnownRoomsStorage } from './knownRoomsStorage';
import type { Lab } from './lab/lab';
import { encode } from './protocol/codec';
import { subprotocol } from './protocol/frames';
import { type ChatTarget, healthUrl, isLocalServer } from './settings';
import { type ChatStore, createChatStore, listenerOf } from './store/chatStore';
import { useSetting } from './storedSettings';

/** What talks to servers that know nothing of this chat. */
export interface PlainModule {
  createPlainHeartbeat: typeof createPlainHeartbeat;
  createPlainSession: typeof createPlainSession;
}

/** What the line of a page is made of. */
export interface Line {
  readonly lab: Lab;
  /** Opens sockets to the target's server. */
  readonly openSocket: OpenSocket;
}

/** Whether a person has closed the line: remembered beyond one session. */
export interface PersonsWish {
  isClosed: boolean;
}

/**
 * A store that is fed while the component is mounted. In chat mode another room is opened on the same line;
 * for another server, mode or name, mount another. Plain mode needs `plain`, which is loaded for it.
 */
export function useChatStore(
  target: ChatTarget,
  name: string,
  wish: PersonsWish,
  line: Line,
  onNews?: (news: News) => void,
  plain?: PlainModule,
): ChatStore {
  const { lab } = line;
  const [startsClosed] = useState(wish.isClosed);
  const [background] = useSetting('background');
  const connection = useWebSocket(target.serverUrl, {
    ...socketOptions(target, line, plain),
    closeWhenHiddenMs: background === 'close' ? closeWhenHiddenMs : undefined,
    startsClosed,
  });
  const [{ session, store }] = useState(() => {
    const session = createSession(target, name, connection, line, onNews, plain);
    const { mode, room, roomKey } = target;
    const actions = rememberingWish(session.actions, wish);
    const isPrivate = roomKey !== undefined;
    return { session, store: createChatStore({ mode, room, isPrivate, name, actions }) };
  });
  useEffect(() => lab.watch(connection), [lab, connection]);
  useEffect(() => session.start(listenerOf(store)), [session, store]);
  const isOpen = useStore(store, (state) => state.connection.status === 'open');
  useEffect(() => {
    // One searches without a line, too, and is then told what stands in its way.
    if (isOpen) loadSearch().catch(() => {});
  }, [isOpen]);
  const { room, roomKey } = target;
  useEffect(() => session.actions.openRoom(room, roomKey), [session, room, roomKey]);
  return store;
}

function rememberingWish(actions: ChatActions, wish: PersonsWish): ChatActions {
  return {
    ...actions,
    disconnect() {
      wish.isClosed = true;
      actions.disconnect();
    },
    reconnect() {
      wish.isClosed = false;
      actions.reconnect();
    },
  };
}

/** A page that is hidden for so long is put aside, where that is wanted. */
const closeWhenHiddenMs = 300_000;

function socketOptions(
  target: ChatTarget,
  { lab, openSocket }: Line,
  plain: PlainModule | undefined,
): UseWebSocketOptions {
  return {
    time: lab.time,
    openSocket: lab.wrap(openSocket),
    ...(isLocalServer(target.serverUrl)
      ? { isOnline: () => lab.isOnline(false) }
      : farServerOptions(target, lab)),
    ...(plain ? plainOptions(target, lab, plain) : chatOptions(target, lab)),
  };
}

/** What only concerns a server that is reached over a network. */
function farServerOptions({ serverUrl }: ChatTarget, { isOnline }: Lab): UseWebSocketOptions {
  return {
    isOnline: () => isOnline(),
    diagnose: () =>
      diagnose({
        url: healthUrl(serverUrl),
        elsewhere: isElsewhere(serverUrl) ? location.href : undefined,
        isOnline: () => isOnline(),
      }),
  };
}

function isElsewhere(serverUrl: string): boolean {
  return new URL(serverUrl).host !== location.host;
}

function adaptiveOf({ isAdaptive, serverUrl }: ChatTarget, { time }: Lab) {
  const memory = createLimitMemory(createTextStorage('localStorage'), serverUrl);
  return { adaptive: createAdaptiveInterval(memory, time.now), isAdaptive };
}

function chatOptions(target: ChatTarget, lab: Lab): UseWebSocketOptions {
  /** The server has been told of the interval: then it has to hear of the next one, too. */
  let tellsInterval = target.isAdaptive;
  return {
    protocols: [subprotocol],
    handshake: 'manual',
    heartbeat: {
      ...defaultTiming,
      ...adaptiveOf(target, lab),
      ping(n, every) {
        tellsInterval ||= lab.actions.effectiveTuning().isAdaptive;
        return encode({ t: 'ping', n, ...(tellsInterval && { every: Math.ceil(every) }) });
      },
      // The session reads the pongs itself: they carry more than a sign of life.
      isPong: () => false,
    },
  };
}

function plainOptions(target: ChatTarget, lab: Lab, plain: PlainModule): UseWebSocketOptions {
  if (!target.heartbeat) return {};
  const heartbeat = plain.createPlainHeartbeat(target.heartbeat);
  return { heartbeat: { ...heartbeat, ...adaptiveOf(target, lab) } };
}

/** Whose things are kept: a server's user, by their name there. */
export function ownerOf({ mode, serverUrl }: ChatTarget, name: string): string {
  return mode === 'plain' ? `plain ${serverUrl} ${name}` : `${serverUrl} ${name}`;
}

function createSession(
  target: ChatTarget,
  name: string,
  connection: Connection,
  { lab: { time, wrap }, openSocket }: Line,
  onNews?: (news: News) => void,
  plain?: PlainModule,
) {
  const { mode, serverUrl, room, roomKey } = target;
  const storage = createTextStorage('localStorage');
  const owner = ownerOf(target, name);
  const shared = {
    connection,
    room,
    name,
    outboxStorage: createOutboxStorage(owner, storage),
    share: createOutboxShare({ owner, page: uuidv7(), time }),
    newId: uuidv7,
    time,
  };
  if (mode === 'plain') {
    if (!plain) throw new Error('plain mode needs its session');
    return plain.createPlainSession({ ...shared, serverName: new URL(serverUrl).host });
  }
  return createChatSession({
    ...shared,
    roomKey,
    onNews,
    knownRooms: createKnownRoomsStorage(storage, owner),
    // What the server in the page has is in this browser anyway.
    pages: isLocalServer(serverUrl) ? undefined : createPageStorage(owner),
    farewells: createFarewells({
      serverUrl,
      notes: storage,
      newId: uuidv7,
      time,
      tell: async (token) => {
        const { tellFarewell } = await loadParts();
        return tellFarewell(token, { serverUrl, time, openSocket: wrap(openSocket) });
      },
    }),
    createPush: (events) => createLatePush(() => loadPush(owner, name), events),
    createSearch: (options) => createLateSearch(loadSearch, options),
    uploads: {
      ...createUploadNote(owner, storage),
      load: () => loadUploads(owner, serverUrl),
    },
    createLiveRows: (options) => createLateLiveRows(loadLiveRows, options),
    tokens: {
      get: () => storage.get(`token ${owner}`),
      set: (token) => storage.set(`token ${owner}`, token),
      clear: () => storage.remove(`token ${owner}`),
    },
  });
}

/** What finds it out is there once the line was open, or comes from where the page came from. */
async function diagnose(options: ReachabilityOptions): Promise<Diagnosis> {
  try {
    const { checkReachability } = await loadParts();
    return await checkReachability(options);
  } catch {
    return options.isOnline() ? 'no answer' : 'no network';
  }
}

const loadLiveRows = async () => (await loadParts()).createLiveRows;
const loadSearch = async () => (await loadParts()).createRoomSearch;

/** Named once: each import takes its place in the page's first load. */
const loadPageParts = () => import('./pageParts');

async function loadUploads(owner: string, serverUrl: string) {
  return (await loadPageParts()).createPageUploads(owner, serverUrl);
}

async function loadPush(owner: string, name: string) {
  return (await loadPageParts()).createPagePush(owner, name);
}
