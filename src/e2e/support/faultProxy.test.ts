import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createSeededRandom } from '../../testing/seededRandom';
import { startFaultProxy } from './faultProxy';

/** A TCP server that says back what it hears, and notes it. */
async function startEcho() {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard.push(String(chunk));
      socket.write(chunk);
    });
  }).listen(0);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const proxy = await startFaultProxy(portOf(server), createSeededRandom(1));
  return { heard, sockets, proxy };
}

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address === 'object' && address && 'port' in address) return Number(address.port);
  throw new Error('no port');
}

async function dial(port: number) {
  const socket = connect(port, 'localhost');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const received: Buffer[] = [];
  const arrivals = { text: () => Buffer.concat(received).toString() };
  socket.on('data', (chunk) => received.push(chunk));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.on('close', () => resolve('end'));
  });
  const hears = (text: string) => expect.poll(arrivals.text).toBe(text);
  return { socket, hears, ended, text: arrivals.text };
}

describe('the fault proxy', () => {
  it('hands everything on while nothing fails', async () => {
    const { proxy } = await startEcho();
    const page = await dial(proxy.port);
    page.socket.write('hello');
    await page.hears('hello');
    page.socket.end();
    expect(await page.ended).toBe('end');
  });

  it('lets a connection that lost bytes stay silent after the fault, and a new one through', async () => {
    const { proxy, heard } = await startEcho();
    const page = await dial(proxy.port);
    page.socket.write('1');
    await page.hears('1');
    proxy.fail({ kind: 'black hole' });
    page.socket.write('2');
    const during = await dial(proxy.port);
    during.socket.write('3');
    await new Promise(setImmediate);
    proxy.fail({ kind: 'none' });
    page.socket.write('4');
    const after = await dial(proxy.port);
    after.socket.write('5');
    await after.hears('5');
    expect(heard.filter((text) => text !== '3')).toEqual(['1', '5']);
    expect(page.text()).toBe('1');
  });

  it('can be silent one way', async () => {
    const { proxy, heard, sockets } = await startEcho();
    const page = await dial(proxy.port);
    page.socket.write('1');
    await page.hears('1');
    proxy.fail({ kind: 'silent down' });
    page.socket.write('2');
    await expect.poll(() => heard).toEqual(['1', '2']);
    expect(page.text()).toBe('1');
    proxy.fail({ kind: 'none' });

    const other = await dial(proxy.port);
    other.socket.write('3');
    await other.hears('3');
    proxy.fail({ kind: 'silent up' });
    other.socket.write('4');
    sockets.at(-1)?.write('from the server');
    await other.hears('3from the server');
    expect(heard).toEqual(['1', '2', '3']);
  });

  it('resets what is open, takes and resets what is new, and refuses where nobody listens', async () => {
    const { proxy } = await startEcho();
    const page = await dial(proxy.port);
    proxy.fail({ kind: 'reset' });
    expect(await page.ended).toBe('ECONNRESET');
    const [error] = await once(connect(proxy.port, 'localhost'), 'error').catch((error) => [error]);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    proxy.fail({ kind: 'refuse' });
    await expect(dial(proxy.port)).rejects.toThrow('ECONNREFUSED');
    proxy.fail({ kind: 'none' });
    const after = await dial(proxy.port);
    after.socket.write('back');
    await after.hears('back');
    proxy.resetAll();
    expect(await after.ended).toBe('ECONNRESET');
  });

  it('holds bytes back in a stall, and hands them on in order when it is over', async () => {
    const { proxy, heard } = await startEcho();
    const page = await dial(proxy.port);
    proxy.fail({ kind: 'stall' });
    for (const text of ['1', '2', '3']) page.socket.write(text);
    const other = await dial(proxy.port);
    expect(heard).toEqual([]);
    proxy.fail({ kind: 'none' });
    await page.hears('123');
    other.socket.write('4');
    await other.hears('4');
  });

  it.each([
    { kind: 'delay', delayMs: 30 },
    { kind: 'jitter', upToMs: 30 },
    { kind: 'slow drip', bytesPerSecond: 2_000 },
  ] as const)('keeps every byte and their order under $kind', async (fault) => {
    const { proxy } = await startEcho();
    const page = await dial(proxy.port);
    proxy.fail(fault);
    const startedAt = Date.now();
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index};`);
    for (const text of texts) page.socket.write(text);
    await page.hears(texts.join(''));
    expect(Date.now() - startedAt).toBeGreaterThan(fault.kind === 'delay' ? 55 : 5);
  });

  it('cuts in the middle of what the server sends', async () => {
    const { proxy } = await startEcho();
    const page = await dial(proxy.port);
    proxy.fail({ kind: 'cut mid-frame' });
    page.socket.write('abcdefghij');
    await page.ended;
    expect('abcdefghij'.startsWith(page.text())).toBe(true);
    expect(page.text().length).toBeLessThan(10);
  });

  it('changes one byte of what the server sends', async () => {
    const { proxy, heard } = await startEcho();
    const page = await dial(proxy.port);
    proxy.fail({ kind: 'corrupt' });
    page.socket.write('abcdefghij');
    await expect.poll(() => page.text()).not.toBe('');
    expect(page.text()).not.toBe('abcdefghij');
    expect(heard).toEqual(['abcdefghij']);
  });

  it('lets each new connection reach the server twice, byte for byte', async () => {
    const { proxy, heard, sockets } = await startEcho();
    proxy.fail({ kind: 'duplicate' });
    const page = await dial(proxy.port);
    page.socket.write('once');
    await expect.poll(() => heard).toEqual(['once', 'once']);
    await page.hears('once');
    expect(sockets).toHaveLength(2);
  });

  it('speaks a close code to a WebSocket: to those that are open, and to each that is new', async () => {
    const server = new WebSocketServer({ port: 0 });
    onTestFinished(() => server.close());
    await once(server, 'listening');
    const proxy = await startFaultProxy(portOf(server), createSeededRandom(1));
    const dialWebSocket = () => new WebSocket(`ws://localhost:${proxy.port}/`);
    const closeOf = async (socket: WebSocket) => {
      const [code, reason] = await once(socket, 'close');
      return [code, String(reason)];
    };

    const open = dialWebSocket();
    await once(open, 'open');
    proxy.closeAll(1008, 'not today');
    expect(await closeOf(open)).toEqual([1008, 'not today']);

    proxy.fail({ kind: 'close', code: 4401, reason: 'sign in' });
    expect(await closeOf(dialWebSocket())).toEqual([4401, 'sign in']);
    proxy.fail({ kind: 'none' });
    const after = dialWebSocket();
    await once(after, 'open');
    expect(proxy.connections).toBe(3);
    after.terminate();
  });
});
