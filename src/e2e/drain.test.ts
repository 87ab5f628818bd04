import { describe, expect, it } from 'vitest';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { openRawLine, openRawWebSocket } from './support/rawLine';
import { readRoom } from './support/readRoom';
import { startServer } from './support/serverProcess';

/** A line whose client reads nothing, not even the server's goodbye. */
async function openDeafLine(port: number) {
  const line = await openRawWebSocket(port);
  line.stream.pause();
  return line;
}

/** Writes for as long as the line is open, each message as soon as the one before it is acked. */
function keepWriting(client: ChatClient, name: string): void {
  let sent = 0;
  let heard = 0;
  const send = () => {
    sent += 1;
    client.send({ t: 'send', id: `${name}-${sent}`, room: 'lobby', body: `${name} says ${sent}` });
  };
  client.socket.on('message', () => {
    for (; heard < client.received.length; heard += 1) {
      const frame = client.received[heard];
      if (frame?.t === 'ack' && client.socket.readyState === client.socket.OPEN) send();
    }
  });
  // Several are under way at any moment.
  for (let n = 0; n < 5; n += 1) send();
}

describe('a server that is asked to end', () => {
  it('acks what it took, sends everybody away to a time of their own, and ends with 0', async () => {
    const server = await startServer(['--limits', 'off']);
    const quiet = 280;
    const clients: ChatClient[] = [];
    for (let n = 0; n < quiet; n += 20) {
      const opened = Array.from({ length: 20 }, (_, i) =>
        enterChat(server.webSocketUrl, `Guest ${n + i}`, `room-${(n + i) % 40}`),
      );
      clients.push(...(await Promise.all(opened)));
    }
    const writers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => enterChat(server.webSocketUrl, `Writer ${n}`)),
    );
    clients.push(...writers);
    for (const [n, writer] of writers.entries()) keepWriting(writer, `w${n}`);
    await Promise.all(writers.map((writer) => writer.until('ack')));
    // Last, so that the slices of the others have no gap.
    await openDeafLine(server.port);

    const startedAt = performance.now();
    const exited = server.kill('SIGTERM');
    const byes = await Promise.all(clients.map((client) => client.until('bye')));
    await expect(openChatClient(server.webSocketUrl)).rejects.toThrow('ECONNREFUSED');
    expect(new Set(await Promise.all(clients.map(({ closed }) => closed)))).toEqual(
      new Set([4001]),
    );
    expect(await exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);

    const windows = byes.map(({ after }) => after).sort(([a], [b]) => a - b);
    expect(windows[0]?.[0]).toBe(500);
    expect(windows.at(-1)?.[1]).toBe(Math.round(500 + (2_500 * 300) / 301));
    const apart = windows.filter(([min], n) => n > 0 && min !== windows[n - 1]?.[1]);
    expect(apart).toEqual([]);

    await server.start();
    const { messages: stored } = await readRoom(server.webSocketUrl, 'lobby');
    const ids = new Map(stored.map(({ seq, id }) => [seq, id]));
    const acks = writers.flatMap(({ received }) => received.filter((each) => each.t === 'ack'));
    expect(acks.length).toBeGreaterThanOrEqual(20);
    expect(acks.filter(({ seq, id }) => ids.get(seq) !== id)).toEqual([]);
    // Nobody got a message for which its writer got no ack: what was taken was answered.
    expect(stored.length).toBe(acks.length);
  });

  it('does not wait for who is in the middle of a frame or a request', async () => {
    const server = await startServer();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const half = await openDeafLine(server.port);
    half.stream.write(Buffer.from([0x81]));
    openRawLine(server.port).stream.write('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(await ann.closed).toBe(4001);
  });

  it('ends with 1 when that takes longer than it may', async () => {
    const server = await startServer(['--drain-timeout', '100ms']);
    await openDeafLine(server.port);
    expect(await server.kill('SIGTERM')).toBe(1);
    expect(server.output().stderr).toContain('the drain took too long');
  });

  it('ends at once with 1 when it is asked a second time', async () => {
    const server = await startServer(['--drain-timeout', '10m', '--log-level', 'info']);
    await openDeafLine(server.port);
    // Both come before it can do anything about the first.
    server.freeze();
    const exited = server.kill('SIGTERM');
    void server.kill('SIGINT');
    server.thaw();
    expect(await exited).toBe(1);
    expect(server.output().stderr).not.toContain('the drain has ended');
  });

  it('chats on and ends though nobody reads what it prints', async () => {
    const server = await startServer(['--log-level', 'debug', '--limits', 'off']);
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    server.leaveOutputUnread();
    // Two lines for each connection: far more than a pipe holds.
    for (let n = 0; n < 2_500; n += 50) {
      const lines = await Promise.all(
        Array.from({ length: 50 }, () => openRawWebSocket(server.port)),
      );
      for (const { stream } of lines) stream.destroy();
    }
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'hello' });
    await ann.until('ack');
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
