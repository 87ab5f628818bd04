/** The site that the deployment's guide gives, run by a real nginx: people chat through it, with TLS. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { enterChat, openChatClient } from './support/chatClient';
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
  response.resume();
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

    // The promise is that nothing comes to pass in this time.
    const quiet = wait(proxyReadTimeoutMs + 5_000).then(() => 'quiet');
    expect(await Promise.race([quiet, ann.closed, bob.closed])).toBe('quiet');

    bob.send({ t: 'send', id: 'b', room: 'lobby', body: 'after' });
    await bob.until('ack', ({ id }) => id === 'b');
    await ann.until('msg', ({ id }) => id === 'b');
  }, 120_000);

  it('is cut by nginx if its heart beats more slowly than nginx waits', async () => {
    const server = await startServer([...flags, '--heartbeat-interval', '60s']);
    const nginx = await startNginx(server.port, 'proxy_read_timeout 2s;');
    const ann = await enterChat(nginx.webSocketUrl, 'Ann', 'lobby', clientOptions(nginx));
    expect(await ann.closed).toBe(1006);
    await expect.poll(nginx.log).toContain('upstream timed out');
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
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
    const plain = await answerOf(get(`http://127.0.0.1:${nginx.plainPort}/?room=tea`));
    expect([plain.statusCode, plain.headers.location]).toEqual([
      301,
      'https://127.0.0.1/?room=tea',
    ]);
  });

  it('counts each address that comes to nginx for itself, whatever it says of others', async () => {
    const server = await startServer(flags);
    const nginx = await startNginx(server.port);
    const busy = clientOptions(nginx, '127.0.0.2');
    let forged = 0;
    const forge = () => {
      forged += 1;
      return { ...busy, headers: { 'x-forwarded-for': `198.18.${forged >> 8}.${forged & 255}` } };
    };
    const enter = async () => {
      const client = await openChatClient(nginx.webSocketUrl, forge());
      // Who only says hello is sent away before all are there.
      client.send({ t: 'auth', name: 'Busy', resume: [] });
      await client.until('ready');
    };
    for (let opened = 0; opened < 1_000; opened += 50) {
      await Promise.all(Array.from({ length: 50 }, enter));
    }
    expect(await refusalOf(nginx, forge())).toBe(429);
    const other = clientOptions(nginx, '127.0.0.3');
    await enterChat(nginx.webSocketUrl, 'Other', 'lobby', other);
  });
});
