/** The Node host on real sockets: HTTP, upgrades and lines, with a log in memory behind them. */

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { systemTime } from '../../connection/ports';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { createChatServer } from '../chat/chatServer';
import { defaultAllowances, noAllowances } from '../chat/limits/allowances';
import { createMemoryPeople } from '../chat/people/memoryPeople';
import { nameKeys } from '../chat/people/nameKeys';
import { createPrograms } from '../chat/programs';
import { createLiveStreams } from '../chat/streams/liveStreams';
import { createMemoryLog } from '../log/memoryLog';
import { createApi } from './api';
import { defaultStreamLimits } from './apiStreams';
import { createConnectionGate, defaultConnectionLimits } from './connectionGate';
import { createGuestTokens } from './guestTokens';
import { createHttpServer } from './httpServer';
import { randomId } from './randomId';
import { createRequestGuard } from './requestGuard';
import { hostWebSockets } from './webSocketHost';

const html = '<!doctype html><title>Heartline</title>';

const script = 'export {};'.repeat(200);

const noProxies: string[] = [];

async function startServer({
  allowances = defaultAllowances,
  connectionLimits = defaultConnectionLimits,
  isCompressing = false,
  trustedProxies = noProxies,
} = {}) {
  const pageDir = await mkdtemp(join(tmpdir(), 'heartline-page-'));
  await mkdir(join(pageDir, 'assets'));
  await writeFile(join(pageDir, 'index.html'), html);
  await writeFile(join(pageDir, 'server.json'), '{"server":"local:"}');
  await writeFile(join(pageDir, 'assets', 'app-1a2b.js'), script);
  // As the build puts them beside it.
  await writeFile(join(pageDir, 'assets', 'app-1a2b.js.br'), brotliCompressSync(script));
  await writeFile(join(pageDir, 'assets', 'app-1a2b.js.gz'), gzipSync(script));
  let ids = 0;
  const chat = createChatServer({
    log: createMemoryLog('epoch-1'),
    tokens: createGuestTokens(new Uint8Array(32), 3_600_000),
    people: createMemoryPeople({ time: systemTime, keysOf: nameKeys }),
    time: systemTime,
    random: () => 0,
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
    allowances,
    streams: createLiveStreams,
    onError: (error) => expect.fail(String(error)),
  });
  const guard = createRequestGuard({
    allowedOrigins: ['https://friend.example'],
    trustedProxies,
  });
  const gate = createConnectionGate(connectionLimits, systemTime);
  const api = createApi({
    programs: chat.open(createPrograms),
    guard,
    gate,
    streamLimits: defaultStreamLimits,
    time: systemTime,
    newId: randomId,
    onError: (error) => expect.fail(String(error)),
  });
  const server = createHttpServer({ pageDir, health: chat.health, guard, api });
  const lines = hostWebSockets(server, {
    chat,
    guard,
    gate,
    isCompressing,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await lines.ended(0);
    gate.close();
    server.closeAllConnections();
    server.close();
    await rm(pageDir, { recursive: true, force: true });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return { chat, server, lines, pageDir, host: `127.0.0.1:${address.port}`, port: address.port };
}

/** A client whose frames can be waited for; it says what it waited for if that never comes. */
async function openClient(host: string, options: ClientOptions = {}) {
  const socket = new WebSocket(`ws://${host}/ws`, ['chat.v1'], options);
  const received: ServerFrame[] = [];
  const listeners = new Set<() => void>();
  let taken = 0;
  socket.on('message', (data) => {
    for (const decoded of decodeServerMessage(String(data))) {
      if ('frame' in decoded) received.push(decoded.frame);
    }
    for (const listener of listeners) listener();
  });
  // A close that a test does not wait for is not its concern; `ws` throws errors nobody listens to.
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');

  return {
    socket,
    closed,
    send: (...frames: ClientFrame[]) => socket.send(encode(frames)),
    /** The next frame of this type, after those that were waited for before. */
    next<T extends ServerFrame['t']>(type: T): Promise<ServerFrameOf<T>> {
      const isOfType = (frame: ServerFrame): frame is ServerFrameOf<T> => frame.t === type;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const types = received.map(({ t }) => t).join(', ');
          reject(new Error(`waited for "${type}", got: ${types}`));
        }, 3_000);
        const look = () => {
          const frame = received.slice(taken).find(isOfType);
          if (!frame) return;
          taken = received.indexOf(frame) + 1;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(frame);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

async function enter(host: string, name: string) {
  const client = await openClient(host);
  client.send({ t: 'auth', name, resume: [] }, { t: 'join', room: 'tea' });
  await client.next('sync');
  return client;
}

/** How the server answers an upgrade that it refuses. */
async function refusalOf(
  url: string,
  protocols: string[],
  origin?: string,
  headers: Record<string, string> = {},
) {
  const options = { headers, ...(origin !== undefined && { origin }) };
  const socket = new WebSocket(url, protocols, options);
  socket.on('error', () => {});
  const [, response]: [unknown, IncomingMessage] = await once(socket, 'unexpected-response').then(
    ([request, answer]) => [request, answer],
  );
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body };
}

/** All that the server answers to these bytes before it ends the line. */
async function rawAnswer(port: number, request: string): Promise<string> {
  const line = connect(port, '127.0.0.1');
  line.write(request);
  return text(line);
}

const say = (id: string, body: string) => ({ t: 'send', id, room: 'tea', body }) as const;

describe('two clients on real sockets', () => {
  it('are greeted, and chat', async () => {
    const { host } = await startServer();
    const greeted = await openClient(host);
    expect(await greeted.next('hello')).toMatchObject({ v: 1, heartbeat: { intervalMs: 25_000 } });
    expect(greeted.socket.protocol).toBe('chat.v1');
    const [ann, bob] = [await enter(host, 'Ann'), await enter(host, 'Bob')];
    ann.send(say('a', '你好 💓'));
    expect(await ann.next('ack')).toMatchObject({ id: 'a', seq: 1 });
    expect(await bob.next('msg')).toMatchObject({ seq: 1, body: '你好 💓', from: { name: 'Ann' } });
  });
});

describe('an upgrade', () => {
  it('is refused to a page from elsewhere, saying how to allow it', async () => {
    const { host } = await startServer();
    for (const origin of ['https://evil.example', 'null', `https://${host}.evil.example`]) {
      const { status, body } = await refusalOf(`ws://${host}/ws`, ['chat.v1'], origin);
      expect([origin, status]).toEqual([origin, 403]);
      expect(body).toContain('--allow-origin');
    }
  });

  it('is allowed to the server’s own page, and to those on the list', async () => {
    const { host } = await startServer();
    for (const origin of [`http://${host}`, 'https://friend.example']) {
      expect(await (await openClient(host, { origin })).next('hello')).toBeDefined();
    }
  });

  it('is refused to who speaks another protocol, naming ours', async () => {
    const { host } = await startServer();
    const { status, body } = await refusalOf(`ws://${host}/ws`, ['chat.v9', 'other']);
    expect(status).toBe(400);
    expect(body).toContain('chat.v1');
  });

  it('is allowed to who names no protocol', async () => {
    const { host } = await startServer();
    const socket = new WebSocket(`ws://${host}/ws`);
    await once(socket, 'message');
    expect(socket.protocol).toBe('');
  });

  it('is at /ws only', async () => {
    const { host } = await startServer();
    expect((await refusalOf(`ws://${host}/`, ['chat.v1'])).status).toBe(404);
  });

  it('that is refused leaves no line open, even if the client never hangs up', async () => {
    const { port, server } = await startServer();
    const accepted = once(server, 'connection');
    const line = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    line.write(
      'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    line.resume();
    onTestFinished(() => void line.destroy());
    const [socket]: Socket[] = await accepted;
    await new Promise<void>((resolve) => socket?.once('close', () => resolve()));
  });
});

describe('connections', () => {
  it('are counted by the address that a trusted proxy tells, not by its own', async () => {
    const connectionLimits = { ...defaultConnectionLimits, perAddress: 1 };
    const { host } = await startServer({ connectionLimits, trustedProxies: ['127.0.0.1'] });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    await openClient(host, from('198.51.100.1'));
    await openClient(host, from('198.51.100.2'));
    const { headers } = from('9.9.9.9, 198.51.100.1');
    const refused = await refusalOf(`ws://${host}/ws`, ['chat.v1'], undefined, headers);
    expect(refused.status).toBe(429);
  });

  it('from one address are refused when there are too many, and let in when one has left', async () => {
    const connectionLimits = { ...defaultConnectionLimits, perAddress: 1 };
    const { host } = await startServer({ connectionLimits });
    const ann = await enter(host, 'Ann');
    expect(await refusalOf(`ws://${host}/ws`, ['chat.v1'])).toMatchObject({ status: 429 });
    ann.socket.close(1000);
    await ann.closed;
    await expect.poll(() => enter(host, 'Bob').then(() => 'in')).toBe('in');
  });

  it('are refused when the server has as many as it may', async () => {
    const { host } = await startServer({
      connectionLimits: { ...defaultConnectionLimits, total: 0 },
    });
    expect(await refusalOf(`ws://${host}/ws`, ['chat.v1'])).toMatchObject({ status: 503 });
  });

  it('are compressed only where the operator and the client both want it', async () => {
    for (const isCompressing of [true, false]) {
      const { host } = await startServer({ isCompressing });
      const ann = await enter(host, 'Ann');
      const body = 'heartbeat '.repeat(900);
      ann.send(say('a', body));
      await ann.next('ack');
      const bob = await enter(host, 'Bob');
      expect(bob.socket.extensions).toBe(isCompressing ? 'permessage-deflate' : '');
      bob.send({ t: 'history', room: 'tea', before: 2, limit: 1 });
      expect((await bob.next('history')).messages[0]?.body).toBe(body);
    }
  });
});

describe('a compressed line', () => {
  it('answers every page that is asked for, and in order', async () => {
    const { host } = await startServer({ allowances: noAllowances, isCompressing: true });
    const ann = await enter(host, 'Ann');
    ann.send({ t: 'join', room: 'attic' });
    const body = 'a line of a log that repeats itself\n'.repeat(250);
    for (const room of ['tea', 'attic']) {
      for (let n = 0; n < 50; n += 1) {
        ann.send({ t: 'send', id: `${room}${n}`, room, body });
        await ann.next('ack');
      }
    }
    const bob = await openClient(host);
    bob.send({ t: 'auth', name: 'Bob', resume: [] });
    bob.send({ t: 'join', room: 'tea' }, { t: 'join', room: 'attic' });
    for (const room of ['tea', 'attic']) {
      const page = await bob.next('sync');
      expect([page.room, page.messages.length]).toEqual([room, 50]);
    }
    bob.send({ t: 'history', room: 'tea', before: 51, limit: 50 }, { t: 'ping', n: 7 });
    expect((await bob.next('history')).messages).toHaveLength(50);
  });
});

describe('a client that misbehaves', () => {
  it('with control frames without end is closed with 4007', async () => {
    const { host } = await startServer();
    const [loud, ann] = [await openClient(host), await enter(host, 'Ann')];
    for (let n = 0; n < 20_000; n += 1) loud.socket.pong();
    expect(await loud.closed).toBe(4007);
    ann.send(say('a', 'still here'));
    expect(await ann.next('ack')).toMatchObject({ id: 'a' });
  });

  it('with a frame too large is closed with 1009, and others are undisturbed', async () => {
    const { host } = await startServer();
    const [ann, bob] = [await enter(host, 'Ann'), await enter(host, 'Bob')];
    ann.socket.send('x'.repeat(limits.frameBytes + 1));
    expect(await ann.closed).toBe(1009);
    bob.send(say('b', 'still here'));
    expect(await bob.next('ack')).toMatchObject({ id: 'b' });
  });

  it('with a frame of the largest size is not', async () => {
    const { host } = await startServer();
    const ann = await enter(host, 'Ann');
    ann.socket.send('x'.repeat(limits.frameBytes));
    expect(await ann.next('err')).toMatchObject({ code: 'bad_json' });
  });

  it('with no JSON, binary, or nothing to be said before auth is told so', async () => {
    const { host } = await startServer();
    const client = await openClient(host);
    client.socket.send('hello?');
    expect(await client.next('err')).toMatchObject({ code: 'bad_json' });
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.next('err')).toMatchObject({ code: 'bad_frame' });
    client.send(say('a', 'too early'));
    expect(await client.next('err')).toMatchObject({ code: 'unauthenticated', id: 'a' });
  });

  it('by not reading is closed before it fills the memory, and others are undisturbed', async () => {
    const { host } = await startServer({ allowances: noAllowances });
    const [slow, ann] = [await enter(host, 'Slow'), await enter(host, 'Ann')];
    slow.socket.pause();
    const body = 'x'.repeat(limits.bodyLength);
    // Far more than the sockets of both ends and the 4 MiB that the server allows.
    for (let n = 0; n < 3_000; n += 1) {
      ann.send(say(`m${n}`, body));
      if (n % 100 === 99) for (let acks = 0; acks < 100; acks += 1) await ann.next('ack');
    }
    slow.socket.resume();
    // The server ended the line; whether its close frame got through depends on the buffers.
    expect([4003, 1006]).toContain(await slow.closed);
    ann.send(say('after', 'still here'));
    expect(await ann.next('ack')).toMatchObject({ id: 'after' });
  }, 20_000);
});

describe('over HTTP', () => {
  it('the page is served, never stale, its hashed files for ever', async () => {
    const { host } = await startServer();
    const page = await fetch(`http://${host}/?name=Ann`);
    expect([page.status, await page.text()]).toEqual([200, html]);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const asset = await fetch(`http://${host}/assets/app-1a2b.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['identity', undefined, (content: Buffer) => content],
  ])('a file goes as small as the browser takes it (%s)', async (accepts, encoding, unpack) => {
    const { host } = await startServer();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const url = `http://${host}/assets/app-1a2b.js`;
      get(url, { headers: { 'Accept-Encoding': accepts } }, resolve).once('error', reject);
    });
    const { headers } = answer;
    expect(headers).toMatchObject({ vary: 'Accept-Encoding' });
    expect(headers['content-type']).toContain('javascript');
    expect(headers['content-encoding']).toBe(encoding);
    expect(unpack(await buffer(answer)).toString()).toBe(script);
  });

  it('every answer says what a browser is to keep from the page', async () => {
    const { host } = await startServer();
    for (const path of ['/', '/nothing', '/server.json', '/healthz', '/assets/app-1a2b.js']) {
      const { headers } = await fetch(`http://${host}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('permissions-policy')).toContain('microphone=(self)');
      // Pages elsewhere ask whether the server is well, and read nothing else.
      expect(headers.get('cross-origin-resource-policy')).toBe(
        path === '/healthz' ? 'cross-origin' : 'same-origin',
      );
    }
  });

  it('TLS is asked for ever after only where a trusted proxy says that there is TLS', async () => {
    const policyAt = async (trustedProxies: string[], proto: string) => {
      const { host } = await startServer({ trustedProxies });
      const { headers } = await fetch(`http://${host}/`, {
        headers: { 'x-forwarded-proto': proto },
      });
      return headers.get('strict-transport-security');
    };
    expect(await policyAt(['127.0.0.1'], 'https')).toBe('max-age=31536000');
    expect(await policyAt(['127.0.0.1'], 'http')).toBeNull();
    expect(await policyAt([], 'https')).toBeNull();
  });

  it('a name that a stranger may have bound to this machine gets no page and no WebSocket', async () => {
    const { host, port } = await startServer();
    const name = `evil.example:${port}`;
    const ask = (path: string) =>
      rawAnswer(port, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
    const page = await ask('/');
    expect(page).toMatch(/^HTTP\/1.1 421 /);
    expect(page).toContain(`--allow-origin http://${name}`);
    expect(await ask('/server.json')).toMatch(/^HTTP\/1.1 421 /);
    // A load balancer asks under whatever name it likes.
    expect(await ask('/healthz')).toMatch(/^HTTP\/1.1 200 /);
    const headers = { host: name };
    const refused = await refusalOf(`ws://${host}/ws`, ['chat.v1'], `http://${name}`, headers);
    expect(refused.status).toBe(421);
    expect(refused.body).toContain(name);
  });

  it('a request with more in its head than any of ours is refused with 431', async () => {
    const { port } = await startServer();
    const head = `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(9_000)}\r\n\r\n`;
    expect(await rawAnswer(port, head)).toMatch(/^HTTP\/1.1 431 /);
  });

  it('the page learns that its server is this one', async () => {
    const { host } = await startServer();
    const response = await fetch(`http://${host}/server.json`);
    expect(await response.json()).toEqual({ server: 'ws' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('the server says whether it is well', async () => {
    const { chat, host } = await startServer();
    const well = await fetch(`http://${host}/healthz`);
    // A page from elsewhere asks, too, before it says that the server is down.
    expect(well.headers.get('access-control-allow-origin')).toBe('*');
    expect([well.status, (await well.text()).trim()]).toEqual([200, 'ok']);
    await chat.drain([0, 0]);
    const draining = await fetch(`http://${host}/healthz`);
    expect([draining.status, (await draining.text()).trim()]).toEqual([503, 'draining']);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/..%2f..%2fpackage.json', 404],
    ['GET', '/%', 404],
    ['POST', '/', 405],
    ['DELETE', '/server.json', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { host } = await startServer();
    expect((await fetch(`http://${host}${path}`, { method })).status).toBe(status);
  });

  it('no request ends the server', async () => {
    const { host, pageDir, port } = await startServer();
    const requests = [
      'GET / HTTP/1.1\r\nHost: [::bad\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=9-2\r\nConnection: close\r\n\r\n',
      'GET // HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n',
      'GET /ws HTTP/1.1\r\nHost: [bad\r\nOrigin: http://[bad\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'nonsense\r\n\r\n',
    ];
    for (const request of requests) {
      const line = connect(port, '127.0.0.1');
      line.end(request);
      line.resume();
      await once(line, 'close');
    }
    // A file that is gone since the start: built anew, perhaps.
    await rm(join(pageDir, 'assets', 'app-1a2b.js'));
    await fetch(`http://${host}/assets/app-1a2b.js`).catch(() => {});
    expect((await fetch(`http://${host}/healthz`)).status).toBe(200);
  });
});

describe('a drain', () => {
  it('says goodbye with a window to come back in, and closes with 4001', async () => {
    const { chat, lines, host } = await startServer();
    const ann = await enter(host, 'Ann');
    await chat.drain([500, 3_000]);
    expect(await ann.next('bye')).toMatchObject({ code: 4001, after: [500, 3_000] });
    expect(await ann.closed).toBe(4001);
    await lines.ended(1_000);
  });
});
