/** How far somebody has read: the same on all their devices, and after a restart. */
import { expect, it } from 'vitest';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { startServer } from './support/serverProcess';

const say = (id: string, body = `body of ${id}`) => ({ t: 'send', id, room: 'tea', body }) as const;
const watchTea: ClientFrame = { t: 'watch', rooms: [{ room: 'tea' }] };

const unreadOf = ({ texts, read }: ServerFrameOf<'summary'>) => texts - (read?.texts ?? 0);
const lastUnread = (client: ChatClient) => {
  const summaries = client.received.filter((frame) => frame.t === 'summary');
  const last = summaries.at(-1);
  return last && unreadOf(last);
};

it('two devices of one person agree on what is unread, and it survives a restart', async () => {
  const server = await startServer();
  const url = server.webSocketUrl;
  const ann = await enterChat(url, 'Ann', 'tea');
  const desk = await enterChat(url, 'Bob', 'tea');
  const { token } = await desk.until('ready');
  const phone = await openChatClient(url);
  phone.send({ t: 'auth', name: 'Bob', token, resume: [] }, watchTea);
  expect(unreadOf(await phone.until('summary'))).toBe(0);

  for (const id of ['a', 'b', 'c', 'd']) ann.send(say(id));
  const last = await desk.until('msg', ({ id }) => id === 'd');
  await expect.poll(() => lastUnread(phone)).toBe(4);
  // What is no message for people counts for nothing.
  ann.send({ ...say('r', '👍'), about: { kind: 'react', seq: last.seq, mid: last.mid } });
  desk.send({ t: 'read', room: 'tea', seq: last.seq - 1 });
  await expect.poll(() => lastUnread(phone)).toBe(1);
  const told = await ann.until('reads');
  expect(told.marks).toEqual([{ user: (await desk.until('ready')).user, seq: last.seq - 1 }]);

  await server.kill('SIGTERM');
  await server.start();
  const back = await openChatClient(url);
  back.send({ t: 'auth', name: 'Bob', token, resume: [] }, watchTea, { t: 'join', room: 'tea' });
  const summary = await back.until('summary');
  expect(summary).toMatchObject({
    texts: 4,
    read: { seq: last.seq - 1, texts: 3 },
    last: { body: 'body of d', from: { name: 'Ann' } },
  });
  expect((await back.until('reads')).marks).toEqual(told.marks);
  back.send({ t: 'read', room: 'tea', seq: 1_000_000 });
  await expect.poll(() => lastUnread(back)).toBe(0);
});
