/**
 * What the server of each compared client does: it takes numbered messages and notes their arrival, and
 * tells all its pages a text; nothing more.
 */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

export interface Arrival {
  n: number;
  /** Ms since 1970. */
  at: number;
}

export interface BenchServer {
  readonly port: number;
  /** The path of its WebSocket. */
  readonly path: string;
  /** Every message that came, in the order of its coming, as often as it came. */
  readonly arrivals: readonly Arrival[];
  broadcast(text: string): void;
  close(): Promise<void>;
}

/** The number of message `m 17`. */
export function numberOf(text: unknown): number {
  return Number(String(text).slice(2));
}

/** Listens on a free port. `close` ends every connection, also those that a fault has left behind. */
export async function listen(http: HttpServer): Promise<{ port: number; close(): Promise<void> }> {
  const connections = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  http.listen(0);
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async close() {
      http.close();
      for (const socket of connections) socket.destroy();
      await once(http, 'close');
    },
  };
}
