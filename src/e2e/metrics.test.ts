import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { enterChat, openChatClient } from './support/chatClient';
import { freePort, runToEnd, startServer } from './support/serverProcess';

/** The value of each series, by its name with its labels. */
async function readMetrics(url: string): Promise<Map<string, number>> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))] as const;
    }),
  );
}

/** How `/metrics` answers a request with these headers, which `fetch` would not send. */
function statusWith(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the metrics of a running server', () => {
  it('move with the chat', async () => {
    const server = await startServer();
    const url = `${server.url}metrics`;
    expect((await readMetrics(url)).get('heartline_connections')).toBe(0);

    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'hello' });
    await bob.until('msg');
    await ann.until('ack');
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'hello' });
    await ann.until('ack', ({ dup }) => dup === true);
    bob.sendRaw('no JSON');
    await bob.until('err');
    await expect(
      openChatClient(server.webSocketUrl, { origin: 'https://evil.example' }),
    ).rejects.toThrow('403');
    bob.socket.close(1000);
    await bob.closed;
    await expect.poll(async () => (await readMetrics(url)).get('heartline_connections')).toBe(1);

    const values = await readMetrics(url);
    for (const [name, value] of [
      ['heartline_rooms', 1],
      ['heartline_users', 1],
      ['heartline_connections_opened_total', 2],
      ['heartline_connections_closed_total{code="1000"}', 1],
      ['heartline_messages_acked_total', 1],
      ['heartline_messages_repeated_total', 1],
      ['heartline_ack_latency_seconds_count', 2],
      ['heartline_deliveries_total', 2],
      ['heartline_errors_total{code="bad_json"}', 1],
      ['heartline_upgrades_refused_total{reason="foreign origin"}', 1],
      ['heartline_health{state="ok"}', 1],
    ] as const) {
      expect([name, values.get(name)]).toEqual([name, value]);
    }
    expect(values.get('heartline_ack_latency_seconds_sum')).toBeGreaterThan(0);
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it.each([
    ['asked by name of this machine', { Host: 'localhost:1' }, 200],
    ['asked by its address', { Host: '127.0.0.1' }, 200],
    ['asked by its IPv6 address', { Host: '[::1]:6969' }, 200],
    ['asked by a proxy', { Host: 'localhost', 'X-Forwarded-For': '192.0.2.1' }, 404],
    ['asked by a proxy of another kind', { Host: 'localhost', Forwarded: 'for=192.0.2.1' }, 404],
    ['asked by a proxy that leaves no mark', { Host: 'chat.example' }, 404],
    ['asked by a name that only looks local', { Host: '127.0.0.1.evil.example' }, 404],
  ])('on the chat’s own port are %s: %j is answered with %i', async (_, headers, status) => {
    const server = await startServer(['--log', 'memory']);
    expect(await statusWith(server.port, headers)).toBe(status);
  });

  it('are on their own port alone where they have one', async () => {
    const port = await freePort();
    const server = await startServer(['--metrics-port', String(port)]);
    await enterChat(server.webSocketUrl, 'Ann');
    const values = await readMetrics(`http://127.0.0.1:${port}/metrics`);
    expect(values.get('heartline_connections')).toBe(1);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`${server.url}metrics`)).status).toBe(404);
  });

  it('keep the server from starting where their port is in use, which it says in one line', async () => {
    const server = await startServer(['--log', 'memory']);
    const flags = ['--log', 'memory', '--port', '0', '--metrics-host', '0.0.0.0'];
    const { code, stderr } = await runToEnd([...flags, '--metrics-port', String(server.port)]);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('--metrics-port');
  });
});
