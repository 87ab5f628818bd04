import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boundSockets, type SocketRefusal } from './socketBound';

/** A server that says `hello` to whom it takes. */
async function serve({ perAddress = 2, proxies = [] as string[], inAll = 100 } = {}) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (!socket.destroyed) socket.write('hello');
  });
  const dropped: SocketRefusal[] = [];
  boundSockets(server, {
    perAddress,
    isProxy: (address) => proxies.includes(address),
    onDropped: (why) => dropped.push(why),
  });
  server.maxConnections = inAll;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  /** Connects from `localAddress`: whether the server takes it. */
  async function comeFrom(localAddress: string) {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const isTaken = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    return { socket, isTaken };
  }
  return { comeFrom, dropped };
}

describe.runIf(process.platform === 'linux')('sockets of one address', () => {
  it('are dropped beyond their bound, those of others are not', async () => {
    const { comeFrom, dropped } = await serve();
    const taken = [];
    for (let n = 0; n < 4; n += 1) taken.push((await comeFrom('127.0.0.1')).isTaken);
    expect(taken).toEqual([true, true, false, false]);
    expect(dropped).toEqual(['too many from one address', 'too many from one address']);
    expect((await comeFrom('127.0.0.2')).isTaken).toBe(true);
  });

  it('may be others as soon as one has ended', async () => {
    const { comeFrom } = await serve({ perAddress: 1 });
    const first = await comeFrom('127.0.0.1');
    expect((await comeFrom('127.0.0.1')).isTaken).toBe(false);
    first.socket.end();
    await once(first.socket, 'close');
    await expect.poll(async () => (await comeFrom('127.0.0.1')).isTaken).toBe(true);
  });

  it('are as many as there are if it is a trusted proxy', async () => {
    const { comeFrom } = await serve({ perAddress: 1, proxies: ['127.0.0.1'] });
    for (let n = 0; n < 5; n += 1) expect((await comeFrom('127.0.0.1')).isTaken).toBe(true);
  });

  it('are told of, too, when the server has as many as it may have', async () => {
    const { comeFrom, dropped } = await serve({ inAll: 1 });
    await comeFrom('127.0.0.1');
    expect((await comeFrom('127.0.0.2')).isTaken).toBe(false);
    expect(dropped).toEqual(['server full']);
  });
});
