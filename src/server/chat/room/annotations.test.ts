/** What is about an earlier message: an edit, a deletion, a reaction or a reply, as a connection has it. */
import { describe, expect, it } from 'vitest';
import type { About } from '../../../protocol/about';
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, settle, type TestClient } from '../testChat';

const said = (id: string, body = `body of ${id}`) =>
  ({ t: 'send', id, room: 'tea', body }) as const;

/** A message that is about the one that was acked so. */
const about = (
  kind: About['kind'],
  { seq, mid }: Pick<ServerFrameOf<'ack'>, 'seq' | 'mid'>,
  id: string,
  body = `body of ${id}`,
): ClientFrameOf<'send'> => ({ ...said(id, body), about: { kind, seq, mid } });

async function createWorld() {
  const log = createMemoryLog('epoch-1');
  const chat = createTestChat(log);
  const ann = await chat.enter('Ann', 'tea');
  const bob = await chat.enter('Bob', 'tea');
  async function send(client: TestClient, ...frames: ClientFrameOf<'send'>[]) {
    client.send(...frames);
    await settle();
  }
  return {
    ...chat,
    log,
    ann,
    bob,
    send,
    /** What the client says, once it is acked. */
    async say(client: TestClient, id: string, body?: string) {
      await send(client, said(id, body));
      return client.last('ack');
    },
  };
}

describe('a message that is about another', () => {
  it.each(['reply', 'edit', 'react', 'unreact'] as const)(
    'is acked and told to all like one, with what it is: %s',
    async (kind) => {
      const { ann, bob, send, say } = await createWorld();
      const first = await say(ann, 'first');
      await send(ann, about(kind, first, 'second', '👍'));
      expect(ann.last('ack')).toMatchObject({ id: 'second', seq: 2 });
      for (const client of [ann, bob]) {
        const told = client.last('msg');
        expect(told).toMatchObject({ id: 'second', seq: 2, body: '👍' });
        // Without what only the server is to know it by.
        expect(told.about).toStrictEqual({ kind, seq: 1 });
      }
    },
  );

  it('as a deletion leaves nothing to be read by who comes later', async () => {
    const { ann, send, say, enter } = await createWorld();
    const first = await say(ann, 'first', 'the secret');
    await send(ann, about('edit', first, 'edit', 'the new secret'));
    // Who comes before is sent the page that has it.
    const kim = await enter('Kim', 'tea');
    expect(kim.last('sync').messages[0]?.body).toBe('the new secret');
    await send(ann, about('delete', first, 'delete', ''));
    const eve = await enter('Eve', 'tea');
    expect(eve.last('sync').messages).toMatchObject([{ body: '' }, { body: '' }, { body: '' }]);
    expect(JSON.stringify(eve.received)).not.toContain('secret');
  });

  it('is told in pages as it is by now', async () => {
    const { ann, send, say, enter } = await createWorld();
    const first = await say(ann, 'first');
    await send(ann, about('edit', first, 'edit', 'better'));
    const eve = await enter('Eve', 'tea');
    expect(eve.last('sync').messages[0]).toMatchObject({ id: 'first', body: 'better' });
    expect(eve.last('sync').messages[0]).toHaveProperty('edited');
    eve.send({ t: 'history', room: 'tea', before: 2, limit: 1 });
    await settle();
    expect(eve.last('history').messages).toEqual(eve.last('sync').messages.slice(0, 1));
  });
});

describe('a message that may not be about another', () => {
  it.each([
    ['edit', 'not_author'],
    ['delete', 'not_author'],
  ] as const)("as an %s of another's is refused, and nobody is told", async (kind, code) => {
    const { ann, bob, send, say, log } = await createWorld();
    const first = await say(ann, 'first');
    ann.clear();
    await send(bob, about(kind, first, 'bad', kind === 'delete' ? '' : 'changed'));
    expect(bob.last('err')).toMatchObject({ id: 'bad', code, retry: false });
    expect(bob.last('err').message).toMatch(/wrote/);
    expect(ann.received).toEqual([]);
    expect(await log.head('tea')).toMatchObject({ seq: 1 });
  });

  it.each(['reply', 'edit', 'delete', 'react', 'unreact'] as const)(
    'as a message is not there is refused: %s',
    async (kind) => {
      const { ann, send, say } = await createWorld();
      const { mid } = await say(ann, 'first');
      const body = kind === 'delete' ? '' : '👍';
      await send(ann, about(kind, { seq: 9, mid }, 'bad', body));
      expect(ann.last('err')).toMatchObject({ id: 'bad', code: 'no_message', retry: false });
    },
  );

  it('is refused once the message was deleted', async () => {
    const { ann, bob, send, say } = await createWorld();
    const first = await say(ann, 'first');
    await send(ann, about('delete', first, 'gone', ''));
    await send(bob, about('react', first, 'late', '👍'));
    expect(bob.last('err')).toMatchObject({ id: 'late', code: 'no_message' });
  });

  it.each([
    ['react', 'yes', 'a reaction is one emoji'],
    ['unreact', '👍👍', 'a reaction is one emoji'],
    ['delete', 'text', 'a deletion has no text'],
    ['edit', '', 'a message needs a text'],
  ] as const)('by its text is a bad frame: %s with "%s"', async (kind, body, why) => {
    const { ann, send, say } = await createWorld();
    const first = await say(ann, 'first');
    await send(ann, about(kind, first, 'bad', body));
    const error = ann.last('err');
    expect(error).toMatchObject({ id: 'bad', code: 'bad_frame' });
    expect(error.message).toContain(`"body" is wrong: ${why}`);
  });
});

describe('what is sent around it', () => {
  it('is answered and told in the order of sending, be it refused or not', async () => {
    const { ann, bob, send, say } = await createWorld();
    const first = await say(ann, 'first');
    ann.clear();
    bob.clear();
    await send(
      ann,
      said('a'),
      about('edit', first, 'b'),
      said('c'),
      about('edit', { seq: 9, mid: 'm' }, 'd'),
      about('reply', first, 'e'),
      said('f'),
    );
    const answers = ann.received.flatMap((frame) =>
      frame.t === 'ack' || frame.t === 'err' ? [`${frame.t} ${frame.id}`] : [],
    );
    expect(answers).toEqual(['ack a', 'ack b', 'ack c', 'err d', 'ack e', 'ack f']);
    expect(bob.all('msg').map(({ id, seq }) => [id, seq])).toEqual([
      ['a', 2],
      ['b', 3],
      ['c', 4],
      ['e', 5],
      ['f', 6],
    ]);
  });

  it('under a repeated id gets the first ack, and is not told again', async () => {
    const { ann, bob, send, say } = await createWorld();
    const first = await say(ann, 'first');
    await send(ann, about('edit', first, 'edit'));
    const acked = ann.last('ack');
    await send(ann, about('delete', first, 'gone', ''));
    bob.clear();
    await send(ann, about('edit', first, 'edit'));
    expect(ann.last('ack')).toEqual({ ...acked, dup: true });
    expect(bob.received).toEqual([]);
  });
});
