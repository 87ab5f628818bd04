/** For tests: HTTP for programs on a real port, before a chat in memory. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { systemTime } from '../../connection/ports';
import { portOf } from '../../testing/portOf';
import { createChatServer } from '../chat/chatServer';
import { type Allowances, defaultAllowances } from '../chat/limits/allowances';
import { createMemoryPeople } from '../chat/people/memoryPeople';
import { nameKeys } from '../chat/people/nameKeys';
import { createPrograms } from '../chat/programs';
import { createLiveStreams } from '../chat/streams/liveStreams';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createApi } from './api';
import { defaultStreamLimits, type StreamLimits } from './apiStreams';
import {
  type ConnectionLimits,
  createConnectionGate,
  defaultConnectionLimits,
} from './connectionGate';
import { createGuestTokens } from './guestTokens';
import { createHttpServer } from './httpServer';
import { randomId } from './randomId';
import { createRequestGuard } from './requestGuard';

export interface ApiWorldOptions {
  log?: MessageLog;
  allowances?: Allowances;
  connectionLimits?: ConnectionLimits;
  streamLimits?: Partial<StreamLimits>;
}

export interface Answered {
  status: number;
  headers: Headers;
  /** The JSON of the answer. */
  body: Record<string, unknown>;
}

export async function startApi(options: ApiWorldOptions = {}) {
  const log = options.log ?? createMemoryLog('epoch-1');
  const tokens = createGuestTokens(new Uint8Array(32), 3_600_000);
  const chat = createChatServer({
    log,
    tokens,
    people: createMemoryPeople({ time: systemTime, keysOf: nameKeys }),
    time: systemTime,
    random: () => 0,
    newId: randomId,
    heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
    allowances: options.allowances ?? defaultAllowances,
    streams: createLiveStreams,
    onError: (error) => expect.fail(String(error)),
  });
  const guard = createRequestGuard({
    allowedOrigins: ['https://friend.example'],
    trustedProxies: [],
  });
  const gate = createConnectionGate(
    options.connectionLimits ?? defaultConnectionLimits,
    systemTime,
  );
  const api = createApi({
    programs: chat.open(createPrograms),
    guard,
    gate,
    streamLimits: { ...defaultStreamLimits, ...options.streamLimits },
    time: systemTime,
    newId: randomId,
    onError: (error) => expect.fail(String(error)),
  });
  const server = createHttpServer({ pageDir: '/nowhere', health: chat.health, guard, api });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    gate.close();
    server.closeAllConnections();
    server.close();
    await chat.drain([0, 0], 0);
  });
  const url = `http://127.0.0.1:${portOf(server)}`;

  async function ask(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(`${url}${path}`, { method: 'POST', ...init });
    const text = await response.text();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof body !== 'object' || body === null) throw new Error(`the answer was ${text}`);
    return { status: response.status, headers: response.headers, body: { ...body } };
  }

  const json = (value: unknown, headers: Record<string, string> = {}): RequestInit => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json', ...headers },
  });

  async function tokenOf(name: string): Promise<string> {
    const { body } = await ask('/api/tokens', json({ name }));
    return typeof body.token === 'string' ? body.token : expect.fail('there is no token');
  }

  /** Everything that is kept in a room. */
  async function kept(room = 'tea') {
    const { messages } = await log.after(room, 0, { messages: 1_000, length: 10_000_000 });
    return messages;
  }

  /** A line on which a test writes HTTP by hand, and what has come back on it. */
  async function openLine(): Promise<{ line: Socket; heard(): string }> {
    const line = connect(portOf(server), '127.0.0.1');
    onTestFinished(() => void line.destroy());
    let heard = '';
    line.on('data', (chunk) => {
      heard += chunk;
    });
    line.on('error', () => {});
    await once(line, 'connect');
    return { line, heard: () => heard };
  }

  return { chat, tokens, api, gate, url, ask, json, tokenOf, kept, openLine };
}

/** What goes with each request of who holds this token. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
