/**
 * What the page's address asks for: who, which room, which server, and how to talk to it. Pure
 * parsing; what cannot be understood is named, never guessed.
 */
import * as v from 'valibot';
import { roomSchema } from './protocol/fields';
import { codePointCount, limits } from './protocol/limits';
import { isPrivateRoom, mayEnter, roomKeySchema } from './protocol/privateRoom';
import { newNameSchema } from './protocol/user';

export interface ChatTarget {
  mode: 'chat' | 'plain';
  /** A `ws:` or `wss:` address; or, with `local:`, the server in this browser that belongs to the page. */
  serverUrl: string;
  room: string;
  /** What opens the room, if it is a private one. */
  roomKey: string | undefined;
  /** In plain mode: what to send as a heartbeat, if anything. */
  heartbeat: PlainHeartbeat | undefined;
  /** The heartbeat finds out how long the network lets the line be silent. */
  isAdaptive: boolean;
}

export interface PlainHeartbeat {
  text: string;
  /** A message that is exactly this answers a heartbeat and is not shown; if none, every one answers. */
  answer: string | undefined;
  intervalMs: number;
}

/** Why the page cannot begin. */
export type TargetProblem =
  | { kind: 'no server' }
  | { kind: 'bad server'; value: string }
  | { kind: 'bad room'; value: string }
  /** A private room, without what opens it. */
  | { kind: 'no key' }
  | { kind: 'plain without server' };

export const defaultRoom = 'lobby';

const defaultIntervalSeconds = 25;

const serverJson = v.object({ server: v.string() });

/** Reads `server.json`: which server the page belongs to. `undefined` if it does not say. */
export function serverOf(json: unknown): string | undefined {
  const parsed = v.safeParse(serverJson, json);
  return parsed.success ? parsed.output.server : undefined;
}

/**
 * Where to connect. `search` is the page's query, `pageUrl` its whole address, where the key of a private
 * room is behind the `#`, and `ownServer` what `server.json` beside it says.
 */
export function parseTarget(
  search: string,
  pageUrl: string,
  ownServer: string | undefined,
): { target: ChatTarget } | { problem: TargetProblem } {
  const query = new URLSearchParams(search);
  const mode = query.get('mode') === 'plain' ? 'plain' : 'chat';
  const asked = query.get('server');
  if (mode === 'plain' && !asked) return { problem: { kind: 'plain without server' } };

  const server = asked ?? ownServer;
  if (!server) return { problem: { kind: 'no server' } };
  const isLocal = mode === 'chat' && isLocalServer(server);
  const serverUrl = isLocal ? localServerUrl(pageUrl) : webSocketUrl(server, pageUrl);
  if (!serverUrl) return { problem: { kind: 'bad server', value: server } };

  const askedRoom = query.get('room') || defaultRoom;
  const room = askedRoom.toLowerCase();
  if (checkRoom(room)) return { problem: { kind: 'bad room', value: askedRoom } };

  const isPrivate = mode === 'chat' && isPrivateRoom(room);
  const roomKey = isPrivate ? roomKeyIn(pageUrl) : undefined;
  if (isPrivate && !mayEnter(room, roomKey)) return { problem: { kind: 'no key' } };

  const isAdaptive = query.get('adaptive') === 'on';
  const heartbeat = plainHeartbeat(query);
  return { target: { mode, serverUrl, room, roomKey, heartbeat, isAdaptive } };
}

/** The part of an address that brings into the private room of this key. No server is ever sent it. */
export function privateRoomHash(key: string): string {
  return `#key=${key}`;
}

/**
 * What is behind the `#` of an address, with the key of a private room put to it: the message that a
 * permalink names, as `#seq=5` or `#5`, stays named. Undefined where there is a key already.
 */
export function withRoomKey(hash: string, key: string): string | undefined {
  const text = hash.replace(/^#/, '');
  const parts = new URLSearchParams(/^\d+$/.test(text) ? { seq: text } : text);
  if (parts.has('key')) return undefined;
  return `#${new URLSearchParams([['key', key], ...parts])}`;
}

function roomKeyIn(pageUrl: string): string | undefined {
  const key = new URLSearchParams(new URL(pageUrl).hash.slice(1)).get('key');
  return v.is(roomKeySchema, key) ? key : undefined;
}

/** What others need to come into a room, with its key if it is private: where the page is, and no name. */
export function roomLink(pageUrl: string, room: string, roomKey: string | undefined): string {
  const url = new URL(pageUrl);
  const kept = new URLSearchParams({ room });
  for (const name of ofServer) {
    const value = url.searchParams.get(name);
    if (value) kept.set(name, value);
  }
  url.search = String(kept);
  url.hash = roomKey === undefined ? '' : privateRoomHash(roomKey);
  return url.href;
}

/** The parts of an address that say which server is talked to, and how. */
const ofServer = ['server', 'mode'] as const;

/**
 * The room that a link leads to: on this page and its server, as a page that is open cannot change to
 * another one's.
 */
export function readRoomLink(
  link: string,
  pageUrl: string,
): { room: string; roomKey: string | undefined } | { problem: 'no link' | 'no key' | 'elsewhere' } {
  if (!URL.canParse(link, pageUrl)) return { problem: 'no link' };
  const url = new URL(link, pageUrl);
  const page = new URL(pageUrl);
  const room = url.searchParams.get('room')?.toLowerCase();
  const isSame = (name: string) => url.searchParams.get(name) === page.searchParams.get(name);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { problem: 'no link' };
  if (url.origin !== page.origin || url.pathname !== page.pathname || !ofServer.every(isSame))
    return { problem: 'elsewhere' };
  if (room === undefined || checkRoom(room)) return { problem: 'no link' };
  if (page.searchParams.get('mode') === 'plain' || !isPrivateRoom(room))
    return { room, roomKey: undefined };
  const roomKey = roomKeyIn(url.href);
  return mayEnter(room, roomKey) ? { room, roomKey } : { problem: 'no key' };
}

/** Why a name will not do; `undefined` if it will. Says the same as the server would. */
export function checkName(name: string): 'empty' | 'too long' | 'not allowed' | undefined {
  if (name.trim() === '') return 'empty';
  if (codePointCount(name.trim()) > limits.nameLength) return 'too long';
  return v.is(newNameSchema, name) ? undefined : 'not allowed';
}

/** Why a room's name will not do; `undefined` if it will. */
export function checkRoom(room: string): 'not allowed' | undefined {
  return v.is(roomSchema, room) ? undefined : 'not allowed';
}

/** Why a room cannot be entered with this key, or none; `undefined` if it can. */
export function checkKey(room: string, roomKey: string | undefined): 'no key' | undefined {
  return mayEnter(room, roomKey) ? undefined : 'no key';
}

/** Whether this is the address of the server in this browser. */
export function isLocalServer(server: string): boolean {
  return server.startsWith('local:');
}

/** The server in this browser that a page has: pages in different folders of one host have nothing in common. */
function localServerUrl(pageUrl: string): string {
  return `local:${localServerName(pageUrl)}`;
}

/** What the server in this browser is known by to the pages that share it: where they are. */
export function localServerName(pageUrl: string): string {
  return new URL('.', pageUrl).pathname;
}

/** `/ws`, `wss://host/ws` and `https://host/ws` alike as an address for a WebSocket. */
function webSocketUrl(server: string, pageUrl: string): string | undefined {
  if (!URL.canParse(server, pageUrl)) return undefined;
  const url = new URL(server, pageUrl);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  // A fragment is forbidden in a WebSocket address (RFC 6455 section 3).
  url.hash = '';
  return url.protocol === 'ws:' || url.protocol === 'wss:' ? url.href : undefined;
}

/** Whether a page at `pageUrl` could look for a chat there; `local:` is the server in the page. */
export function isServerAddress(server: string, pageUrl: string): boolean {
  return isLocalServer(server) || webSocketUrl(server, pageUrl) !== undefined;
}

/** Where the server of this `ws:` or `wss:` address says over HTTP whether it is well. */
export function healthUrl(serverUrl: string): string {
  const url = new URL('healthz', serverUrl);
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  return url.href;
}

function plainHeartbeat(query: URLSearchParams): PlainHeartbeat | undefined {
  const text = query.get('heartbeat');
  if (!text) return undefined;
  const seconds = Number(query.get('heartbeat-interval') ?? defaultIntervalSeconds);
  return {
    text,
    answer: query.get('heartbeat-answer') ?? undefined,
    intervalMs: (seconds >= 1 && seconds <= 270 ? seconds : defaultIntervalSeconds) * 1_000,
  };
}
