/** Programs that say something with curl, read by people on lines, at a real server that is killed now and then. */
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChatClient, enterChat } from './support/chatClient';
import { curl, curlToken, startCurl, withToken } from './support/curl';
import { findOrInstall } from './support/debian';
import { type ServerProcess, startServer } from './support/serverProcess';

async function startWithReader(flags: readonly string[] = []) {
  const server = await startServer(flags);
  const ann = await enterChat(server.webSocketUrl, 'Ann');
  const token = await curlToken(server.url, 'Build');
  return { server, ann, token };
}

const messagesAt = ({ url }: ServerProcess) => `${url}api/rooms/lobby/messages`;
const streamAt = ({ url }: ServerProcess, query = '') => `${url}api/rooms/lobby/stream${query}`;

/** The messages that have come to a reader. */
const heardBy = ({ received }: ChatClient) =>
  received.flatMap((frame) => (frame.t === 'msg' ? [frame] : []));

/** What a reader is shown of the message that is being written. */
function shownTo({ received }: ChatClient): string {
  let text = '';
  for (const frame of received) {
    if (frame.t === 'stream') text = text.slice(0, frame.at) + frame.text;
  }
  return text;
}

describe('a message by curl', () => {
  it('comes to who is there, and is answered with its place', async () => {
    const { server, ann, token } = await startWithReader();
    const asText = ['-H', 'Content-Type: text/plain', '--data-binary', 'deployed 💓\n'];
    const { status, body } = await curl(...withToken(token), ...asText, messagesAt(server));
    expect(status).toBe(201);
    const message = await ann.until('msg');
    expect(message).toMatchObject({ body: 'deployed 💓', from: { name: 'Build' } });
    const { id, seq, mid, at } = message;
    expect(body).toEqual({ id, room: 'lobby', seq, mid, at });
    // Nobody was told that a program came.
    expect(JSON.stringify(ann.received.filter(({ t }) => t === 'presence'))).not.toContain('Build');
  });

  it('is there once, however many say it at once, and before and after a crash of the server', async () => {
    const { server, ann, token } = await startWithReader();
    const say = () =>
      curl(
        ...withToken(token),
        ...['-H', 'Content-Type: application/json', '-H', 'Idempotency-Key: release-7'],
        ...['-d', '{"body":"released"}', messagesAt(server)],
      );
    const first = await Promise.all(Array.from({ length: 8 }, say));
    await ann.until('msg');
    await server.kill('SIGKILL');
    await server.start();
    const again = await say();
    expect(first.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { body } of first) expect(body).toEqual(again.body);
    expect(again.status).toBe(200);
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    expect((await bob.until('sync')).messages).toMatchObject([{ id: 'release-7', seq: 1 }]);
  });

  it('is refused to a page from elsewhere, and without a token that holds', async () => {
    const { server, token } = await startWithReader();
    const say = (...more: string[]) =>
      curl('-H', 'Content-Type: text/plain', '-d', 'x', ...more, messagesAt(server));
    const foreign = await say(...withToken(token), '-H', 'Origin: https://evil.example');
    expect([foreign.status, foreign.body.error]).toMatchObject([403, { code: 'foreign_origin' }]);
    expect((await say()).status).toBe(401);
    expect((await say(...withToken(`${token}x`))).status).toBe(401);
  });
});

describe('a stream by curl', () => {
  it('is read while it is written, by who comes in the middle as well', async () => {
    const { server, ann, token } = await startWithReader();
    const stream = startCurl(...withToken(token), '-T', '-', streamAt(server));
    stream.write('one ');
    await expect.poll(() => shownTo(ann)).toBe('one ');
    stream.write('two ');
    await expect.poll(() => shownTo(ann)).toBe('one two ');
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    await expect.poll(() => shownTo(bob)).toBe('one two ');
    stream.write('three\n');
    stream.endInput();
    const { status, body } = await stream.answer();
    for (const reader of [ann, bob]) {
      expect(await reader.until('msg')).toMatchObject({ body: 'one two three', seq: body.seq });
    }
    expect(status).toBe(201);
    expect(heardBy(ann)[0]).not.toHaveProperty('cut');
  });

  it('is kept as broken off when curl is killed', async () => {
    const { server, ann, token } = await startWithReader();
    const stream = startCurl(...withToken(token), '-X', 'POST', '-T', '-', streamAt(server));
    stream.write('half a');
    await expect.poll(() => shownTo(ann)).toBe('half a');
    stream.child.kill('SIGKILL');
    expect(await ann.until('msg')).toMatchObject({ body: 'half a', cut: true });
  });

  it('says so when it is too long, while its program goes on', async () => {
    const { server, ann, token } = await startWithReader();
    const stream = startCurl(...withToken(token), '-T', '.', streamAt(server));
    for (let n = 0; n < 15; n += 1) stream.write('x'.repeat(1_000));
    const { status, body } = await stream.answer();
    expect([status, body.error]).toMatchObject([413, { code: 'too_long' }]);
    const message = await ann.until('msg');
    expect(message).toMatchObject({ cut: true, seq: 1 });
    expect(message.body).toHaveLength(10_000);
    expect(body.kept).toMatchObject({ seq: 1, mid: message.mid });
  });

  it('ends with the server, which loses nothing of it', async () => {
    const { server, ann, token } = await startWithReader();
    const stream = startCurl(...withToken(token), '-T', '.', streamAt(server));
    stream.write('half a');
    await expect.poll(() => shownTo(ann)).toBe('half a');
    expect(await server.kill('SIGTERM')).toBe(0);
    const { status, body } = await stream.answer();
    expect([status, body.error]).toMatchObject([503, { code: 'draining' }]);
    expect(await ann.until('msg')).toMatchObject({ body: 'half a', cut: true });
  });

  it('of a log that grows for ever is a message whenever the log rests', async () => {
    const { server, ann, token } = await startWithReader();
    const folder = await mkdtemp(join(tmpdir(), 'heartline-log-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const log = join(folder, 'build.log');
    await writeFile(log, 'earlier\n');
    const stream = startCurl(...withToken(token), '-T', '.', streamAt(server, '?split=1'));
    const { stdin } = stream.child;
    if (!stdin) throw new Error('curl has no input');
    const tail = spawn(findOrInstall('tail'), ['-f', log], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void tail.kill('SIGKILL'));
    tail.stdout.pipe(stdin);
    await expect.poll(() => heardBy(ann).map(({ body }) => body)).toEqual(['earlier']);
    await appendFile(log, 'one\ntwo\n');
    await expect.poll(() => heardBy(ann).map(({ body }) => body)).toEqual(['earlier', 'one\ntwo']);
    await appendFile(log, 'last\n');
    await expect.poll(() => shownTo(ann)).toBe('last\n');
    tail.kill('SIGTERM');
    const { status, body } = await stream.answer();
    expect([status, body.messages]).toEqual([201, 3]);
    await expect.poll(() => heardBy(ann).at(-1)).toMatchObject({ body: 'last', seq: 3 });
  });

  it('does not hold up others, nor they it', async () => {
    const { server, ann, token } = await startWithReader();
    const streams = ['a', 'b', 'c'].map((letter) => ({
      letter,
      ...startCurl(...withToken(token), '-T', '-', streamAt(server)),
    }));
    for (let n = 0; n < 20; n += 1) {
      for (const { letter, write } of streams) write(`${letter}${n} `);
    }
    for (const { endInput } of streams) endInput();
    await Promise.all(streams.map(({ answer }) => answer()));
    const whole = (letter: string) =>
      Array.from({ length: 20 }, (_, n) => `${letter}${n} `).join('');
    await expect.poll(() => heardBy(ann)).toHaveLength(3);
    expect(
      heardBy(ann)
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['a', 'b', 'c'].map(whole));
  });
});
