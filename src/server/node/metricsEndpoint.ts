/** Where the metrics are read: on a port of their own, or from this machine alone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics';
import { isByProxy } from './requestGuard';

/** Answers with all metrics. */
export async function answerMetrics(
  response: ServerResponse,
  metrics: Pick<Metrics, 'render'>,
): Promise<void> {
  try {
    const { type, text } = await metrics.render();
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(text);
  } catch {
    // Numbers that are missing are no reason to end the chat.
    response.writeHead(500).end();
  }
}

/**
 * The request comes from this very machine, and no proxy has passed it on: a proxy on this machine would
 * else show the metrics to everybody. One that leaves no mark is known by the name that it passes on.
 */
export function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  const isLoopback = /^(::ffff:)?127\./.test(address) || address === '::1';
  const isCalledLocal = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
  return isLoopback && isCalledLocal && !isByProxy(headers);
}

/** Serves the metrics, and nothing else, on a port of their own. Rejects if it cannot listen there. */
export async function serveMetrics(
  metrics: Pick<Metrics, 'render'>,
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '/').split('?');
    if (path === '/metrics' && request.method === 'GET')
      return void answerMetrics(response, metrics);
    response.writeHead(404).end();
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
