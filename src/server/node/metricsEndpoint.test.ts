import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerMetrics, isFromThisMachine } from './metricsEndpoint';

/** How a server that shows its metrics to its own machine answers a request with these headers. */
async function askedWith(headers: Record<string, string>, render = async () => rendered) {
  const server = createServer((asked, response) => {
    if (isFromThisMachine(asked)) void answerMetrics(response, { render });
    else response.writeHead(404).end();
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return new Promise<number | undefined>((resolve, reject) => {
    // Not `fetch`, which chooses the Host itself.
    request({ host: '127.0.0.1', port: address.port, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

const rendered = { type: 'text/plain', text: 'heartline_connections 1' };

describe('the metrics on the chat’s own port', () => {
  it.each(['localhost', 'localhost:6969', '127.0.0.1', '127.0.0.2:80', '[::1]:6969'])(
    'are shown to who asks this machine for %s',
    async (host) => {
      expect(await askedWith({ Host: host })).toBe(200);
    },
  );

  it.each([
    'chat.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.0.2.1',
    '[bad',
  ])('are not shown where a proxy that leaves no mark passes on %s', async (host) => {
    expect(await askedWith({ Host: host })).toBe(404);
  });

  it.each(['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Forwarded', 'Via'])(
    'are not shown where a proxy leaves %s',
    async (name) => {
      expect(await askedWith({ Host: 'localhost', [name]: 'x' })).toBe(404);
    },
  );

  it('that cannot be collected are an error of this one request', async () => {
    const fails = () => Promise.reject(new Error('no numbers'));
    expect(await askedWith({ Host: 'localhost' }, fails)).toBe(500);
  });
});
