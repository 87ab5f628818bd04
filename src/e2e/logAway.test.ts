/**
 * The message log taken away from under a running server: moved, deleted, cut off, or with another one in
 * its place. Nothing may be acked that nobody will find again, and no restart may be needed.
 */
import { cp, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enterChat, say } from './support/chatClient';
import { readRoom } from './support/readRoom';
import { runToEnd, startServer } from './support/serverProcess';

/** A server that runs may put one more file into a folder that is being emptied. */
const sweeping = { recursive: true, maxRetries: 10 } as const;

const health = (url: string) => fetch(`${url}healthz`).then(({ status }) => status);

async function saidBefore() {
  const server = await startServer();
  const ann = await enterChat(server.webSocketUrl, 'Ann');
  expect(await say(ann, 'before')).toBe('acked');
  return { server, ann };
}

const bodiesIn = async (url: string) => (await readRoom(url)).messages.map(({ body }) => body);

describe('a data folder that is moved away', () => {
  it('is missed at once; brought back, the same log goes on', async () => {
    const { server, ann } = await saidBefore();
    const { dataDir } = server;
    await rename(dataDir, `${dataDir}-away`);
    expect(await health(server.url)).toBe(503);
    expect(await say(ann, 'away')).toBe('unavailable true');
    // Who reads can go on.
    expect(await bodiesIn(server.webSocketUrl)).toEqual(['before']);

    await rename(`${dataDir}-away`, dataDir);
    expect(await health(server.url)).toBe(200);
    // What Ann says would wait for what she was refused.
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    expect(await say(bob, 'after')).toBe('acked');
    expect(await bodiesIn(server.webSocketUrl)).toEqual(['before', 'after']);
    await server.kill('SIGKILL');
    await server.start();
    expect(await bodiesIn(server.webSocketUrl)).toEqual(['before', 'after']);
  });

  it('keeps other servers out even where it lies then', async () => {
    const { server } = await saidBefore();
    const elsewhere = `${server.dataDir}-away`;
    await rename(server.dataDir, elsewhere);
    const second = await runToEnd(['--port', '0', '--data', elsewhere]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('another server has it open');
    await rename(elsewhere, server.dataDir);
  });
});

describe('a data folder that is deleted', () => {
  it('takes no message and is not made anew while the server runs: that takes a restart', async () => {
    const { server, ann } = await saidBefore();
    const { epoch } = await readRoom(server.webSocketUrl);
    await rm(server.dataDir, sweeping);
    expect(await say(ann, 'lost?')).toBe('unavailable true');
    expect(await health(server.url)).toBe(503);
    expect(await say(ann, 'lost?')).toBe('unavailable true');

    await server.kill('SIGTERM');
    await server.start();
    expect(await health(server.url)).toBe(200);
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    expect(await say(bob, 'anew')).toBe('acked');
    const now = await readRoom(server.webSocketUrl);
    expect(now.messages.map(({ body }) => body)).toEqual(['anew']);
    expect(now.epoch).not.toBe(epoch);
  });
});

describe('a log that has another one in its place', () => {
  it('is left for the other one, such as a backup that is put back', async () => {
    const { server, ann } = await saidBefore();
    const backup = `${server.dataDir}-backup`;
    expect((await runToEnd(['backup', '--data', server.dataDir, '--to', backup])).code).toBe(0);
    expect(await say(ann, 'after the backup')).toBe('acked');
    await rm(server.dataDir, sweeping);
    await rename(backup, server.dataDir);
    await expect.poll(() => health(server.url)).toBe(200);
    await expect.poll(() => say(ann, 'again')).toBe('acked');
    const { messages } = await readRoom(server.webSocketUrl);
    expect(messages.map(({ body }) => body)).toEqual(['before', 'again']);
    await server.kill('SIGKILL');
    await server.start();
    expect(await bodiesIn(server.webSocketUrl)).toEqual(['before', 'again']);
  });

  it('with its files cut off, comes back by itself once there is a sound one', async () => {
    const { server, ann } = await saidBefore();
    const log = join(server.dataDir, 'log.sqlite');
    const backup = `${server.dataDir}-backup`;
    expect((await runToEnd(['backup', '--data', server.dataDir, '--to', backup])).code).toBe(0);
    for (const file of [log, `${log}-wal`]) await truncate(file, 0);
    await expect.poll(() => health(server.url)).toBe(503);
    expect(await say(ann, 'onto nothing')).toBe('unavailable true');

    await cp(join(backup, 'log.sqlite'), `${log}.sound`);
    await rm(`${log}-wal`, { force: true });
    await rename(`${log}.sound`, log);
    await expect.poll(() => health(server.url)).toBe(200);
    // What Ann says would wait for what she was refused.
    const bob = await enterChat(server.webSocketUrl, 'Bob');
    expect(await say(bob, 'after')).toBe('acked');
    expect(await bodiesIn(server.webSocketUrl)).toEqual(['before', 'after']);
    await rm(backup, { recursive: true });
  });
});
