/** A server whose output nobody reads or that has nowhere to go: it serves, and ends when it is told to. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openChatClient } from './support/chatClient';
import { freePort } from './support/serverProcess';
import { canMount, mountSmallDisk } from './support/smallDisk';

const entry = fileURLToPath(new URL('../../dist-server/heartline.js', import.meta.url));

async function serve(stdio: StdioOptions, folder: string) {
  const port = await freePort();
  const dataDir = join(folder, 'data');
  const flags = ['--port', String(port), '--data', dataDir, '--log-level', 'info'];
  const child = spawn(process.execPath, [entry, ...flags], { stdio });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, port, dataDir };
}

const health = (port: number) =>
  fetch(`http://localhost:${port}/healthz`).then(
    ({ status }) => status,
    () => 'not there',
  );

/** Something that the server tells its log of. */
const beRefused = (port: number) =>
  expect(
    openChatClient(`ws://localhost:${port}/ws`, { origin: 'https://elsewhere.example' }),
  ).rejects.toThrow('403');

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  const exited = once(child, 'exit');
  child.kill(signal);
  return exited;
}

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a server whose output is not read', () => {
  it.each([
    ['the log', [2]],
    ['the line that says where it is', [1]],
    ['anything', [1, 2]],
  ])('serves and ends though who read %s is gone', async (_, gone) => {
    const { child, port } = await serve('pipe', await tempFolder());
    for (const fd of gone) child.stdio[fd]?.destroy();
    await expect.poll(() => health(port)).toBe(200);
    await beRefused(port);
    expect(await health(port)).toBe(200);
    expect(await end(child, 'SIGTERM')).toEqual([0, null]);
  });

  it.runIf(process.platform === 'linux')(
    'serves and ends though its log takes nothing',
    async () => {
      const full = await open('/dev/full', 'w');
      onTestFinished(() => full.close());
      const { child, port } = await serve(['ignore', full.fd, full.fd], await tempFolder());
      await expect.poll(() => health(port)).toBe(200);
      await beRefused(port);
      expect(await end(child, 'SIGTERM')).toEqual([0, null]);
    },
  );

  it.runIf(canMount())('ends though its log is on the full disk that has its data', async () => {
    const disk = await mountSmallDisk(32 * 1024 * 1024);
    const log = await open(join(disk.path, 'log'), 'a');
    onTestFinished(() => log.close());
    const { child, port, dataDir } = await serve(['ignore', 'ignore', log.fd], disk.path);
    await expect.poll(() => health(port)).toBe(200);
    await disk.fill({ pid: child.pid ?? 0, dataDir });
    // The last block of the log's own file has room yet.
    for (let n = 0; n < 100; n += 1) await beRefused(port);
    expect(await end(child, 'SIGTERM')).toEqual([0, null]);
  });

  it('ends with a drain when its terminal is closed', async () => {
    const { child, port } = await serve('ignore', await tempFolder());
    await expect.poll(() => health(port)).toBe(200);
    const client = await openChatClient(`ws://localhost:${port}/ws`);
    expect(await end(child, 'SIGHUP')).toEqual([0, null]);
    expect(await client.closed).toBe(4001);
  });
});
