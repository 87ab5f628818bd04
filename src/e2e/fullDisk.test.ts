/** A server whose disk takes no more, for real, and then does again. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { enterChat } from './support/chatClient';
import { readRoom } from './support/readRoom';
import { startServer } from './support/serverProcess';
import { canMount, limitFileSize, mountSmallDisk } from './support/smallDisk';
import { createSteadyWriter } from './support/steadyWriter';

const health = (url: string) => fetch(`${url}healthz`).then(({ status }) => status);

const disks = [
  { name: 'full', can: canMount(), make: () => mountSmallDisk(64 * 1024 * 1024) },
  { name: 'that fails', can: process.platform === 'linux', make: limitFileSize },
];

it.each(disks.filter(({ can }) => can))(
  'a disk $name is told to who writes, spares who reads, and is got over without a restart',
  async ({ make }) => {
    const disk = await make();
    const dataDir = join(disk.path, 'data');
    const server = await startServer(['--data', dataDir, '--limits', 'off']);
    const writer = createSteadyWriter({
      url: server.webSocketUrl,
      name: 'ann',
      window: 8,
      bodyOf: (id) => `${id} ${'x'.repeat(2_000)}`,
    });
    await writer.connect();
    await expect.poll(() => writer.acked.size).toBeGreaterThan(100);
    expect(await health(server.url)).toBe(200);

    await disk.fill({ pid: server.pid, dataDir });
    await expect.poll(() => writer.refusals).toBeGreaterThan(0);
    await expect.poll(() => health(server.url)).toBe(503);
    // Whoever comes now reads all that was acked: page by page, and backwards.
    const ackedWhileFull = new Map(writer.acked);
    const { messages } = await readRoom(server.webSocketUrl);
    const mids = new Set(messages.map(({ mid }) => mid));
    expect([...ackedWhileFull.values()].filter(({ mid }) => !mids.has(mid))).toEqual([]);
    const reader = await enterChat(server.webSocketUrl, 'Bob');
    reader.send({ t: 'history', room: 'lobby', before: 50, limit: 100 });
    expect((await reader.until('history')).messages).toHaveLength(49);
    // It is not only the writer's own impression. What the server gives back while it works (its search
    // may end a journal at any time) is taken too.
    let tries = 0;
    const tryToWrite = async () => {
      await disk.fill({ pid: server.pid, dataDir });
      tries += 1;
      const id = `bob-${tries}`;
      reader.send({ t: 'send', id, room: 'lobby', body: 'x'.repeat(9_000) });
      const of = (frame: { id?: string | undefined }) => frame.id === id;
      return await Promise.race([reader.until('ack', of), reader.until('err', of)]);
    };
    await expect.poll(tryToWrite).toMatchObject({ t: 'err', code: 'unavailable', retry: true });
    // Nobody has to write for it to be seen.
    await expect.poll(() => health(server.url)).toBe(503);

    await disk.free(server);
    await expect.poll(() => health(server.url)).toBe(200);
    await expect.poll(() => writer.acked.size).toBeGreaterThan(ackedWhileFull.size + 50);
    writer.finish();
    await expect.poll(() => writer.unacked()).toBe(0);

    expect(writer.complaints).toEqual([]);
    const end = (await readRoom(server.webSocketUrl)).messages;
    expect(end.map(({ seq }) => seq)).toEqual(end.map((_, index) => index + 1));
    const written = end.filter(({ from }) => from.id === writer.userId);
    const kept = new Map(written.map(({ id, seq, mid }) => [id, { seq, mid }]));
    expect(kept).toEqual(writer.acked);
  },
);
