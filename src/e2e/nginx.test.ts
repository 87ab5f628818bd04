/** The site that the deployment's guide gives, run by a real nginx: people chat through it, with TLS. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { createRequestGuard } from '../server/node/requestGuard';
import { portOf } from '../testing/portOf';
import { enterChat, openChatClient } from './support/chatClient';
import { curlToken, startCurl, withToken } from './support/curl';
import { type Nginx, startNginx } from './support/nginx';
import { startServer } from './support/serverProcess';

/** nginx gives up on a line on which the server has said nothing for so long, unless told otherwise. */
const proxyReadTimeoutMs = 60_000;

const flags = ['--host', '127.0.0.1', '--trust-proxy', '127.0.0.1'];

/** A client as it comes from this address of the machine, as a page of the site. */
const clientOptions = ({ ca, host }: Nginx, localAddress = '127.0.0.1') => ({
  ca,
  origin: `https://${host}`,
  localAddress,
  family: 4,
});

/** The status with which nginx or the server refuses an upgrade; undefined if it does not. */
function refusalOf(nginx: Nginx, options: ClientOptions): Promise<number | undefined> {
  const socket = new WebSocket(nginx.webSocketUrl, ['chat.v1'], options);
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode);
    });
    socket.on('open', () => resolve(undefined));
    socket.on('error', reject);
  });
}

async function answerOf(request: ReturnType<typeof get>): Promise<IncomingMessage> {
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (!response) throw new Error('there was no answer');
  return response;
}

describe('a chat through nginx', () => {
  it('goes on, though nobody has said anything for longer than nginx waits', async () => {
    const server = await startServer(flags);
    const nginx = await startNginx(server.port);
    const ann = await enterChat(nginx.webSocketUrl, 'Ann', 'lobby', clientOptions(nginx));
    const bob = await enterChat(nginx.webSocketUrl, 'Bob', 'lobby', clientOptions(nginx));
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'before' });
    await bob.until('msg', ({ id }) => id === 'a');
    // A program's stream is passed on as it comes, and may be quiet as well.
    const site = `https://${nginx.host}/`;
    const token = await curlToken(site, 'Build', '-k');
    const streamUrl = `${site}api/rooms/lobby/stream?split=50`;
    const stream = startCurl('-k', ...withToken(token), '-T', '.', streamUrl);
    stream.write('one ');
    await ann.until('stream', ({ text }) => text === 'one ');

    // The promise is that nothing comes to pass in this time.
    const quiet = wait(proxyReadTimeoutMs + 5_000).then(() => 'quiet');
    expect(await Promise.race([quiet, ann.closed, bob.closed])).toBe('quiet');

    bob.send({ t: 'send', id: 'b', room: 'lobby', body: 'after' });
    await bob.until('ack', ({ id }) => id === 'b');
    await ann.until('msg', ({ id }) => id === 'b');
    // As it was quiet, it goes on with another message.
    await ann.until('msg', ({ body }) => body === 'one ');
    stream.write('two');
    await ann.until('stream', ({ text }) => text === 'two');
    stream.endInput();
    expect(await stream.answer()).toMatchObject({ status: 201, body: { messages: 2 } });
  });

  it('is cut by nginx if its heart beats more slowly than nginx waits', async () => {
    const server = await startServer([...flags, '--heartbeat-interval', '60s']);
    const nginx = await startNginx(server.port, { more: 'proxy_read_timeout 2s;' });
    const ann = await enterChat(nginx.webSocketUrl, 'Ann', 'lobby', clientOptions(nginx));
    expect(await ann.closed).toBe(1006);
    await expect.poll(nginx.errors).toContain('upstream timed out');
  });

  it('is for pages of the site, by TLS, only', async () => {
    const server = await startServer(flags);
    const nginx = await startNginx(server.port);
    const options = clientOptions(nginx);
    const others = [
      'https://evil.example',
      `http://${nginx.host}`,
      'https://localhost',
      server.url,
    ];
    for (const origin of others) {
      expect([origin, await refusalOf(nginx, { ...options, origin })]).toEqual([origin, 403]);
    }
    const page = await answerOf(getSecurely(`https://${nginx.host}/`, { ca: nginx.ca, family: 4 }));
    expect(page.statusCode).toBe(200);
    expect(await text(page)).toContain('<title>Heartline</title>');
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
    const plain = await answerOf(get(`http://127.0.0.1:${nginx.plainPort}/?room=tea`));
    plain.resume();
    expect([plain.statusCode, plain.headers.location]).toEqual([
      301,
      'https://127.0.0.1/?room=tea',
    ]);
  });

  it('needs no header of nginx and no trust, and is for pages of the same host only even so', async () => {
    const server = await startServer(['--host', '127.0.0.1']);
    for (const isMute of [true, false]) {
      const nginx = await startNginx(server.port, { isMute });
      const options = clientOptions(nginx);
      const ann = await enterChat(nginx.webSocketUrl, 'Ann', 'lobby', options);
      ann.socket.close(1000);
      const origin = 'https://evil.example';
      expect(await refusalOf(nginx, { ...options, origin })).toBe(403);
    }
  });

  it('is of the address that came to nginx, whatever that says of others', async () => {
    const { addressOf, isSecure } = createRequestGuard({
      allowedOrigins: [],
      trustedProxies: ['127.0.0.1'],
    });
    const server = createServer((request, response) => {
      response.end(`${addressOf(request)} ${isSecure(request)}`);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const nginx = await startNginx(portOf(server));
    const heardOf = async (localAddress: string, headers: Record<string, string>) => {
      const options = { ca: nginx.ca, family: 4, localAddress, headers };
      return text(await answerOf(getSecurely(`https://${nginx.host}/`, options)));
    };
    expect(await heardOf('127.0.0.2', {})).toBe('127.0.0.2 true');
    const forged = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'http' };
    expect(await heardOf('127.0.0.3', forged)).toBe('127.0.0.3 true');
  });

  it('is limited for each address by itself, and no forged header gets around that', async () => {
    const server = await startServer(flags);
    const nginx = await startNginx(server.port);
    let forged = 0;
    const busy = () => {
      forged += 1;
      const headers = { 'x-forwarded-for': `198.18.${forged >> 8}.${forged & 255}` };
      return { ...clientOptions(nginx, '127.0.0.2'), headers };
    };
    const enter = async () => {
      const client = await openChatClient(nginx.webSocketUrl, busy());
      // Who only says hello is sent away before all are there.
      client.send({ t: 'auth', name: 'Busy', resume: [] });
      await client.until('ready');
    };
    for (let opened = 0; opened < 1_000; opened += 50) {
      await Promise.all(Array.from({ length: 50 }, enter));
    }
    expect(await refusalOf(nginx, busy())).toBe(429);
    await enterChat(nginx.webSocketUrl, 'Other', 'lobby', clientOptions(nginx, '127.0.0.3'));
  });
});
