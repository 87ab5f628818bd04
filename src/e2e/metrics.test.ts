import { describe, expect, it } from 'vitest';
import { enterChat, openChatClient } from './support/chatClient';
import { runToEnd, startServer } from './support/serverProcess';

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
      ['heartline_connections_total', 2],
      ['heartline_closes_total{code="1000"}', 1],
      ['heartline_acks_total{repeated="no"}', 1],
      ['heartline_acks_total{repeated="yes"}', 1],
      ['heartline_ack_seconds_count', 2],
      ['heartline_deliveries_total', 2],
      ['heartline_errors_total{code="bad_json"}', 1],
      ['heartline_upgrades_refused_total{why="foreign origin"}', 1],
      ['heartline_log_up', 1],
    ] as const) {
      expect([name, values.get(name)]).toEqual([name, value]);
    }
    expect(values.get('heartline_ack_seconds_sum')).toBeGreaterThan(0);
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it('keep the server from starting where their port is in use, which it says in one line', async () => {
    const server = await startServer(['--log', 'memory']);
    const flags = ['--log', 'memory', '--port', '0', '--metrics-host', '0.0.0.0'];
    const { code, stderr } = await runToEnd([...flags, '--metrics-port', String(server.port)]);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`port ${server.port}`);
  });
});
