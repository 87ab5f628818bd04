/**
 * Too much of what is allowed: floods, joins, connections, and readers that never read. Whoever does it is
 * slowed down or closed with the code that says why; the chat of others goes on, and the memory comes back.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { openRawWebSocket } from './support/rawLine';
import { withWitness } from './support/withWitness';

const bodyOf = (length: number) => 'x'.repeat(length);

/** Sends as fast as the line takes it, until the line is closed or `count` are sent. */
async function flood(client: ChatClient, count: number, frameOf: (n: number) => string) {
  const { socket } = client;
  for (let n = 0; n < count && socket.readyState === socket.OPEN; n += 1) {
    await new Promise<void>((resolve) => socket.send(frameOf(n), () => resolve()));
  }
}

describe('a flood', () => {
  it('of messages at 100 times the limit is slowed to the limit, or sent away', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await enterChat(webSocketUrl, 'Flood', 'flood');
      // The limit is 40 a second.
      const floods = flood(client, 4_000, (n) =>
        JSON.stringify({ t: 'send', id: `f${n}`, room: 'flood', body: 'flood' }),
      );
      await Promise.race([floods, client.closed]);
      client.socket.terminate();
      const acked = client.received.filter(({ t }) => t === 'ack').length;
      expect(acked).toBeLessThan(1_000);
    }));

  it('of pings in one breath is answered no faster than may be, and nobody else waits', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await enterChat(webSocketUrl, 'Flood', 'flood');
      const startedAt = Date.now();
      const many = `[${Array.from({ length: 200 }, (_, n) => `{"t":"ping","n":${n}}`).join(',')}]`;
      for (let n = 0; n < 50; n += 1) client.sendRaw(many);
      const pongs = () => client.received.filter(({ t }) => t === 'pong').length;
      await expect.poll(pongs).toBeGreaterThanOrEqual(1_600);
      // 1,000 at once and 200 a second: no machine is too slow for that, only too quick.
      const seconds = (Date.now() - startedAt) / 1_000;
      expect(pongs()).toBeLessThanOrEqual(1_200 + 200 * seconds);
      client.socket.terminate();
    }));

  it('of 10,000 joins is slowed down, and ends at 100 rooms', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await openChatClient(webSocketUrl);
      client.send({ t: 'auth', name: 'Joiner', resume: [] });
      const floods = flood(client, 10_000, (n) => JSON.stringify({ t: 'join', room: `room${n}` }));
      const { code } = await client.until('err');
      expect(code).toBe('too_many_rooms');
      client.socket.terminate();
      await floods;
      const rooms = client.received.flatMap((frame) => (frame.t === 'sync' ? [frame.room] : []));
      expect(new Set(rooms).size).toBeLessThanOrEqual(100);
    }));

  it('from many connections of one address is slowed down with all of them', () =>
    withWitness(async ({ webSocketUrl }) => {
      const clients = await Promise.all(
        Array.from({ length: 20 }, (_, n) => enterChat(webSocketUrl, `Flood ${n}`, 'flood')),
      );
      const floods = clients.map((client, index) =>
        flood(client, 300, (n) =>
          JSON.stringify({ t: 'send', id: `f${index}-${n}`, room: 'flood', body: 'flood' }),
        ),
      );
      await Promise.race([Promise.all(floods), ...clients.map(({ closed }) => closed)]);
      for (const { socket } of clients) socket.terminate();
      await Promise.all(clients.map(({ closed }) => closed));
    }));
});

describe('a reader that never reads', () => {
  it('while 10,000 messages pass is closed with 4003 before it fills the memory', () =>
    withWitness(
      async ({ port, webSocketUrl }) => {
        const slow = await openRawWebSocket(port);
        const hello = frameOf({ t: 'auth', name: 'Slow', resume: [] });
        slow.stream.write(Buffer.concat([hello, frameOf({ t: 'join', room: 'loud' })]));
        slow.stream.pause();
        const loud = await enterChat(webSocketUrl, 'Loud', 'loud');
        await loud.until('presence', ({ members = [] }) => members.length === 2);
        const body = bodyOf(2_000);
        for (let n = 0; n < 10_000; n += 1) {
          loud.send({ t: 'send', id: `m${n}`, room: 'loud', body });
          if (n % 200 === 199) await loud.until('ack', ({ id }) => id === `m${n}`);
        }
        // Closed, ended 3 s later as it does not read, and gone after a grace of 10 s.
        const hasLeft = () =>
          loud.received.some((frame) => frame.t === 'presence' && frame.left?.length === 1);
        await expect.poll(hasLeft, { timeout: 45_000 }).toBe(true);
        slow.stream.resume();
        // Whether the close frame got through to a reader that is so far behind depends on the buffers.
        expect([4003, undefined]).toContain(await slow.closed);
        loud.socket.close(1000);
        await loud.closed;
      },
      ['--limits', 'off'],
    ));
});

describe('half a handshake', () => {
  it('held open 1,000 times is ended, and keeps nobody out', () =>
    withWitness(async ({ port, webSocketUrl }) => {
      const lines: Socket[] = [];
      onTestFinished(() => {
        for (const line of lines) line.destroy();
      });
      const startedAt = Date.now();
      for (let n = 0; n < 1_000; n += 1) {
        const line = connect({ port, host: '127.0.0.1' });
        line.on('error', () => {});
        lines.push(line);
        line.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: webso');
        if (n % 100 === 99) await once(line, 'connect');
      }
      const ended = lines.map((line) => {
        line.resume();
        return once(line, 'close');
      });
      const late = await enterChat(webSocketUrl, 'Late', 'late');
      await Promise.all(ended);
      // After 10 s, by a look around each second; a busy machine takes longer, though never a minute.
      expect(Date.now() - startedAt).toBeLessThan(30_000);
      late.socket.close(1000);
    }));
});

describe('a client that says hello and nothing else', () => {
  it('is closed with 4009, a hundred of them alike', () =>
    withWitness(async ({ webSocketUrl }) => {
      const clients = await Promise.all(
        Array.from({ length: 100 }, () => openChatClient(webSocketUrl)),
      );
      const codes = await Promise.all(clients.map(({ closed }) => closed));
      expect(new Set(codes)).toEqual(new Set([4009]));
    }));
});

function frameOf(frame: object): Buffer {
  const payload = Buffer.from(JSON.stringify(frame));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
