/**
 * Where metrics are read: on a port of their own, or at /metrics of the chat's server, there only by who
 * sits at this machine.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import type { Metrics } from './metrics';

export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/** Serves `GET /metrics`. Rejects with the reason if it cannot listen. */
export async function startMetricsServer(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { port, host }: { port: number; host: string },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '/').split('?');
    if (path === '/metrics') return answerMetrics(metrics, response);
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('the metrics are at /metrics\n');
  });
  server.listen(port, host);
  await once(server, 'listening');
  // Node keeps the address of a TCP server in this shape; null and a path are for other kinds.
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function answerMetrics(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  response: ServerResponse,
): void {
  metrics.text().then(
    (text) => {
      response.writeHead(200, {
        'Content-Type': metrics.contentType,
        'Cache-Control': 'no-store',
      });
      response.end(text);
    },
    () => {
      response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('the metrics could not be collected\n');
    },
  );
}

const proxyHeaders = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

/**
 * Whether somebody at this machine asks, and not a proxy at this machine for somebody else: that leaves
 * its mark, or passes on the name by which the other called.
 */
export function isAskedFromHere({ socket, headers }: IncomingMessage): boolean {
  const isMarked = proxyHeaders.some((header) => headers[header] !== undefined);
  return !isMarked && isLoopback(socket.remoteAddress) && isLocalName(headers.host);
}

function isLoopback(address = ''): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function isLocalName(host: string | undefined): boolean {
  const url = `http://${host}`;
  if (host === undefined || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}
