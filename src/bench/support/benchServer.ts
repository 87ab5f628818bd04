/**
 * What the server of each compared client does: it takes numbered messages and notes their arrival, and
 * tells all its pages a text; nothing more.
 */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';

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

/** Listens on a free port. */
export async function listenOn(http: HttpServer): Promise<number> {
  http.listen(0);
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function closeHttp(http: HttpServer): Promise<void> {
  http.closeAllConnections();
  http.close();
  await once(http, 'close');
}
