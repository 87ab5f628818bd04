/** Tokens and messages over HTTP, on a real port. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits';
import { roomOfKey } from '../../protocol/privateRoom';
import { defaultAllowances } from '../chat/limits/allowances';
import { LogUnavailableError } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { defaultConnectionLimits } from './connectionGate';
import { type Answered, bearer, startApi } from './testApi';

const roomKey = 'abcdefghijklmnopqrstuv';

/** How a request was refused. */
const whyOf = ({ status, body }: Answered) => {
  const { error } = body;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : 'none';
  return [status, code];
};

const messageOf = ({ body }: Answered) => JSON.stringify(body.error);

/** A program with a token, and what it says in a room. */
async function startProgram(options: Parameters<typeof startApi>[0] = {}) {
  const world = await startApi(options);
  const token = await world.tokenOf('Build');
  const say = (value: unknown, headers: Record<string, string> = {}, room = 'tea') =>
    world.ask(`/api/rooms/${room}/messages`, world.json(value, { ...bearer(token), ...headers }));
  const sayText = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    world.ask('/api/rooms/tea/messages', {
      body: body ?? null,
      headers: { 'content-type': 'text/plain', ...bearer(token), ...headers },
    });
  return { ...world, token, say, sayText };
}

describe('POST /api/tokens', () => {
  it('makes a new guest, with a token and for how long it holds', async () => {
    const { ask, json } = await startApi();
    const { status, headers, body } = await ask('/api/tokens', json({ name: ' Build ' }));
    expect(status).toBe(201);
    expect(body).toEqual({
      user: { id: expect.any(String), name: 'Build' },
      token: expect.any(String),
      expiresIn: expect.any(Number),
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const second = await ask('/api/tokens', json({ name: 'Build' }));
    expect(second.body.user).toMatchObject({ name: 'Build', tag: expect.any(String) });
  });

  it('takes no name that a guest may not come with', async () => {
    const { ask, json } = await startApi();
    // What looks like a tag: the second dot is one that tokens of before may have in their names.
    for (const name of ['Ann ·k3f9', 'Ann ⸳k3f9', '']) {
      expect([name, ...whyOf(await ask('/api/tokens', json({ name })))]).toEqual([
        ...[name, 400, 'bad_field'],
      ]);
    }
  });

  it('made tokens of such names once, which go on holding', async () => {
    const { tokens, ask, json } = await startApi();
    const { token } = await tokens.issue({ id: 'u1', name: 'Ann ⸳k3f9' });
    const said = json({ body: 'still here' }, bearer(token));
    expect((await ask('/api/rooms/tea/messages', said)).status).toBe(201);
  });

  it('takes JSON only, which no form of a page from elsewhere can send', async () => {
    const { ask } = await startApi();
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
    for (const type of types) {
      const answer = await ask('/api/tokens', {
        body: '{"name":"Build"}',
        headers: { 'content-type': type },
      });
      expect([type, ...whyOf(answer)]).toEqual([type, 415, 'bad_type']);
    }
  });

  it('says what is wrong with a name, or with what is no JSON', async () => {
    const { ask, json } = await startApi();
    const noName = await ask('/api/tokens', json({}));
    expect(whyOf(noName)).toEqual([400, 'bad_field']);
    expect(messageOf(noName)).toContain('name');
    const hidden = await ask('/api/tokens', json({ name: 'a\u202eb' }));
    expect(messageOf(hidden)).toContain('hidden characters');
    const headers = { 'content-type': 'application/json' };
    expect(whyOf(await ask('/api/tokens', { body: '{', headers }))).toEqual([400, 'bad_json']);
    const body = Buffer.from([0x22, 0xff, 0x22]);
    expect(whyOf(await ask('/api/tokens', { body, headers }))).toEqual([400, 'bad_json']);
  });

  it('is limited by address, as the handshake of a WebSocket is', async () => {
    const connectionLimits = {
      ...defaultConnectionLimits,
      handshakes: { perSecond: 0.001, burst: 2 },
    };
    const { ask, json, gate } = await startApi({ connectionLimits });
    for (let n = 0; n < 2; n += 1) await ask('/api/tokens', json({ name: 'Build' }));
    const refused = await ask('/api/tokens', json({ name: 'Build' }));
    expect(whyOf(refused)).toEqual([429, 'too_fast']);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(gate.size).toBe(0);
  });
});

describe('POST /api/rooms/:room/messages', () => {
  it('keeps a message, and says where it is', async () => {
    const { say, kept } = await startProgram();
    const { status, body } = await say({ body: '你好 💓\n' }, { 'idempotency-key': 'first' });
    expect(status).toBe(201);
    const [message] = await kept();
    expect(message).toMatchObject({ body: '你好 💓\n', from: { name: 'Build' }, id: 'first' });
    expect(body).toEqual({
      ...{ id: 'first', room: 'tea', seq: 1 },
      ...{ mid: message?.mid, at: message?.at },
    });
  });

  it('takes plain text, without the line break that a program ends it with', async () => {
    const { sayText, kept } = await startProgram();
    expect((await sayText('two\nlines\r\n')).status).toBe(201);
    const type = 'Text/Plain; charset=UTF-8';
    expect((await sayText('again', { 'content-type': type })).status).toBe(201);
    expect((await kept()).map(({ body }) => body)).toEqual(['two\nlines', 'again']);
  });

  it('makes an id where none is given, and tells it', async () => {
    const { say, kept } = await startProgram();
    const [one, two] = [await say({ body: 'one' }), await say({ body: 'two' })];
    expect((await kept()).map(({ id }) => id)).toEqual([one.body.id, two.body.id]);
  });

  it('keeps one message of many that are the same, at once and later, and answers alike', async () => {
    const { say, kept } = await startProgram();
    const key = { 'idempotency-key': '"deploy-7"' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => say({ body: 'deployed' }, key)),
    );
    answers.push(await say({ body: 'deployed' }, { 'idempotency-key': 'deploy-7' }));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await kept()).toHaveLength(1);
    const elsewhere = await say({ body: 'deployed' }, key, 'attic');
    expect(whyOf(elsewhere)).toEqual([409, 'id_taken']);
  });

  it('answers another message', async () => {
    const { say, sayText, ask, token, kept } = await startProgram();
    const { body: first } = await say({ body: 'a question' });
    const { seq, mid } = first;
    expect((await say({ body: 'an answer', replyTo: { seq, mid } })).status).toBe(201);
    const query = await ask(`/api/rooms/tea/messages?replyTo=${seq}:${mid}`, {
      body: 'another',
      headers: { 'content-type': 'text/plain', ...bearer(token) },
    });
    expect(query.status).toBe(201);
    expect((await kept()).map(({ about }) => about)).toEqual([
      undefined,
      { kind: 'reply', seq: 1 },
      { kind: 'reply', seq: 1 },
    ]);
    const gone = await say({ body: 'an answer', replyTo: { seq: 9, mid: 'nothing' } });
    expect(whyOf(gone)).toEqual([409, 'no_message']);
    const wrong = await say({ body: 'x', replyTo: { seq: 0, mid: 'a' } });
    expect(whyOf(wrong)).toEqual([400, 'bad_field']);
    expect((await sayText('after all that')).status).toBe(201);
  });

  it('opens a private room by the key in a header, and never by its address', async () => {
    const { say, kept } = await startProgram();
    const room = roomOfKey(roomKey);
    expect(whyOf(await say({ body: 'hush' }, {}, room))).toEqual([403, 'forbidden']);
    const other = { 'heartline-room-key': `${roomKey}x` };
    expect(whyOf(await say({ body: 'hush' }, other, room))).toEqual([403, 'forbidden']);
    const own = { 'heartline-room-key': roomKey };
    expect((await say({ body: 'hush' }, own, room)).status).toBe(201);
    expect(await kept(room)).toHaveLength(1);
    const wrong = await say({ body: 'hush' }, { 'heartline-room-key': 'short' }, room);
    expect(whyOf(wrong)).toEqual([400, 'bad_field']);
  });

  it('is for who has a token that holds', async () => {
    const { ask, json } = await startApi();
    const say = (headers: Record<string, string>) =>
      ask('/api/rooms/tea/messages', json({ body: 'x' }, headers));
    const none = await say({});
    expect(whyOf(none)).toEqual([401, 'no_token']);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(whyOf(await say({ authorization: 'Basic eDp5' }))).toEqual([401, 'no_token']);
    for (const token of ['made-up', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwibmFtZSI6IkEifQ.', '..']) {
      const answer = await say(bearer(token));
      expect(whyOf(answer)).toEqual([401, 'bad_token']);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
  });

  it.each([
    ['no text', { body: '' }, 400, 'empty'],
    ['no body', {}, 400, 'bad_field'],
    ['a body that is no text', { body: 7 }, 400, 'bad_field'],
    ['JSON that is no object', 'text', 400, 'bad_field'],
    ['a text too long', { body: 'x'.repeat(limits.bodyLength + 1) }, 413, 'too_long'],
    ['a body too large', { body: 'x'.repeat(limits.frameBytes) }, 413, 'too_large'],
  ])('refuses %s', async (_, value, status, code) => {
    const { say, kept } = await startProgram();
    expect(whyOf(await say(value))).toEqual([status, code]);
    expect(await kept()).toEqual([]);
  });

  it('takes the longest text, whatever its characters', async () => {
    const { say, sayText, kept } = await startProgram();
    for (const character of ['x', '"', '\u0001', '💓']) {
      expect((await say({ body: character.repeat(limits.bodyLength) })).status).toBe(201);
    }
    expect((await sayText('💓'.repeat(limits.bodyLength))).status).toBe(201);
    expect(await kept()).toHaveLength(5);
  });

  it('refuses what is not UTF-8, compressed, or of a type that it does not read', async () => {
    const { sayText } = await startProgram();
    const latin = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
    expect(whyOf(await sayText(latin))).toEqual([400, 'bad_text']);
    for (const headers of [
      { 'content-type': 'text/plain; charset=iso-8859-1' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-encoding': 'gzip' },
    ]) {
      expect(whyOf(await sayText('x', headers))).toEqual([415, 'bad_type']);
    }
  });

  it('says which header is wrong, or that the room is', async () => {
    const { say } = await startProgram();
    for (const key of ['', 'two words', 'x'.repeat(65), '"']) {
      const answer = await say({ body: 'x' }, { 'idempotency-key': key });
      expect([key, ...whyOf(answer)]).toEqual([key, 400, 'bad_field']);
      expect(messageOf(answer)).toContain('Idempotency-Key');
    }
    for (const room of ['Tea', '-tea', 't%65a', 'x'.repeat(65)]) {
      const answer = await say({ body: 'x' }, {}, room);
      expect([room, ...whyOf(answer)]).toEqual([room, 400, 'bad_field']);
      expect(messageOf(answer)).toContain('room');
    }
  });

  it('is told with its id to come again while the log is away, and is then there once', async () => {
    const memory = createMemoryLog('epoch-1');
    let isAway = true;
    const { say, kept } = await startProgram({
      log: {
        ...memory,
        async append(draft) {
          if (isAway) throw new LogUnavailableError('for a moment');
          return memory.append(draft);
        },
      },
    });
    const refused = await say({ body: 'important' });
    expect(whyOf(refused)).toEqual([503, 'unavailable']);
    expect(refused.headers.get('retry-after')).toBe('1');
    isAway = false;
    const key = { 'idempotency-key': String(refused.body.id) };
    expect((await say({ body: 'important' }, key)).status).toBe(201);
    expect(await kept()).toMatchObject([{ id: refused.body.id }]);
  });

  it('says when to come again to who says too much, and takes nothing of that', async () => {
    const user = { perSecond: 0.001, burst: 60 };
    const { say, kept } = await startProgram({ allowances: { ...defaultAllowances, user } });
    const answers: Answered[] = [];
    for (let n = 0; n < 20; n += 1) answers.push(await say({ body: 'x' }));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(9);
    for (const each of refused) {
      expect(whyOf(each)).toEqual([429, 'too_fast']);
      expect(each.headers.get('retry-after')).toBe('1');
    }
    expect(await kept()).toHaveLength(answers.length - refused.length);
  });

  it('says that the server restarts, and when to come again', async () => {
    const { say, chat, ask, json } = await startProgram();
    await chat.drain([0, 0], 0);
    const answers = [await say({ body: 'x' }), await ask('/api/tokens', json({ name: 'Late' }))];
    for (const answer of answers) {
      expect(whyOf(answer)).toEqual([503, 'draining']);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
  });
});

describe('HTTP for programs', () => {
  it('keeps pages from elsewhere out, and lets in those that may connect', async () => {
    const { ask, json, url } = await startApi();
    const from = (origin: string) => ask('/api/tokens', json({ name: 'Page' }, { origin }));
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect([origin, ...whyOf(await from(origin))]).toEqual([origin, 403, 'foreign_origin']);
    }
    for (const origin of [url, 'https://friend.example']) {
      expect([origin, (await from(origin)).status]).toEqual([origin, 201]);
    }
  });

  it('does not answer to a name that a stranger may have bound to this machine', async () => {
    const { openLine, url } = await startApi();
    const { line, heard } = await openLine();
    const host = `evil.example:${new URL(url).port}`;
    line.write(`POST /api/tokens HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`);
    await once(line, 'data');
    expect(heard()).toMatch(/^HTTP\/1.1 421 /);
    expect(heard()).toContain('"misdirected"');
  });

  it.each([
    ['GET', '/api/tokens', 405, 'POST'],
    ['DELETE', '/api/rooms/tea/messages', 405, 'POST'],
    ['OPTIONS', '/api/rooms/tea/messages', 405, 'POST'],
    ['GET', '/api/rooms/tea/stream', 405, 'POST, PUT'],
    ['POST', '/api/', 404, null],
    ['POST', '/api/rooms/tea', 404, null],
    ['GET', '/api/rooms', 404, null],
  ])('%s %s is answered with %i', async (method, path, status, allow) => {
    const { ask } = await startApi();
    const answer = await ask(path, { method });
    expect(answer.status).toBe(status);
    expect(whyOf(answer)[1]).toBe(status === 405 ? 'bad_method' : 'not_found');
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers HEAD without a body', async () => {
    const { url } = await startApi();
    const response = await fetch(`${url}/api/tokens`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([405, '']);
  });

  it('has the body come only once it is wanted', async () => {
    const { openLine, tokenOf } = await startApi();
    const head = (token: string) =>
      [
        'POST /api/rooms/tea/messages HTTP/1.1',
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        'Content-Type: text/plain',
        'Content-Length: 5',
        'Expect: 100-continue',
        '\r\n',
      ].join('\r\n');
    const refused = await openLine();
    refused.line.write(head('made-up'));
    await once(refused.line, 'data');
    expect(refused.heard()).toMatch(/^HTTP\/1.1 401 /);
    const taken = await openLine();
    taken.line.write(head(await tokenOf('Build')));
    await once(taken.line, 'data');
    expect(taken.heard()).toMatch(/^HTTP\/1.1 100 /);
    taken.line.write('hello');
    await expect.poll(taken.heard).toContain('HTTP/1.1 201 ');
  });

  it('gives the whole answer to who is refused while sending', async () => {
    const { openLine } = await startApi();
    const { line, heard } = await openLine();
    const more = 10 * limits.frameBytes;
    line.write(
      `POST /api/rooms/tea/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${more}\r\n\r\n`,
    );
    line.write(Buffer.alloc(more / 2));
    await expect.poll(heard).toMatch(/^HTTP\/1.1 401 [\s\S]*"no_token"/);
    // What nobody reads is not waited for.
    await once(line, 'close');
  });

  it('takes many requests on one line', async () => {
    const { openLine, tokenOf, kept } = await startApi();
    const token = await tokenOf('Build');
    const { line, heard } = await openLine();
    const one = (text: string) =>
      `POST /api/rooms/tea/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    line.write(one('one') + one('two') + one('three'));
    await expect.poll(() => heard().split('HTTP/1.1 201 ')).toHaveLength(4);
    expect((await kept()).map(({ body }) => body)).toEqual(['one', 'two', 'three']);
  });
});

describe('a request that does not come whole', () => {
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${more}Content-Length: 100\r\n\r\n{`;

  it('is waited for only so long, wherever it was to go', async () => {
    const { openLine, tokenOf } = await startApi();
    const asked = [
      head('/', ''),
      head('/api/nothing', ''),
      head('/api/tokens', 'Content-Type: application/json\r\n'),
      head(
        '/api/rooms/tea/messages',
        `Content-Type: text/plain\r\nAuthorization: Bearer ${await tokenOf('Slow')}\r\n`,
      ),
    ];
    asked.push('POST /api/tokens HTTP/1.1\r\nHost: local');
    const lines = await Promise.all(asked.map(openLine));
    const ended = lines.map(({ line }) => once(line, 'close'));
    for (const [index, { line }] of lines.entries()) line.write(asked[index] ?? '');
    await Promise.all(ended);
    expect(lines.map(({ heard }) => /^HTTP\/1.1 (\d+)/.exec(heard())?.[1])).toEqual([
      ...['405', '404', '408', '408', '408'],
    ]);
  });
});
