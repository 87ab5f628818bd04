/**
 * The site that the guide for several gateways gives, run by a real nginx before two servers. Each keeps a
 * chat of its own here, so that a client can tell which one it has reached.
 */
import { once } from 'node:events';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type ChatClient, enterChat } from './support/chatClient';
import { curlToken, startCurl, withToken } from './support/curl';
import { complaintsAboutSite, type Nginx, startNginxBefore } from './support/nginx';
import { type ServerProcess, startServer } from './support/serverProcess';

const flags = ['--host', '127.0.0.1', '--trust-proxy', '127.0.0.1', '--log', 'memory'];

async function startBoth(more: readonly string[] = []) {
  const servers = [await startServer([...flags, ...more]), await startServer([...flags, ...more])];
  return { servers, nginx: await startNginxBefore(servers.map(({ port }) => port)) };
}

const optionsOf = ({ ca, host }: Nginx) => ({ ca, origin: `https://${host}`, family: 4 });

const enter = (nginx: Nginx, name: string) =>
  enterChat(nginx.webSocketUrl, name, 'lobby', optionsOf(nginx));

/** The epoch of its log tells servers apart that share nothing. */
async function serverOf(client: ChatClient): Promise<string> {
  return (await client.until('sync')).epoch;
}

/** Opens a line that nobody says anything on; undefined if nobody takes it within that time. */
async function tryToOpen(nginx: Nginx, withinMs: number): Promise<WebSocket | undefined> {
  const options = { ...optionsOf(nginx), handshakeTimeout: withinMs };
  const socket = new WebSocket(nginx.webSocketUrl, ['chat.v1'], options);
  onTestFinished(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

async function connectionsOf({ port }: ServerProcess): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const [, count] = /^heartline_connections (\d+)$/m.exec(await response.text()) ?? [];
  return Number(count);
}

describe('nginx before several gateways', () => {
  it('understands the site as it is, and warns of nothing', async () => {
    expect(await complaintsAboutSite()).toBe('');
  });

  it('sends who comes to where the fewest lines are', async () => {
    const { servers, nginx } = await startBoth();
    for (const name of ['Ann', 'Bob', 'Cy', 'Di']) await enter(nginx, name);
    expect(await Promise.all(servers.map(connectionsOf))).toEqual([2, 2]);
  });

  it('sends everybody to the gateway that is left, from the first try on', async () => {
    const { servers, nginx } = await startBoth();
    const ann = await enter(nginx, 'Ann');
    const bob = await enter(nginx, 'Bob');
    expect(await serverOf(ann)).not.toBe(await serverOf(bob));

    await servers[0]?.kill('SIGKILL');
    const left = await Promise.race([ann.closed.then(() => bob), bob.closed.then(() => ann)]);
    for (const name of ['Cy', 'Di', 'Ed', 'Flo']) {
      expect(await serverOf(await enter(nginx, name))).toBe(await serverOf(left));
    }
    await expect.poll(nginx.errors).toContain('Connection refused');

    left.send({ t: 'send', id: 'a', room: 'lobby', body: 'still here' });
    await left.until('ack', ({ id }) => id === 'a');
    const page = await once(get(`https://${nginx.host}/`, { ca: nginx.ca, family: 4 }), 'response');
    expect(await text(page[0])).toContain('<title>Heartline</title>');
  });

  it('tries another gateway for who comes to one that is full', async () => {
    const { nginx } = await startBoth(['--max-connections', '1']);
    const [ann, bob] = [await enter(nginx, 'Ann'), await enter(nginx, 'Bob')];
    expect(await serverOf(ann)).not.toBe(await serverOf(bob));
    expect(await tryToOpen(nginx, 10_000)).toBeUndefined();
    bob.socket.close(1000);
    await bob.closed;
    // Of who was full nothing is wanted for a while, and nginx takes it back by itself.
    await expect.poll(() => tryToOpen(nginx, 10_000), { timeout: 30_000 }).toBeDefined();
  });

  it('does not send everybody who follows to a gateway that stands still', async () => {
    const { servers, nginx } = await startBoth();
    const [ann, bob] = [await enter(nginx, 'Ann'), await enter(nginx, 'Bob')];
    const [frozen] = servers;
    frozen?.freeze();
    // Whose line went there notices, and leaves: it has the fewest lines now.
    const ping = (client: ChatClient) => client.sendRaw('{"t":"ping","n":1}');
    ping(ann);
    ping(bob);
    const isAnnAlive = await Promise.race([
      ann.until('pong').then(() => true),
      bob.until('pong').then(() => false),
    ]);
    (isAnnAlive ? bob : ann).socket.terminate();

    const opened: boolean[] = [];
    while (opened.length < 6 && opened.filter(Boolean).length < 2) {
      opened.push((await tryToOpen(nginx, 3_000)) !== undefined);
    }
    expect(opened.filter(Boolean)).toHaveLength(2);
    frozen?.thaw();
  });

  it('passes on what programs write as it comes, more than it would keep itself', async () => {
    // Without a Redis between them, a token holds at one of them only.
    const server = await startServer([...flags, '--limits', 'off']);
    const nginx = await startNginxBefore([server.port]);
    const ann = await enter(nginx, 'Ann');
    const site = `https://${nginx.host}/`;
    const token = await curlToken(site, 'Build', '-k');
    const streamUrl = `${site}api/rooms/lobby/stream?split`;
    const stream = startCurl('-k', ...withToken(token), '-T', '-', streamUrl);
    stream.write('one\n');
    await ann.until('stream', ({ text }) => text === 'one\n');
    // nginx takes 1 MiB unless it is told otherwise.
    const lines = Array.from({ length: 30_000 }, (_, n) => `line ${n} ${'x'.repeat(40)}`).join(
      '\n',
    );
    stream.write(lines);
    stream.endInput();
    const { status, body } = await stream.answer();
    expect(status).toBe(201);
    expect(body.messages).toBeGreaterThan(100);
  });
});
