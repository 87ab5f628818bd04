/** What answers hold of the server while somebody takes them, on real sockets: files that are open. */
import { once } from 'node:events';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../testing/portOf';
import { createHttpServer } from './httpServer';

async function serve() {
  const pageDir = await mkdtemp(join(tmpdir(), 'heartline-page-'));
  // More than the sockets of both ends take of who does not read.
  await writeFile(join(pageDir, 'big.js'), Buffer.alloc(16 * 1024 * 1024));
  const server = createHttpServer({
    pageDir,
    health: async () => 'ok',
    guard: { isSecure: () => false, whyMisdirected: () => undefined, whyForeign: () => undefined },
    api: { handle: (_request, response) => void response.end('answered') },
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

  /** A line on which nothing is read of what comes. */
  async function openLine() {
    const line = connect(portOf(server), '127.0.0.1');
    line.on('error', () => {});
    onTestFinished(() => void line.destroy());
    await once(line, 'connect');
    return line;
  }
  return { server, openFiles, openLine };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

describe.runIf(process.platform === 'linux')('a file of the page', () => {
  it('is closed when who asked for it has gone in the middle', async () => {
    const { openFiles, openLine } = await serve();
    const lines = [];
    for (let n = 0; n < 20; n += 1) {
      const line = await openLine();
      line.write(get('/big.js'));
      lines.push(line);
    }
    await expect.poll(openFiles).toBe(20);
    for (const line of lines) line.resetAndDestroy();
    await expect.poll(openFiles).toBe(0);
  });
});
