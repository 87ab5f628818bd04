/** Searching in a room, at the server as it is built, with its index in a file. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ServerFrameOf } from '../protocol/frames';
import { type ChatClient, enterChat } from './support/chatClient';
import { type ServerProcess, startServer } from './support/serverProcess';

const say = (id: string, body: string) => ({ t: 'send', id, room: 'lobby', body }) as const;

/** The bodies that a search finds; asked again while the index is being made. */
async function find(client: ChatClient, text: string): Promise<string[]> {
  let found: ServerFrameOf<'found'> | undefined;
  await expect
    .poll(async () => {
      client.received.length = 0;
      client.send({ t: 'search', room: 'lobby', text });
      const isAnswer = ({ t }: { t: string }) => t === 'found' || t === 'err';
      await expect.poll(() => client.received.some(isAnswer)).toBe(true);
      found = client.received.find((frame) => frame.t === 'found');
      return found?.text;
    })
    .toBe(text);
  return found?.messages.map(({ body }) => body) ?? [];
}

const indexOf = (server: ServerProcess) => join(server.dataDir, 'search.sqlite');

it('finds a Chinese word of two characters, and what was edited, but nothing deleted', async () => {
  const server = await startServer();
  const ann = await enterChat(server.webSocketUrl, 'Ann');
  ann.send(
    say('a', '今天天气很好，我们去公园吧'),
    say('b', 'Weather: 晴天 🌞'),
    say('c', 'unmistakable'),
  );
  const secret = await ann.until('msg', ({ id }) => id === 'c');
  const chinese = await ann.until('msg', ({ id }) => id === 'a');
  expect(await find(ann, '天气')).toEqual(['今天天气很好，我们去公园吧']);
  expect(await find(ann, '公园')).toEqual(['今天天气很好，我们去公园吧']);
  expect(await find(ann, 'weath 🌞')).toEqual(['Weather: 晴天 🌞']);
  expect(await find(ann, 'unmistakable')).toEqual(['unmistakable']);

  const about = ({ seq, mid }: ServerFrameOf<'msg'>) => ({ seq, mid });
  ann.send({ ...say('d', ''), about: { kind: 'delete', ...about(secret) } });
  ann.send({ ...say('e', '明天下雨'), about: { kind: 'edit', ...about(chinese) } });
  await ann.until('ack', ({ id }) => id === 'e');
  expect(await find(ann, 'unmistakable')).toEqual([]);
  expect(await find(ann, '天气')).toEqual([]);
  expect(await find(ann, '下雨')).toEqual(['明天下雨']);
  expect(readFileSync(indexOf(server), 'utf8')).not.toContain('mistakable');
  expect(server.output().stderr).toBe('');
});

it('makes an index that was taken away, or spoilt, out of the log again', async () => {
  const server = await startServer();
  const ann = await enterChat(server.webSocketUrl, 'Ann');
  for (let message = 0; message < 30; message += 1) ann.send(say(`m${message}`, `天气 ${message}`));
  await ann.until('ack', ({ id }) => id === 'm29');
  expect(await find(ann, '天气')).toHaveLength(30);

  const spoils = [
    () => rmSync(indexOf(server)),
    () => writeFileSync(indexOf(server), 'this is no database'.repeat(1_000)),
    () => writeFileSync(indexOf(server), readFileSync(indexOf(server)).fill(0xff, 4_096)),
  ];
  for (const spoil of spoils) {
    await server.kill('SIGTERM');
    spoil();
    await server.start();
    const eve = await enterChat(server.webSocketUrl, 'Eve');
    expect(await find(eve, '天气')).toHaveLength(30);
  }
  // Killed, it goes on from where it was.
  await server.kill('SIGKILL');
  await server.start();
  expect(existsSync(indexOf(server))).toBe(true);
  const kim = await enterChat(server.webSocketUrl, 'Kim');
  kim.send(say('more', 'noch mehr 天气'));
  await kim.until('ack');
  expect(await find(kim, '天气')).toHaveLength(31);
});
