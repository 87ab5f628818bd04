/** What whoever runs a server sees of it: its log and its metrics; at the server as it is built. */
import { describe, expect, it } from 'vitest';
import { enterChat, openChatClient } from './support/chatClient';
import { freePort, startServer } from './support/serverProcess';

const say = (id: string, body: string, room = 'lobby') => ({ t: 'send', id, room, body }) as const;

describe('the log', () => {
  it('tells of start, connections and end as JSON lines, and nothing that anybody said or is', async () => {
    const server = await startServer(['--log-level', 'trace']);
    const ann = await enterChat(server.webSocketUrl, 'Ann Secretname', 'secretroom');
    const { token } = await ann.until('ready');
    ann.send(say('a', 'secret words', 'secretroom'));
    await ann.until('ack');
    // What is refused is refused without being quoted.
    ann.sendRaw('{"t":"send","body":"secret words');
    ann.sendRaw('{"t":"secret words"}');
    ann.send(say('b', 'secret words', 'othersecretroom'));
    await ann.until('err', ({ code }) => code === 'not_in_room');
    await fetch(`${server.url}?name=secretname&room=secretroom`);
    const elsewhere = server.webSocketUrl.replace(/ws$/, 'secretroom?secretquery');
    await expect(openChatClient(elsewhere)).rejects.toThrow('404');
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
