/** Somebody has put something else to one room's key in Redis: that room waits, all else goes on. */
import { expect, it } from 'vitest';
import { redisKeys } from '../server/redis/keys';
import { enterChat, openChatClient, say } from './support/chatClient';
import { startRedis } from './support/redis';
import { startServer } from './support/serverProcess';

const keys = redisKeys();

it('a room that is damaged in Redis waits until it is put right, and is named once', async () => {
  const redis = await startRedis();
  const server = await startServer(['--redis', redis.url, '--log-level', 'warn']);
  const ann = await enterChat(server.webSocketUrl, 'Ann');
  ann.send({ t: 'join', room: 'tea' });
  expect(await say(ann, 'before')).toBe('acked');

  const key = keys.roomLog('lobby');
  await redis.command('COPY', key, 'aside');
  await redis.command('SET', key, 'gone');
  const strangers = await Promise.all(
    ['Bob', 'Eve', 'Joe'].map(async (name) => {
      const client = await openChatClient(server.webSocketUrl);
      const rooms = ['lobby', 'tea'].map((room) => ({ t: 'join', room }) as const);
      client.send({ t: 'auth', name, resume: [] }, ...rooms);
      client.send({ t: 'watch', rooms: [{ room: 'lobby' }, { room: 'tea' }] });
      const refusal = await client.until('err', ({ room }) => room === 'lobby');
      expect(refusal).toMatchObject({ code: 'unavailable', retry: true, instead: 'sync' });
      await client.until('sync', ({ room }) => room === 'tea');
      await client.until('summary', ({ room }) => room === 'tea');
      return client;
    }),
  );
  expect(await say(ann, 'meanwhile')).toBe('unavailable true');
  ann.send({ t: 'send', id: 'tea', room: 'tea', body: 'and here?' });
  await ann.until('ack', ({ id }) => id === 'tea');
  await Promise.all(strangers.map((each) => each.until('msg', ({ id }) => id === 'tea')));

  // Whoever tries again and again is no reason to say more.
  const refusals = () => ann.received.filter((frame) => frame.t === 'err' && frame.id === 'again');
  for (let tries = 1; tries <= 20; tries += 1) {
    ann.send({ t: 'send', id: 'again', room: 'lobby', body: 'again' });
    await expect.poll(refusals).toHaveLength(tries);
  }
  const lines = server.output().stderr.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      room: 'lobby',
      what: `${key} is a string, and not a stream`,
      msg: 'a room is damaged in Redis',
    }),
  ]);
  expect((await fetch(`${server.url}healthz`)).status).toBe(200);

  await redis.command('RENAME', 'aside', key);
  const pages = strangers.map((each) => each.until('sync', ({ room }) => room === 'lobby'));
  for (const { messages } of await Promise.all(pages)) {
    expect(messages.map(({ body }) => body)).toEqual(['before']);
  }
  const [bob = ann] = strangers;
  expect(await say(bob, 'after')).toBe('acked');
  await ann.until('msg', ({ body }) => body === 'after');
  const all = [ann, ...strangers];
  expect(all.map(({ socket }) => socket.readyState)).toEqual(all.map(({ socket }) => socket.OPEN));
});
