import { expect, it } from 'vitest';
import { shownTexts } from '../chat/room/testReader';
import { createTestChat, settle, type TestClient } from '../chat/testChat';
import { createMemoryLog } from '../log/memoryLog';
import { createLaterStreams } from './laterStreams';

const piece = (at: number, text: string, fields: { cut?: true; id?: string } = {}) =>
  ({ t: 'stream', id: 'a', room: 'tea', at, text, ...fields }) as const;
const say = (body: string) => ({ t: 'send', id: 'a', room: 'tea', body }) as const;
const shown = (client: TestClient) => shownTexts(client.received);

async function createWorld() {
  const log = createMemoryLog('epoch-1');
  const chat = createTestChat(log, { streams: createLaterStreams });
  const ann = await chat.enter('Ann', 'tea');
  const bob = await chat.enter('Bob', 'tea');
  return { ...chat, log, ann, bob };
}

it('what is written first is shown once the code is there, in its order', async () => {
  const { ann, bob } = await createWorld();
  ann.send(piece(0, 'one '), piece(4, 'two '), piece(0, '', { id: 'b' }));
  ann.send(piece(8, 'three'), piece(0, '', { id: 'b', cut: true }));
  await expect.poll(() => shown(bob)).toEqual({ a: 'one two three…' });
  ann.send(piece(13, ' four'));
  expect(shown(bob)).toEqual({ a: 'one two three four…' });
  expect(ann.all('err')).toEqual([]);
});

it('what was sent before the code is there does not begin again', async () => {
  const { ann, bob } = await createWorld();
  ann.send(piece(0, 'one '), say('one two'), piece(4, 'two'), piece(0, 'other', { id: 'b' }));
  await expect.poll(() => shown(bob)).toEqual({ a: 'one two', b: 'other…' });
  ann.send(piece(4, 'two'));
  expect(ann.last('err')).toMatchObject({ id: 'a', code: 'stream_ended' });
});

it('a writer who has left before the code is there has broken off', async () => {
  const { ann, bob } = await createWorld();
  ann.send(piece(0, 'one '));
  ann.end(1000);
  await expect.poll(() => shown(bob)).toEqual({ a: 'one †' });
});

it('a server that ends waits for the code, and keeps what was written', async () => {
  const { ann, bob, server, time } = await createWorld();
  ann.send(piece(0, 'one '));
  await server.drain([500, 3_000]);
  expect(shown(bob)).toEqual({ a: 'one †' });
  for (const client of [ann, bob]) client.end(4001);
  await settle();
  expect(time.armed).toBe(0);
});

it('where nobody writes nothing is waited for', async () => {
  const { ann, bob, server } = await createWorld();
  ann.send(say('one'));
  await settle();
  await server.drain([500, 3_000]);
  expect(shown(bob)).toEqual({ a: 'one' });
});
