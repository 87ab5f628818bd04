/**
 * A TCP proxy that a test puts between page and server, and lets fail. A connection on which bytes
 * have vanished stays silent in that direction for ever, as on a real network whose path is gone:
 * only a new connection, after the fault, gets through.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Fault =
  /** Everything gets through. */
  | 'none'
  /** Nothing gets through, and nobody is told. */
  | 'black hole'
  /** What the page sends vanishes; what the server sends still arrives. */
  | 'silent up'
  /** What the server sends vanishes; what the page sends still arrives. */
  | 'silent down'
  /** Connections are reset as soon as they are made; those that are open are reset, too. */
  | 'reset';

export interface FaultProxy {
  /** Where the page finds the server, by way of the proxy. */
  readonly url: string;
  fail(fault: Fault): void;
}

/** A proxy to a port of this machine; closed when the test is over. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let fault: Fault = 'none';
  const sockets = new Set<Socket>();

  const server = createServer((page) => {
    if (fault === 'reset') {
      page.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, 'localhost');
    relay(page, upstream, () => fault === 'black hole' || fault === 'silent up');
    relay(upstream, page, () => fault === 'black hole' || fault === 'silent down');
  });

  /** Hands on what comes from one end to the other, until something has vanished. */
  function relay(from: Socket, to: Socket, isSilent: () => boolean) {
    let hasLost = false;
    sockets.add(from);
    from.on('data', (chunk) => {
      hasLost ||= isSilent();
      if (!hasLost) to.write(chunk);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      // On a silent line the other end does not even hear of the end.
      if (!hasLost && !isSilent()) to.destroy();
    });
  }

  server.listen(0);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://localhost:${address.port}/`,
    fail(next) {
      fault = next;
      if (fault === 'reset') for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
