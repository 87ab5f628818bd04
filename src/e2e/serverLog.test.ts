import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { enterChat, openChatClient } from './support/chatClient';
import { type ServerProcess, startServer } from './support/serverProcess';

const logLine = v.looseObject({
  level: v.string(),
  time: v.pipe(v.string(), v.isoTimestamp()),
  msg: v.string(),
});

/** The events that the server has told, oldest first. Fails on a line that is neither one nor the first. */
function eventsOf(server: ServerProcess) {
  const lines = server.output().stdout.trim().split('\n');
  return lines
    .filter((line) => !line.startsWith('Heartline is at '))
    .map((line) => v.parse(logLine, JSON.parse(line)));
}

const wordsOf = (server: ServerProcess) => eventsOf(server).map(({ msg }) => msg);

/** What nothing that is printed may hold. */
const secrets = {
  name: 'Annabel-Quartz',
  room: 'velvet-attic-room',
  body: 'the-fox-is-in-the-henhouse',
  query: 'query-that-nobody-may-see',
};

describe('the log of a running server', () => {
  it('tells at the most talkative level nothing of who says what, where', async () => {
    const server = await startServer(['--log-level', 'trace']);
    const url = `${server.webSocketUrl}?secret=${secrets.query}`;
    const ann = await enterChat(url, secrets.name, secrets.room);
    const { token } = await ann.until('ready');
    const say = { t: 'send', id: 'first-id', room: secrets.room, body: secrets.body } as const;
    ann.send(say);
    await ann.until('ack');
    ann.send(say, { t: 'typing', room: secrets.room });
    await ann.until('ack', ({ dup }) => dup === true);
    // Whatever is refused is refused without quoting it.
    ann.sendRaw(`{"t":"send","body":"${secrets.body}`);
    ann.sendRaw(`{"t":"${secrets.body}"}`);
    ann.send({ t: 'send', id: 'second-id', room: `${secrets.room}-2`, body: secrets.body });
    await ann.until('err', ({ code }) => code === 'not_in_room');
    const again = await openChatClient(url);
    again.send({ t: 'auth', token, name: secrets.name, resume: [] });
    await again.until('ready');
    const forged = await openChatClient(url);
    forged.send({ t: 'auth', token: `${token}x`, name: secrets.name, resume: [] });
    expect(await forged.closed).toBe(4501);
    await fetch(`${server.url}?name=${secrets.name}&room=${secrets.room}#${secrets.query}`);
    await expect(
      openChatClient(`${server.url}${secrets.room}?${secrets.query}`.replace('http', 'ws')),
    ).rejects.toThrow('404');
    expect(await server.kill('SIGTERM')).toBe(0);

    const { stdout, stderr } = server.output();
    expect(wordsOf(server)).toEqual(
      expect.arrayContaining([
        'started',
        'connection opened',
        'message acked',
        'frame refused',
        'client sent away',
        'upgrade refused',
        'flushed',
        'drain begun',
        'connection closed',
        'drain ended',
      ]),
    );
    const signature = token.split('.').at(-1) ?? '';
    for (const secret of [...Object.values(secrets), token, signature]) {
      expect(`${stdout}${stderr}`).not.toContain(secret);
    }
    expect(stderr).toBe('');
  });

  it('tells what a server begins with, and how it ended', async () => {
    const server = await startServer();
    await enterChat(server.webSocketUrl, 'Ann');
    await server.kill('SIGTERM');
    const [started, ...others] = eventsOf(server);
    expect(started).toMatchObject({ msg: 'started', port: server.port, engine: 'sqlite' });
    expect(started).toHaveProperty('version');
    expect(started).toHaveProperty('limits.connections', 20_000);
    expect(others).toMatchObject([
      { level: 'info', msg: 'drain begun', connections: 1 },
      { level: 'info', msg: 'drain ended', connections: 1, unanswered: 0 },
    ]);
  });

  it('prints nothing but where the chat is when it is silent', async () => {
    const server = await startServer(['--log-level', 'silent']);
    await server.kill('SIGTERM');
    expect(server.output().stdout).toMatch(/^Heartline is at http:\/\/localhost:\d+ \(.*\)\n$/);
  });

  it('tells once that messages cannot be stored, and once that they can again', async () => {
    const server = await startServer();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const path = join(server.dataDir, 'log.sqlite');
    await rename(path, `${path}.away`);
    const send = (id: string) => ann.send({ t: 'send', id, room: 'lobby', body: 'hello' });
    for (const id of ['a', 'b', 'c']) {
      send(id);
      await ann.until('err', (frame) => frame.id === id);
    }
    await rename(`${path}.away`, path);
    const isStored = (id: string) =>
      ann.received.some((each) => each.t === 'ack' && each.id === id);
    await expect
      .poll(() => {
        send('d');
        return isStored('d');
      })
      .toBe(true);
    await expect
      .poll(() => wordsOf(server).filter((msg) => msg.startsWith('the message log')))
      .toEqual(['the message log is away', 'the message log takes messages again']);
  });
});
