/**
 * Edits, deletions, reactions and replies at the server as it is built: who may do what to whose message,
 * what comes of it after a crash, and that what was deleted lies in no file any more.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { About, AboutSent } from '../protocol/about';
import type { ClientFrameOf, ServerFrameOf } from '../protocol/frames';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { readRoom } from './support/readRoom';
import { type ServerProcess, startServer } from './support/serverProcess';

type Ack = ServerFrameOf<'ack'>;

const message = (id: string, body: string, about?: AboutSent): ClientFrameOf<'send'> => ({
  t: 'send',
  id,
  room: 'lobby',
  body,
  ...(about && { about }),
});

const to = (kind: About['kind'], { seq, mid }: Pick<Ack, 'seq' | 'mid'>) => ({ kind, seq, mid });

async function ackOf(client: ChatClient, frame: ClientFrameOf<'send'>): Promise<Ack> {
  client.send(frame);
  return client.until('ack', ({ id }) => id === frame.id);
}

async function refusalOf(client: ChatClient, frame: ClientFrameOf<'send'>) {
  client.send(frame);
  return client.until('err', ({ id }) => id === frame.id);
}

/** Comes in again as who `client` is, on a line of its own. */
async function comeBack(server: ServerProcess, client: ChatClient): Promise<ChatClient> {
  const { token, user } = await client.until('ready');
  const again = await openChatClient(server.webSocketUrl);
  again.send({ t: 'auth', token, name: user.name, resume: [] }, { t: 'join', room: 'lobby' });
  await again.until('sync');
  return again;
}

describe('what is done to a message', () => {
  it('is refused on the line where it may not be, to nobody else, and the chat goes on', async () => {
    const { webSocketUrl } = await startServer();
    const ann = await enterChat(webSocketUrl, 'Ann');
    const bob = await enterChat(webSocketUrl, 'Bob');
    const anns = await ackOf(ann, message('anns', 'mine'));
    const gone = await ackOf(ann, message('gone', 'soon gone'));
    await ackOf(ann, message('deletion', '', to('delete', gone)));
    const like = await ackOf(bob, message('like', '👍', to('react', anns)));

    const missing = { seq: 1_000_000, mid: anns.mid };
    const cases: [ClientFrameOf<'send'>, string][] = [
      [message('1', 'not yours', to('edit', anns)), 'not_author'],
      [message('2', '', to('delete', anns)), 'not_author'],
      [message('3', 'nothing', to('edit', missing)), 'no_message'],
      [message('4', '', to('delete', missing)), 'no_message'],
      [message('5', 'nothing', to('reply', missing)), 'no_message'],
      [message('6', '👍', to('react', { ...anns, mid: 'another' })), 'no_message'],
      [message('7', '👍', to('react', gone)), 'no_message'],
      [message('8', '', to('delete', like)), 'no_message'],
      [message('9', 'no emoji', to('react', anns)), 'bad_frame'],
    ];
    for (const [frame, code] of cases) {
      expect(await refusalOf(bob, frame)).toMatchObject({ code, retry: false });
    }
    expect(bob.received.filter(({ t }) => t === 'ack')).toHaveLength(1);

    const reply = await ackOf(bob, message('reply', 'well', to('reply', anns)));
    expect(reply.seq).toBe(like.seq + 1);
    const told = await ann.until('msg', ({ id }) => id === 'reply');
    expect(told).toMatchObject({ body: 'well', about: { kind: 'reply', seq: anns.seq } });
    const heard = ann.received.filter((frame) => frame.t === 'msg');
    expect(heard.map(({ id }) => id)).toEqual(['anns', 'gone', 'deletion', 'like', 'reply']);
    const { messages } = await readRoom(webSocketUrl);
    expect(messages[0]).toMatchObject({ id: 'anns', body: 'mine' });
    expect(messages[0]).not.toHaveProperty('edited');
    expect(messages[1]).toMatchObject({ id: 'gone', body: '', deleted: expect.any(Number) });
  });

  it('is done once, however often it is sent, over a kill -9 too', async () => {
    const server = await startServer();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const first = await ackOf(ann, message('first', 'one'));
    const edit = message('edit', 'two', to('edit', first));
    const like = message('like', '👍', to('react', first));
    const deletion = message('deletion', '', to('delete', first));
    const frames = [edit, like, deletion];
    const acks: Ack[] = [];
    for (const frame of frames) acks.push(await ackOf(ann, frame));
    const { messages } = await readRoom(server.webSocketUrl);
    expect(messages.map(({ body }) => body)).toEqual(['', '', '👍', '']);

    await server.kill('SIGKILL');
    await server.start();
    const again = await comeBack(server, ann);
    for (const [index, frame] of frames.entries()) {
      expect(await ackOf(again, frame)).toEqual({ ...acks[index], dup: true });
    }
    expect((await readRoom(server.webSocketUrl)).messages).toEqual(messages);
  });
});

describe('what was deleted', () => {
  /** One word, that nothing else has: it would be found in an index as well. */
  const secret = 'xylographic7391';

  async function filesWithIt({ dataDir }: ServerProcess): Promise<string[]> {
    const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(names.map((name) => readFile(name)));
    return names.filter((_, index) => contents[index]?.includes(secret));
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'lies in no file of the data folder once the server has stopped, be it after %s',
    async (signal) => {
      const server = await startServer();
      const ann = await enterChat(server.webSocketUrl, 'Ann');
      await ackOf(ann, message('before', 'before'));
      const long = await ackOf(ann, message('long', `${secret} `.repeat(500)));
      const edited = await ackOf(ann, message('edited', 'harmless'));
      await ackOf(ann, message('after', 'after'));
      await ackOf(ann, message('edit-1', `now with ${secret}`, to('edit', edited)));
      await ackOf(ann, message('edit-2', 'harmless again', to('edit', edited)));
      expect(await filesWithIt(server)).not.toEqual([]);
      await ackOf(ann, message('deletion', '', to('delete', long)));

      await server.kill(signal);
      if (signal === 'SIGKILL') {
        await server.start();
        await server.kill('SIGTERM');
      }
      expect(await filesWithIt(server)).toEqual([]);

      await server.start();
      const { messages } = await readRoom(server.webSocketUrl);
      expect(messages.map(({ body }) => body)).toEqual([
        'before',
        '',
        'harmless again',
        'after',
        '',
        'harmless again',
        '',
      ]);
    },
  );
});
