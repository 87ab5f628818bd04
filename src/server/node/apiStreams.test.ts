/** Streams over HTTP, on a real port. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ServerFrame } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { roomOfKey } from '../../protocol/privateRoom';
import type { ChatServer } from '../chat/chatServer';
import { bearer, startApi } from './testApi';

/** A line without a network between. */
function openLine(chat: ChatServer, receive: (text: string) => void, closed = () => {}) {
  return chat.accept({
    address: 'here',
    send: receive,
    sendShared: ({ texts }) => texts.forEach(receive),
    cork() {},
    uncork() {},
    unreadBytes: () => 0,
    flushed: async () => {},
    close: closed,
    terminate() {},
    pause() {},
    resume() {},
  });
}

/** On a line of the same user, which then ends. */
function signOut(chat: ChatServer, token: string): Promise<void> {
  return new Promise((closed) => {
    openLine(chat, () => {}, closed).receive(
      encode([{ t: 'auth', token, name: 'Build', resume: [] }, { t: 'signout' }]),
    );
  });
}

/** Somebody in the room. */
function createReader(chat: ChatServer, room: string) {
  const received: ServerFrame[] = [];
  const receive = (text: string) => {
    for (const decoded of decodeServerMessage(text)) {
      if ('frame' in decoded) received.push(decoded.frame);
    }
  };
  openLine(chat, receive).receive(
    encode([
      { t: 'auth', name: 'Ann', resume: [] },
      { t: 'join', room },
    ]),
  );
  /** What is shown of the message that is being written, by its pieces. */
  const shown = () => {
    let text = '';
    for (const frame of received)
      if (frame.t === 'stream') text = text.slice(0, frame.at) + frame.text;
    return text;
  };
  return { received, shown };
}

const headOf = (token: string, path = '/api/rooms/tea/stream', more: readonly string[] = []) =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Transfer-Encoding: chunked',
    ...more,
    '\r\n',
  ].join('\r\n');

const chunk = (bytes: string | Uint8Array) =>
  Buffer.concat([
    Buffer.from(`${Buffer.byteLength(bytes).toString(16)}\r\n`),
    Buffer.from(bytes as Uint8Array),
    Buffer.from('\r\n'),
  ]);

const lastChunk = '0\r\n\r\n';

/** The JSON of the one answer that was heard. */
function answerIn(heard: string): { status: number; body: Record<string, unknown> } {
  const [head = '', text = '{}'] = heard.split('\r\n\r\n');
  const body: unknown = JSON.parse(text);
  const status = Number(head.split(' ')[1]);
  return { status, body: typeof body === 'object' && body !== null ? { ...body } : {} };
}

async function startStream(
  options: Parameters<typeof startApi>[0] = {},
  path?: string,
  more?: readonly string[],
) {
  const world = await startApi(options);
  const token = await world.tokenOf('Build');
  const reader = createReader(world.chat, 'tea');
  const begin = async (asToken = token) => {
    const { line, heard } = await world.openLine();
    line.write(headOf(asToken, path, more));
    const answer = async () => {
      await expect.poll(heard).toMatch(/\r\n\r\n[\s\S]*\n$/);
      return answerIn(heard());
    };
    return { line, heard, answer };
  };
  return { ...world, token, reader, begin };
}

const hasEnded = (line: Socket) => once(line, 'close');

describe('POST /api/rooms/:room/stream', () => {
  it('shows what comes as it comes, and keeps it as one message', async () => {
    const { begin, reader, kept } = await startStream({}, undefined, ['Idempotency-Key: build-1']);
    const { line, answer } = await begin();
    line.write(chunk('compiling…\n'));
    await expect.poll(reader.shown).toBe('compiling…\n');
    // A character may come in halves.
    const heart = Buffer.from('💓');
    line.write(chunk(heart.subarray(0, 2)));
    line.write(chunk(heart.subarray(2)));
    await expect.poll(reader.shown).toBe('compiling…\n💓');
    expect(await kept()).toEqual([]);
    line.write(chunk(' done\n') + lastChunk);
    const { status, body } = await answer();
    const [message] = await kept();
    expect(message).toMatchObject({ id: 'build-1', body: 'compiling…\n💓 done' });
    expect(status).toBe(201);
    const { seq, mid, at } = message ?? {};
    expect(body).toEqual({ id: 'build-1', room: 'tea', seq, mid, at });
  });

  it('is there once, however often it is said', async () => {
    const { token, ask, kept } = await startStream();
    const say = () =>
      ask('/api/rooms/tea/stream', {
        method: 'PUT',
        body: 'the same',
        headers: { ...bearer(token), 'idempotency-key': 'build-2' },
      });
    const [first, second] = [await say(), await say()];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(await kept()).toHaveLength(1);
  });

  it('is told that its message was broken off, when it says that again, at both doors', async () => {
    const { begin, reader, token, ask, kept } = await startStream({}, undefined, [
      'Idempotency-Key: build-3',
    ]);
    const { line } = await begin();
    line.write(chunk('half'));
    await expect.poll(reader.shown).toBe('half');
    line.resetAndDestroy();
    await expect.poll(kept).toMatchObject([{ body: 'half', cut: true }]);
    for (const path of ['stream', 'stream?split', 'messages']) {
      const again = await ask(`/api/rooms/tea/${path}`, {
        body: 'half and the rest',
        headers: { ...bearer(token), 'idempotency-key': 'build-3', 'content-type': 'text/plain' },
      });
      expect([again.status, again.body.cut]).toEqual([200, true]);
    }
    expect(await kept()).toHaveLength(1);
  });

  it('takes text of any type but JSON, and none that is compressed', async () => {
    const { token, ask } = await startStream();
    const typeAnswer = async (headers: Record<string, string>) => {
      const answer = await ask('/api/rooms/tea/stream', {
        body: 'x',
        headers: { ...bearer(token), ...headers },
      });
      return answer.status;
    };
    expect(await typeAnswer({ 'content-type': 'application/octet-stream' })).toBe(201);
    expect(await typeAnswer({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(201);
    expect(await typeAnswer({ 'content-type': 'application/json' })).toBe(415);
    expect(await typeAnswer({ 'content-type': 'text/plain; charset=utf-16' })).toBe(415);
    expect(await typeAnswer({ 'content-encoding': 'gzip' })).toBe(415);
  });

  it('opens a private room by its key only, and answers a message', async () => {
    const { token, ask, kept } = await startStream();
    const key = 'abcdefghijklmnopqrstuv';
    const room = roomOfKey(key);
    const say = (headers: Record<string, string>, query = '') =>
      ask(`/api/rooms/${room}/stream${query}`, {
        body: 'x',
        headers: { ...bearer(token), ...headers },
      });
    expect((await say({})).status).toBe(403);
    const first = await say({ 'heartline-room-key': key });
    expect(first.status).toBe(201);
    const { seq, mid } = first.body;
    await say({ 'heartline-room-key': key }, `?replyTo=${seq}:${mid}`);
    expect((await kept(room))[1]?.about).toEqual({ kind: 'reply', seq: 1 });
  });

  it('is nothing without a text', async () => {
    const { token, ask, kept } = await startStream();
    const answer = await ask('/api/rooms/tea/stream', { body: '\n', headers: bearer(token) });
    expect([answer.status, answer.body.error]).toEqual([
      400,
      { code: 'empty', message: 'a message needs a text' },
    ]);
    expect(await kept()).toEqual([]);
  });

  it('leaves what was shown, as broken off, when its program is gone', async () => {
    const { begin, reader, kept, gate } = await startStream();
    const { line } = await begin();
    line.write(chunk('half a'));
    await expect.poll(reader.shown).toBe('half a');
    line.resetAndDestroy();
    await expect.poll(kept).toMatchObject([{ body: 'half a', cut: true }]);
    await expect.poll(() => gate.size).toBe(0);
  });

  it('cuts a text that is too long, keeps its beginning, says so, and reads no more', async () => {
    const { begin, kept } = await startStream();
    const { line, heard, answer } = await begin();
    const ended = hasEnded(line);
    line.write(chunk('x'.repeat(limits.bodyLength)));
    line.write(chunk('and more'));
    await expect.poll(heard).toContain('too_long');
    const { status, body } = await answer();
    const [message] = await kept();
    expect(message).toMatchObject({ body: 'x'.repeat(limits.bodyLength), cut: true });
    expect(status).toBe(413);
    expect(body).toMatchObject({
      error: { code: 'too_long', message: expect.stringContaining('10,000 characters') },
      kept: { seq: 1, mid: message?.mid },
    });
    // Though it goes on sending.
    const flood = setInterval(() => line.write(chunk('x'.repeat(1_000))), 5);
    await ended;
    clearInterval(flood);
  });

  it('goes on in further messages where it is told to, without end', async () => {
    const { begin, kept } = await startStream({}, '/api/rooms/tea/stream?split=1', [
      'Idempotency-Key: log',
    ]);
    const { line, answer } = await begin();
    line.write(chunk('one\n'));
    await expect.poll(kept, { timeout: 5_000 }).toHaveLength(1);
    const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n}`);
    line.write(chunk(`${lines.join('\n')}\n`));
    await expect.poll(kept, { timeout: 5_000 }).toHaveLength(3);
    line.write(chunk('last\n') + lastChunk);
    const { status, body } = await answer();
    const messages = await kept();
    expect(messages.map(({ body: text }) => text).join('\n')).toBe(
      ['one', ...lines, 'last'].join('\n'),
    );
    expect(messages.map(({ id }) => id)).toEqual(['log', 'log-2', 'log-3', 'log-4']);
    expect(messages.some(({ cut }) => cut)).toBe(false);
    expect(status).toBe(201);
    expect(body).toMatchObject({ messages: 4, first: { id: 'log', seq: 1 }, last: { seq: 4 } });
  });

  it.each(['0', '51', '1.5', 'often'])('does not know how to split by %s', async (split) => {
    const { token, ask } = await startStream();
    const answer = await ask(`/api/rooms/tea/stream?split=${split}`, {
      body: 'x',
      headers: bearer(token),
    });
    expect(answer.body.error).toMatchObject({
      code: 'bad_field',
      message: expect.stringContaining('1 to 50 seconds'),
    });
  });
});

describe('streams', () => {
  it('are several at once, each by itself', async () => {
    const { begin, kept } = await startStream();
    const [one, two] = [await begin(), await begin()];
    for (let n = 0; n < 50; n += 1) {
      one.line.write(chunk(`a${n} `));
      two.line.write(chunk(`b${n} `));
    }
    for (const { line } of [one, two]) line.write(lastChunk);
    await Promise.all([one.answer(), two.answer()]);
    const all = (letter: string) => Array.from({ length: 50 }, (_, n) => `${letter}${n} `).join('');
    expect((await kept()).map(({ body }) => body).sort()).toEqual([all('a'), all('b')]);
  });

  it('are only so many of one user, from one address, and in all', async () => {
    for (const [streamLimits, code, status] of [
      [{ perUser: 1 }, 'too_many_streams', 429],
      [{ perAddress: 1 }, 'too_many_streams', 429],
      [{ total: 1 }, 'full', 503],
    ] as const) {
      const { begin, token, ask, reader } = await startStream({ streamLimits });
      const { line, answer } = await begin();
      line.write(chunk('one'));
      await expect.poll(reader.shown).toBe('one');
      const say = () => ask('/api/rooms/tea/stream', { body: 'two', headers: bearer(token) });
      const refused = await say();
      expect(refused.status).toBe(status);
      expect(refused.body.error).toMatchObject({ code });
      expect(refused.headers.get('retry-after')).toBe('10');
      line.write(lastChunk);
      await answer();
      expect((await say()).status).toBe(201);
    }
  });

  it('leave a line quiet for longer than others may be, but not who begins none', async () => {
    const { begin, token, openLine, reader } = await startStream({}, '/api/rooms/tea/stream?split');
    const stream = await begin();
    const other = await openLine();
    const ended = hasEnded(other.line);
    other.line.write(
      `POST /api/rooms/tea/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nslow`,
    );
    await ended;
    expect(other.heard()).toMatch(/^HTTP\/1.1 408 /);
    stream.line.write(chunk('still here'));
    await expect.poll(reader.shown).toBe('still here');
  });

  it('end with the server, which keeps what had come and says so', async () => {
    const { begin, reader, api, kept, ask, token } = await startStream();
    const { line, answer } = await begin();
    line.write(chunk('half a'));
    await expect.poll(reader.shown).toBe('half a');
    await api.end(1_000);
    expect(await answer()).toMatchObject({
      status: 503,
      body: { error: { code: 'draining' }, kept: { seq: 1 } },
    });
    expect(await kept()).toMatchObject([{ body: 'half a', cut: true }]);
    if (!line.closed) await hasEnded(line);
    const late = await ask('/api/rooms/tea/stream', { body: 'late', headers: bearer(token) });
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('end at once when their user signs out, and keep what came before, which they say', async () => {
    const { begin, reader, token, chat, kept } = await startStream();
    const { line, answer } = await begin();
    line.write(chunk('half a'));
    await expect.poll(reader.shown).toBe('half a');
    await signOut(chat, token);
    line.write(chunk(' and what nobody should see'));
    expect(await answer()).toMatchObject({
      status: 401,
      body: { error: { code: 'bad_token' }, kept: { room: 'tea', seq: 1 } },
    });
    expect(await kept()).toMatchObject([{ body: 'half a', cut: true }]);
  });

  it('are not for who has no token, or another type', async () => {
    const { begin } = await startStream();
    const { line, answer } = await begin('made-up');
    const ended = hasEnded(line);
    line.write(chunk('x'));
    expect(await answer()).toMatchObject({ status: 401, body: { error: { code: 'bad_token' } } });
    await ended;
  });
});
