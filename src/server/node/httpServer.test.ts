/** What answers hold of the server while nobody takes them, on real sockets: files that are open. */
import { once } from 'node:events';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../testing/portOf';
import { factsOf } from '../blobs/testFiles';
import { createFileLinks } from './fileLinks';
import { createHttpServer } from './httpServer';

// More than the sockets of both ends take of who does not read.
const bytes = Buffer.alloc(16 * 1024 * 1024);
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const askApi = 'POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';

async function serve() {
  const pageDir = await mkdtemp(join(tmpdir(), 'heartline-page-'));
  await writeFile(join(pageDir, 'big.js'), bytes);
  const links = createFileLinks(new Uint8Array(32), Date.now);
  const sent = { opened: 0, closed: 0, found: Promise.resolve() };
  const api = { asked: 0, isAnswering: true };
  const server = createHttpServer({
    pageDir,
    health: async () => 'ok',
    guard: { isSecure: () => false, whyMisdirected: () => undefined, whyForeign: () => undefined },
    files: {
      links,
      blobs: {
        async open() {
          await sent.found;
          sent.opened += 1;
          return {
            size: bytes.length,
            read: async (from, to) => new Uint8Array(to - from),
            async close() {
              sent.closed += 1;
            },
          };
        },
      },
      now: Date.now,
      onError: (error) => expect.fail(String(error)),
    },
    api: {
      handle(_request, response) {
        api.asked += 1;
        if (api.isAnswering) response.end('answered');
      },
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(pageDir, { recursive: true, force: true });
  });

  /** How many of the page's files are open. */
  async function openFiles(): Promise<number> {
    const fds = await readdir('/proc/self/fd');
    const paths = await Promise.all(
      fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    return paths.filter((path) => path.startsWith(pageDir)).length;
  }

  /** A line, of which the server's end as well. */
  async function openLine() {
    const accepted = once(server, 'connection');
    const line = connect(portOf(server), '127.0.0.1');
    line.on('error', () => {});
    onTestFinished(() => void line.destroy());
    const [serverEnd]: Socket[] = await accepted;
    if (!serverEnd) throw new Error('there is no line');
    return { line, hasEnded: new Promise<void>((end) => serverEnd.once('close', () => end())) };
  }
  const link = `/${links.linkTo({ ...factsOf(new Uint8Array(1)), name: 'a.png', type: 'image/png' }).url}`;
  return { sent, api, link, openFiles, openLine };
}

/** How often a line was answered by now. */
function answersOn(line: Socket) {
  let heard = '';
  line.on('data', (chunk) => {
    heard += chunk;
  });
  return () => heard.split('HTTP/1.1 200 ').length - 1;
}

describe.runIf(process.platform === 'linux')('a file of the page', () => {
  it('is closed when who asked for it has gone in the middle', async () => {
    const { openFiles, openLine } = await serve();
    const lines: Socket[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { line } = await openLine();
      line.write(get('/big.js'));
      lines.push(line);
    }
    await expect.poll(openFiles).toBe(20);
    for (const line of lines) line.resetAndDestroy();
    await expect.poll(openFiles).toBe(0);
  });

  it('is closed, too, when it still waited for its turn', async () => {
    const { openFiles, openLine } = await serve();
    const { line } = await openLine();
    line.write(get('/big.js').repeat(3));
    await expect.poll(openFiles).toBe(3);
    line.resetAndDestroy();
    await expect.poll(openFiles).toBe(0);
  });
});

describe('a file that was sent', () => {
  it('is closed when who asked for it has gone, even if it still waited for its turn', async () => {
    const { sent, link, openLine } = await serve();
    const { line } = await openLine();
    line.write(get(link).repeat(3));
    await expect.poll(() => sent.opened).toBe(3);
    line.resetAndDestroy();
    await expect.poll(() => sent.closed).toBe(3);
  });

  it('is closed, too, when it was found only after that', async () => {
    const { sent, link, openLine } = await serve();
    let find = () => {};
    sent.found = new Promise((resolve) => {
      find = resolve;
    });
    const { line, hasEnded } = await openLine();
    const answers = answersOn(line);
    line.write(get('/healthz') + get(link).repeat(2));
    await expect.poll(answers).toBe(1);
    line.resetAndDestroy();
    await hasEnded;
    find();
    await expect.poll(() => sent.opened).toBe(2);
    await expect.poll(() => sent.closed).toBe(2);
  });
});

describe('who asks without waiting for answers', () => {
  it('has all of them, and as often as they like, as long as few are owed', async () => {
    const { openLine } = await serve();
    const { line } = await openLine();
    const answers = answersOn(line);
    for (const all of [8, 16, 24]) {
      line.write(get('/server.json').repeat(8));
      await expect.poll(answers).toBe(all);
    }
  });

  it('is cut off beyond that, and has had no more files opened', async () => {
    const { sent, link, openLine } = await serve();
    const { line, hasEnded } = await openLine();
    line.write(get(link).repeat(1_000));
    await hasEnded;
    await expect.poll(() => sent.opened - sent.closed).toBe(0);
    expect(sent.opened).toBeLessThanOrEqual(8);
  });

  it('may ask the programs’ paths for as much as a user may do at once', async () => {
    const { openLine } = await serve();
    const { line } = await openLine();
    const answers = answersOn(line);
    line.write(askApi.repeat(400));
    await expect.poll(answers, { timeout: 5_000 }).toBe(400);
  });

  it('may not ask them without end, either', async () => {
    const { api, openLine } = await serve();
    api.isAnswering = false;
    const { line, hasEnded } = await openLine();
    line.write(askApi.repeat(10_000));
    await hasEnded;
    expect(api.asked).toBeLessThan(1_000);
  });
});
