/** For tests: an address behind which another Redis can be put, as a name that is moved at a failover. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Switch {
  readonly url: string;
  /** Ends every connection; those that come are taken to this one. */
  to(redis: { port: number }): void;
}

export async function createSwitch(redis: { port: number }): Promise<Switch> {
  let { port } = redis;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const target = connect(port, '127.0.0.1');
    for (const each of [socket, target]) {
      sockets.add(each);
      each.on('error', () => {});
      each.once('close', () => {
        sockets.delete(each);
        socket.destroy();
        target.destroy();
      });
    }
    socket.pipe(target).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    endAll();
  });
  return {
    url: `redis://127.0.0.1:${address.port}`,
    to(next) {
      port = next.port;
      endAll();
    },
  };
}
