/** Files on a real server: through cuts and a kill, over HTTP by their links, and given back. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../protocol/limits';
import { encodePiece, maxPieceBytes } from '../protocol/piece';
import { bytesOf, factsOf } from '../server/blobs/testFiles';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { runToEnd, type ServerProcess, startServer } from './support/serverProcess';
import { canMount, mountSmallDisk } from './support/smallDisk';

const megabyte = 1024 * 1024;
/** Of pieces that are on their way at once. */
const window = 512 * 1024;

/** Announces the file, and sends pieces from what the server has on. Resolves once it is whole, or `stopAt` is kept. */
async function upload(
  client: ChatClient,
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
  { stopAt = Number.POSITIVE_INFINITY, name = 'film.bin' } = {},
): Promise<number> {
  client.send({ t: 'upload', id, room: 'lobby', ...factsOf(bytes, { name }) });
  const isOurs = (frame: { id: string }) => frame.id === id;
  const { have: from } = await client.until('uploading', isOurs);
  const size = maxPieceBytes(id);
  let sent = from;
  while (sent < bytes.length && sent < stopAt) {
    const at = sent;
    client.sendRaw(encodePiece({ id, at, bytes: bytes.slice(at, at + size) }));
    sent = Math.min(bytes.length, at + size);
    await client.until('uploading', (frame) => isOurs(frame) && frame.have >= sent - window);
  }
  if (sent === bytes.length) await client.until('uploaded', isOurs);
  return from;
}

async function comeBack(server: ServerProcess, token: string): Promise<ChatClient> {
  const client = await openChatClient(server.webSocketUrl);
  client.send({ t: 'auth', name: 'Ann', token, resume: [] }, { t: 'join', room: 'lobby' });
  await client.until('sync');
  return client;
}

async function urlOf(server: ServerProcess, client: ChatClient, seq: number): Promise<string> {
  client.send({ t: 'link', room: 'lobby', seq, part: 'whole' });
  const { url } = await client.until('link', (frame) => frame.seq === seq);
  return new URL(url, server.url).href;
}

async function sent(client: ChatClient, id: string, bytes: Uint8Array<ArrayBuffer>, name?: string) {
  await upload(client, id, bytes, { ...(name && { name }) });
  client.send({ t: 'send', id: `message-${id}`, room: 'lobby', body: '', file: { upload: id } });
  return client.until('ack', (ack) => ack.id === `message-${id}`);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('files.sqlite'));
  return files.map(({ name }) => name);
}

describe('a file of 20 MB', () => {
  it('arrives identical, though the line is cut five times and the server killed', async () => {
    const server = await startServer();
    const bytes = bytesOf(20 * megabyte);
    const reader = await enterChat(server.webSocketUrl, 'Bob');
    let ann = await enterChat(server.webSocketUrl, 'Ann');
    const { token } = await ann.until('ready');
    const goneOnFrom: number[] = [];
    for (let cut = 1; cut <= 5; cut += 1) {
      goneOnFrom.push(await upload(ann, 'a', bytes, { stopAt: cut * 3 * megabyte }));
      if (cut === 3) {
        await server.kill('SIGKILL');
        await server.start();
      } else ann.socket.terminate();
      ann = await comeBack(server, token);
    }
    goneOnFrom.push(await upload(ann, 'a', bytes));
    // Each time it went on where it stood, up to what was still on its way.
    for (const [cut, from] of goneOnFrom.entries()) {
      expect(from).toBeGreaterThanOrEqual(cut * 3 * megabyte - window - limits.frameBytes);
    }
    expect(reader.received.some(({ t }) => t === 'msg')).toBe(false);
    ann.send({ t: 'send', id: 'm', room: 'lobby', body: 'look', file: { upload: 'a' } });
    await ann.until('ack');

    const bob = await enterChat(server.webSocketUrl, 'Bob');
    const [message] = (await bob.until('sync')).messages;
    expect(message).toMatchObject({ body: 'look', file: factsOf(bytes, { name: 'film.bin' }) });
    const response = await fetch(await urlOf(server, bob, message?.seq ?? 0));
    expect(response.status).toBe(200);
    const came = new Uint8Array(await response.arrayBuffer());
    const digest = createHash('sha256').update(came).digest('hex');
    expect(digest).toBe(message?.file?.sha256);
  });
});

describe('a link', () => {
  it('leads to a picture as such, and to what could be a page as bytes to be saved', async () => {
    const server = await startServer();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const svg = new TextEncoder().encode(script);
    ann.send({
      t: 'upload',
      id: 'svg',
      room: 'lobby',
      ...factsOf(svg, { name: "a'b.svg", type: 'image/svg+xml' }),
    });
    await ann.until('uploading');
    ann.sendRaw(encodePiece({ id: 'svg', at: 0, bytes: svg }));
    await ann.until('uploaded');
    ann.send({ t: 'send', id: 'm', room: 'lobby', body: '', file: { upload: 'svg' } });
    const { seq } = await ann.until('ack');
    const url = await urlOf(server, ann, seq);
    const { headers, status } = await fetch(url);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''a%27b.svg",
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await fetch(url.replace('b.svg', 'c.svg'))).status).toBe(404);
    const metrics = await (await fetch(`${server.url}metrics`)).text();
    expect(metrics).toContain(`heartline_files_bytes ${svg.length}`);
    expect(metrics).toContain('heartline_uploads 0');
  });
});

describe('a backup', () => {
  it('takes files along, wherever they are, and a restore puts them where they are wanted', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'heartline-files-'));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    const at = (name: string) => join(elsewhere, name);
    const server = await startServer(['--files', at('files')]);
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const bytes = bytesOf(200_000);
    const { seq } = await sent(ann, 'a', bytes);
    await upload(ann, 'b', bytesOf(1_000_000, 2), { stopAt: 500_000 });
    const run = async (...args: string[]) =>
      expect(await runToEnd(args)).toMatchObject({ code: 0 });
    await run('backup', '--data', server.dataDir, '--files', at('files'), '--to', at('backup'));
    await server.kill('SIGTERM');
    await run('restore', '--data', at('inside'), '--from', at('backup'));
    await run('restore', '--data', at('apart'), '--files', at('put'), '--from', at('backup'));
    for (const flags of [
      ['--data', at('inside')],
      ['--data', at('apart'), '--files', at('put')],
    ]) {
      const restored = await startServer(flags);
      const bob = await enterChat(restored.webSocketUrl, 'Bob');
      const response = await fetch(await urlOf(restored, bob, seq));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    }
    expect(await filesIn(at('put'))).toEqual([factsOf(bytes).sha256]);
  });
});

describe('the disk', () => {
  it('has a file once, whoever sends it, and has its room back once all messages are deleted', async () => {
    const server = await startServer();
    const folder = join(server.dataDir, 'files');
    const bytes = bytesOf(200_000);
    const { sha256 } = factsOf(bytes);
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    const byAnn = await sent(ann, 'a', bytes);
    const byBob = await sent(bob, 'b', bytes);
    expect(await filesIn(folder)).toEqual([sha256]);
    const url = await urlOf(server, ann, byBob.seq);
    const remove = async (client: ChatClient, { seq, mid }: { seq: number; mid: string }) => {
      const about = { kind: 'delete', seq, mid } as const;
      client.send({ t: 'send', id: 'deletion', room: 'lobby', body: '', about });
      await client.until('ack', ({ id }) => id === 'deletion');
    };
    await remove(ann, byAnn);
    expect((await fetch(url)).status).toBe(200);
    await remove(bob, byBob);
    await expect.poll(() => filesIn(folder)).toEqual([]);
    expect((await fetch(url)).status).toBe(404);
  });

  it.runIf(canMount())(
    'that is full takes no file, holds up no text, and is got over',
    async () => {
      const disk = await mountSmallDisk(16 * megabyte);
      const server = await startServer(['--files', join(disk.path, 'files')]);
      const ann = await enterChat(server.webSocketUrl, 'Ann');
      await sent(ann, 'a', bytesOf(megabyte));
      await disk.fill({ pid: server.pid, dataDir: server.dataDir });
      const large = bytesOf(2 * megabyte, 2);
      ann.send({ t: 'upload', id: 'b', room: 'lobby', ...factsOf(large) });
      const answered = ({ id }: { id?: string | undefined }) => id === 'b';
      const begun = await Promise.race([
        ann.until('uploading', answered),
        ann.until('err', answered),
      ]);
      if (begun.t === 'uploading')
        ann.sendRaw(encodePiece({ id: 'b', at: 0, bytes: large.slice(0, 60_000) }));
      const refused = await ann.until('err', answered);
      expect(refused).toMatchObject({ code: 'no_room_for_files', retry: true });
      ann.send({ t: 'send', id: 'text', room: 'lobby', body: 'still here' });
      await ann.until('ack', ({ id }) => id === 'text');

      await disk.free({ pid: server.pid });
      const again = await enterChat(server.webSocketUrl, 'Cem');
      const ack = await sent(again, 'b', large);
      const response = await fetch(await urlOf(server, again, ack.seq));
      expect((await response.arrayBuffer()).byteLength).toBe(large.length);
    },
  );
});
