/** Edits, deletions, reactions, replies and jumps, as the pages' own session does them with the server as it is built. */
import { expect, it } from 'vitest';
import type { ChatMessage } from '../chat/types';
import { startServer } from './support/serverProcess';
import { openSession } from './support/sessionClient';

type Client = ReturnType<typeof openSession>;

const gist = ({ body, deleted, edited, replyTo, reactions = [], change }: ChatMessage) => ({
  body,
  isDeleted: deleted !== undefined,
  isEdited: edited !== undefined,
  answers: replyTo?.body,
  reactions: reactions.map(({ emoji, users }) => `${emoji} ${users.map(({ name }) => name)}`),
  isPending: change !== undefined,
});
const seen = ({ shown }: Client) => shown.messages.map(gist);
const plain = {
  isDeleted: false,
  isEdited: false,
  answers: undefined,
  reactions: [],
  isPending: false,
};
const rowOf = ({ shown }: Client, body: string) =>
  shown.messages.find((message) => message.body === body);
async function placeOf(client: Client, body: string): Promise<number> {
  await expect.poll(() => rowOf(client, body)?.seq).toBeDefined();
  return rowOf(client, body)?.seq ?? 0;
}

it('shows everyone the same, live and to who comes later', async () => {
  const server = await startServer();
  const ann = openSession(server.webSocketUrl, 'Ann');
  const bob = openSession(server.webSocketUrl, 'Bob');
  ann.actions.send('frist');
  ann.actions.send('a mistake');
  const first = await placeOf(bob, 'frist');
  const mistake = await placeOf(bob, 'a mistake');
  bob.actions.send('yes', first);
  bob.actions.react(first, '👍', true);
  bob.actions.react(mistake, '🎉', true);
  await placeOf(ann, 'yes');
  ann.actions.edit(rowOf(ann, 'frist')?.id ?? '', 'first');
  ann.actions.erase(rowOf(ann, 'a mistake')?.id ?? '');
  ann.actions.react(first, '👍', true);

  const expected = [
    { ...plain, body: 'first', isEdited: true, reactions: ['👍 Bob,Ann'] },
    { ...plain, body: '', isDeleted: true },
    { ...plain, body: 'yes', answers: 'first' },
  ];
  await expect.poll(() => seen(bob)).toEqual(expected);
  await expect.poll(() => seen(ann)).toEqual(expected);
  const cyd = openSession(server.webSocketUrl, 'Cyd');
  await expect.poll(() => seen(cyd)).toEqual(expected);
  expect(ann.shown.outbox).toEqual({ waiting: 0, failed: 0 });
  await expect(cyd.actions.exportRoom()).resolves.toMatchObject({
    messages: [
      { body: 'first', reactions: { '👍': ['Bob', 'Ann'] } },
      { body: '', deleted: expect.any(Number) },
      { body: 'yes', replyTo: first },
    ],
  });
});

it('keeps what is changed without a line, shows it at once, and sends it with the next', async () => {
  const server = await startServer();
  const ann = openSession(server.webSocketUrl, 'Ann');
  const bob = openSession(server.webSocketUrl, 'Bob');
  ann.actions.send('before');
  bob.actions.send('of Bob');
  const ofBob = await placeOf(ann, 'of Bob');
  const before = await placeOf(ann, 'before');
  ann.actions.disconnect();
  const { id } = rowOf(ann, 'before') ?? { id: '' };
  ann.actions.edit(id, 'between');
  ann.actions.edit(id, 'after');
  ann.actions.react(ofBob, '👍', true);
  ann.actions.react(ofBob, '🎉', true);
  ann.actions.react(ofBob, '🎉', false);
  ann.actions.search('after');
  expect(ann.shown.search).toMatchObject({ scope: 'loaded', found: [{ seq: before }] });
  expect(ann.shown.outbox).toEqual({ waiting: 2, failed: 0 });
  ann.actions.reconnect();
  await expect.poll(() => rowOf(bob, 'after')?.edited).toBeDefined();
  await expect
    .poll(() => rowOf(bob, 'of Bob')?.reactions?.map(({ emoji }) => emoji))
    .toEqual(['👍']);
  await expect.poll(() => ann.shown.outbox).toEqual({ waiting: 0, failed: 0 });
});

it('takes back what the server refuses: a change of what is gone meanwhile', async () => {
  const server = await startServer();
  const ann = openSession(server.webSocketUrl, 'Ann');
  const bob = openSession(server.webSocketUrl, 'Bob');
  ann.actions.send('soon gone');
  const place = await placeOf(bob, 'soon gone');
  bob.actions.disconnect();
  bob.actions.react(place, '👍', true);
  bob.actions.send('an answer', place);
  ann.actions.erase(rowOf(ann, 'soon gone')?.id ?? '');
  await expect.poll(() => seen(ann)).toMatchObject([{ isDeleted: true }]);
  bob.actions.reconnect();
  await expect.poll(() => bob.shown.outbox).toEqual({ waiting: 0, failed: 1 });
  expect(bob.shown.messages).toMatchObject([
    { deleted: expect.any(Number) },
    { body: 'an answer', state: 'failed', failure: { code: 'no_message' } },
  ]);
  expect(bob.shown.messages[0]?.reactions).toBeUndefined();
  bob.actions.retryAll();
  await expect.poll(() => rowOf(ann, 'an answer')?.seq).toBeDefined();
  expect(rowOf(ann, 'an answer')?.replyTo).toBeUndefined();
});

it('finds, quotes and goes back to what is far up in a room', async () => {
  const server = await startServer();
  const ann = openSession(server.webSocketUrl, 'Ann');
  ann.actions.send('the beginning');
  const place = await placeOf(ann, 'the beginning');
  for (let round = 0; round < 4; round += 1) {
    for (let count = 0; count < 300; count += 1) ann.actions.send(`filler ${round} ${count}`);
    await expect
      .poll(() => ann.shown.outbox, { timeout: 30_000 })
      .toEqual({
        waiting: 0,
        failed: 0,
      });
  }
  ann.actions.send('an answer', place);
  await placeOf(ann, 'an answer');

  const bob = openSession(server.webSocketUrl, 'Bob');
  await expect.poll(() => rowOf(bob, 'an answer')?.replyTo).toEqual({ seq: place });
  expect(rowOf(bob, 'the beginning')).toBeUndefined();
  bob.actions.loadQuote(place);
  await expect.poll(() => rowOf(bob, 'an answer')?.replyTo?.body).toBe('the beginning');
  await expect
    .poll(() => {
      // Asked again while the index is being made.
      const { status, found = [] } = bob.shown.search ?? {};
      if (status !== 'searching' && found.length === 0) bob.actions.search('beginning');
      return bob.shown.search;
    })
    .toMatchObject({ scope: 'room', status: 'done', found: [{ seq: place }] });
  await bob.actions.loadBackTo(place);
  expect(rowOf(bob, 'the beginning')?.seq).toBe(place);
  expect(bob.shown.messages).toHaveLength(1_202);
  await expect(bob.actions.loadBackTo(99_999)).rejects.toThrow('no such message');
});
