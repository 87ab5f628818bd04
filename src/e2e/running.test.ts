/** What whoever runs a server sees of it: its log, its metrics, and how it ends; at the server as it is built. */
import { describe, expect, it } from 'vitest';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { frameBytes, openRawWebSocket } from './support/rawLine';
import { freePort, startServer } from './support/serverProcess';

const say = (id: string, body: string, room = 'lobby') => ({ t: 'send', id, room, body }) as const;

describe('the log', () => {
  it('tells of start, connections and end as JSON lines, and nothing that anybody said or is', async () => {
    const server = await startServer(['--log-level', 'trace']);
    const ann = await enterChat(server.webSocketUrl, 'Ann Secretname', 'secretroom');
    const { token } = await ann.until('ready');
    ann.send(say('a', 'secret words', 'secretroom'));
    await ann.until('ack');
    const forger = await openChatClient(`${server.webSocketUrl}?secretquery`);
    forger.send({ t: 'auth', name: 'Secretname', token: 'secrettoken', resume: [] });
    expect(await forger.closed).toBe(4501);
    await expect(
      openChatClient(server.webSocketUrl, { origin: 'https://secretorigin.example' }),
    ).rejects.toThrow('403');
    await server.kill('SIGTERM');

    const { stderr } = server.output();
    const told = stderr
      .trim()
      .split('\n')
      .map((line): { msg?: string } => JSON.parse(line));
    expect(told.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining([
        'started',
        'a connection has opened',
        'a client was sent away',
        'an upgrade was refused',
        'a connection has ended',
        'the drain begins',
        'the drain has ended',
      ]),
    );
    for (const secret of ['secret', 'Secret', token]) expect(stderr).not.toContain(secret);
  });

  it('is silent while all is well, unless asked', async () => {
    const server = await startServer();
    await enterChat(server.webSocketUrl, 'Ann');
    await server.kill('SIGTERM');
    expect(server.output().stderr).toBe('');
  });
});

describe('the metrics', () => {
  it('are shown to this machine, and to nobody whom a proxy speaks for', async () => {
    const server = await startServer();
    await enterChat(server.webSocketUrl, 'Ann');
    const asked = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    expect(asked.status).toBe(200);
    expect(await asked.text()).toMatch(/^heartline_connections 1$/m);
    for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      const passedOn = await fetch(`http://127.0.0.1:${server.port}/metrics`, {
        headers: { [name]: '203.0.113.1' },
      });
      expect([name, passedOn.status]).toEqual([name, 404]);
    }
  });

  it('are on a port of their own where one is given, and only there', async () => {
    const port = await freePort();
    const server = await startServer(['--metrics-port', String(port)]);
    const asked = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(asked.headers.get('content-type')).toContain('text/plain');
    expect(await asked.text()).toMatch(/^heartline_log_up 1$/m);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(404);
  });
});

describe('a restart', () => {
  /** Sends on and on until its line ends, and remembers what was acked. */
  function chatter(client: ChatClient, label: string) {
    let said = 0;
    const sayNext = () => {
      if (client.socket.readyState !== client.socket.OPEN) return;
      said += 1;
      client.send(say(`${label}-${said}`, `number ${said} of ${label}`));
    };
    client.socket.on('message', (data) => {
      if (String(data).includes('"t":"ack"')) sayNext();
    });
    sayNext();
    return () => client.received.flatMap((frame) => (frame.t === 'ack' ? [frame] : []));
  }

  it('answers what has come, gives each a time of its own to come back, and ends with 0 in time', async () => {
    const server = await startServer();
    const clients = await Promise.all(
      Array.from({ length: 200 }, (_, n) => enterChat(server.webSocketUrl, `Guest ${n}`)),
    );
    const acks = clients.slice(0, 20).map((client, n) => chatter(client, `c${n}`));
    // One that never reads must not hold the others up.
    const deaf = await openRawWebSocket(server.port);
    const auth = { t: 'auth', name: 'Deaf', resume: [] };
    const payload = Buffer.from(JSON.stringify([auth, { t: 'join', room: 'lobby' }]));
    deaf.stream.write(frameBytes({ opcode: 1, payload }));
    deaf.stream.pause();
    await clients[0]?.until('msg', ({ seq }) => seq >= 500);

    const startedAt = Date.now();
    const exitCode = await server.kill('SIGTERM');
    expect(exitCode).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    const codes = await Promise.all(clients.map(({ closed }) => closed));
    expect(new Set(codes)).toEqual(new Set([4001]));

    const windows = clients.map(({ received }) => {
      const bye = received.find((frame) => frame.t === 'bye');
      return bye?.t === 'bye' ? bye.after : [0, 0];
    });
    const starts = windows.map(([min = 0]) => min).sort((a, b) => a - b);
    expect(new Set(starts).size).toBe(clients.length);
    expect(starts[0]).toBeLessThan(600);
    expect(starts.at(-1)).toBeGreaterThan(2_900);

    await server.start();
    const reader = await enterChat(server.webSocketUrl, 'Reader');
    const { head } = await reader.until('sync');
    const logged = new Map<number, string>();
    for (let before = head + 1; before > 1; ) {
      reader.received.splice(0);
      reader.send({ t: 'history', room: 'lobby', before, limit: 500 });
      const { messages } = await reader.until('history');
      for (const { seq, mid } of messages) logged.set(seq, mid);
      before = messages[0]?.seq ?? 1;
    }
    const allAcks = acks.flatMap((acked) => acked());
    expect(allAcks.length).toBeGreaterThan(100);
    for (const { seq, mid } of allAcks) expect([seq, logged.get(seq)]).toEqual([seq, mid]);
  });

  it('lets nobody new in', async () => {
    const server = await startServer();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const ended = server.kill('SIGTERM');
    await ann.closed;
    await expect(openChatClient(server.webSocketUrl)).rejects.toThrow();
    expect(await ended).toBe(0);
  });
});
