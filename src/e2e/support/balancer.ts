/**
 * What stands before several servers: it hands each new connection to the next of them that takes it, as
 * nginx does with a list of upstreams. It keeps nobody to one server.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Balancer {
  readonly port: number;
}

/** Where one of the servers is. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A balancer on a free port, for one test. The first connection is for the first of the targets. */
export async function startBalancer(targets: readonly Target[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let turn = 0;

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    client.on('error', () => client.destroy());
    dial(client, turn, targets.length);
    turn += 1;
  });

  function dial(client: Socket, from: number, triesLeft: number) {
    const target = targets[from % targets.length];
    if (!target || triesLeft === 0) return void client.destroy();
    const server = keep(connect(target.port, target.host));
    const refused = () => dial(client, from + 1, triesLeft - 1);
    server.once('error', refused);
    client.once('close', () => server.destroy());
    server.once('connect', () => {
      server.off('error', refused);
      // One end that breaks breaks the other.
      server.on('error', () => client.resetAndDestroy());
      server.once('close', () => client.destroy());
      client.pipe(server);
      server.pipe(client);
    });
  }

  listener.listen(0);
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
    await once(listener, 'close');
  });
  return { port: address.port };
}
