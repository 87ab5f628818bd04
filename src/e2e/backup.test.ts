/** Backup and restore as they are typed, with a server that runs and one that has lost its disk. */
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../server/log/sqliteStore';
import { openDatabase } from '../server/node/sqliteDriver';
import { createHeadlessClient } from './storm/headlessClient';
import { readRoom } from './support/readRoom';
import { runToEnd, startServer } from './support/serverProcess';
import { canMount, mountSmallDisk } from './support/smallDisk';
import { createSteadyWriter } from './support/steadyWriter';

const backUp = (dataDir: string, to: string) => runToEnd(['backup', '--data', dataDir, '--to', to]);
const restore = (dataDir: string, from: string) =>
  runToEnd(['restore', '--data', dataDir, '--from', from]);

/** A server, and a path beside its data folder for the backup. */
async function serverAndBackup(flags: readonly string[] = []) {
  const server = await startServer(flags);
  const backup = `${server.dataDir}-backup`;
  onTestFinished(() => rm(backup, { recursive: true, force: true }));
  return { server, backup };
}

/** A backup of a chat in which a little was said. */
async function smallBackup() {
  const { server, backup } = await serverAndBackup();
  const writer = createSteadyWriter({ url: server.webSocketUrl, name: 'ann', window: 1 });
  await writer.connect();
  await expect.poll(() => writer.acked.size).toBeGreaterThan(2);
  expect(await backUp(server.dataDir, backup)).toMatchObject({ code: 0 });
  return { server, backup };
}

/** What a server keeps in its data folder. */
const dataFiles = [
  'files',
  'log.sqlite',
  'people.sqlite',
  'push.sqlite',
  'token.key',
  'vapid.json',
];

describe('a backup', () => {
  it('of a server at work is whole, in order, and for its owner’s eyes only', async () => {
    const { server, backup } = await serverAndBackup(['--limits', 'off']);
    const writers = ['ann', 'bob'].map((name) =>
      createSteadyWriter({ url: server.webSocketUrl, name, window: 16 }),
    );
    await Promise.all(writers.map((writer) => writer.connect()));
    await expect
      .poll(() => Math.min(...writers.map(({ acked }) => acked.size)))
      .toBeGreaterThan(99);
    const ackedBefore = writers.flatMap(({ acked }) => [...acked.values()]);
    const { code, stdout } = await backUp(server.dataDir, backup);
    expect([code, stdout.trim()]).toEqual([0, `${server.dataDir} is backed up in ${backup}`]);

    expect((await readdir(backup)).sort()).toEqual(dataFiles);
    expect((await stat(backup)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(backup)) {
      const isFolder = name === 'files';
      expect((await stat(join(backup, name))).mode & 0o777).toBe(isFolder ? 0o700 : 0o600);
    }
    const store = openSqliteStore(openDatabase(join(backup, 'log.sqlite')), undefined);
    const { messages } = store.after('lobby', 0, { messages: 1_000_000, length: 1e9 });
    store.close();
    expect(messages.every(({ seq }, index) => seq === index + 1)).toBe(true);
    const mids = new Set(messages.map(({ mid }) => mid));
    expect(ackedBefore.filter(({ mid }) => !mids.has(mid))).toEqual([]);
    // The server went on all the while.
    const ackedThen = writers[0]?.acked.size ?? 0;
    await expect.poll(() => writers[0]?.acked.size).toBeGreaterThan(ackedThen);
  });

  it('holds every file of the data folder: databases of others as SQLite has them', async () => {
    const { server, backup } = await serverAndBackup();
    const people = openDatabase(join(server.dataDir, 'others.sqlite'));
    people.exec(
      `PRAGMA journal_mode = WAL; CREATE TABLE people (name); INSERT INTO people VALUES ('小明')`,
    );
    await writeFile(join(server.dataDir, 'notes.json'), '{"key":"k"}');
    expect(await backUp(server.dataDir, backup)).toMatchObject({ code: 0 });
    people.close();
    expect((await readdir(backup)).sort()).toEqual(
      [...dataFiles, 'notes.json', 'others.sqlite'].sort(),
    );
    expect(await readFile(join(backup, 'notes.json'), 'utf8')).toBe('{"key":"k"}');
    const copy = openDatabase(join(backup, 'others.sqlite'));
    expect(copy.prepare('SELECT name FROM people').get()).toEqual({ name: '小明' });
    copy.close();
  });

  it('overwrites nothing, and says in one line what stood in its way', async () => {
    const { server, backup } = await smallBackup();
    const file = join(backup, 'token.key');
    const cases: [string, Awaited<ReturnType<typeof runToEnd>>][] = [
      ['exists already', await backUp(server.dataDir, backup)],
      ['exists already', await backUp(server.dataDir, file)],
      ['there is no data folder', await backUp(`${server.dataDir}-nope`, `${backup}-2`)],
      ['is no data folder', await backUp(join(server.dataDir, '..'), `${backup}-2`)],
      ['lies in the data folder', await backUp(server.dataDir, join(server.dataDir, 'backup'))],
      ['could not be backed up', await backUp(server.dataDir, join(file, 'backup'))],
      ['--to must name a folder', await runToEnd(['backup', '--data', server.dataDir])],
      ['--colour', await runToEnd(['backup', '--colour', 'red'])],
    ];
    for (const [why, { code, stderr }] of cases) {
      expect([why, code === 1 || code === 2]).toEqual([why, true]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(why);
    }
    expect(await readdir(backup)).toHaveLength(dataFiles.length);
  });

  it.runIf(canMount())('onto a full disk leaves nothing behind', async () => {
    const { server } = await serverAndBackup();
    const disk = await mountSmallDisk(1024 * 1024);
    await disk.fill({ pid: server.pid, dataDir: server.dataDir });
    const { code, stderr } = await backUp(server.dataDir, join(disk.path, 'backup'));
    expect(code).toBe(1);
    expect(stderr).toContain('could not be backed up');
    expect(await readdir(disk.path)).toEqual(['filler']);
  });
});

describe('a restore', () => {
  it('brings the chat back; what was acked since the backup, its authors give back', async () => {
    const { server, backup } = await serverAndBackup();
    const [ann, bob] = ['Ann', 'Bob'].map((name) => {
      const client = createHeadlessClient({
        name,
        room: 'lobby',
        url: server.webSocketUrl,
        random: Math.random,
      });
      onTestFinished(() => client.leave());
      return client;
    });
    if (!ann || !bob) return expect.fail('nobody is there');
    for (let n = 1; n <= 4; n += 1) await ann.write(`before ${n}`);
    expect(await ann.untilQuiet(15_000)).toBe(true);
    expect(await bob.untilSeq(4, 15_000)).toBe(true);
    expect(await backUp(server.dataDir, backup)).toMatchObject({ code: 0 });
    for (let n = 1; n <= 3; n += 1) await ann.write(`after ${n}`);
    expect(await ann.untilQuiet(15_000)).toBe(true);
    await bob.write('after, by Bob');
    expect(await bob.untilQuiet(15_000)).toBe(true);
    const epoch = (await readRoom(server.webSocketUrl)).epoch;

    await server.kill('SIGKILL');
    await rm(server.dataDir, { recursive: true });
    expect(await restore(server.dataDir, backup)).toMatchObject({ code: 0 });
    await server.start();

    await Promise.all([ann.reconnect(), bob.reconnect()]);
    const inRoom = async () => (await readRoom(server.webSocketUrl)).messages.length;
    await expect.poll(inRoom, { interval: 500 }).toBe(8);
    for (const client of [ann, bob]) {
      expect(await client.untilSeq(8, 15_000)).toBe(true);
      expect(await client.untilQuiet(15_000)).toBe(true);
    }
    const now = await readRoom(server.webSocketUrl);
    expect(now.epoch).toBe(epoch);
    const bodies = now.messages.map(({ body }) => body);
    expect(bodies.slice(0, 4)).toEqual(['before 1', 'before 2', 'before 3', 'before 4']);
    expect(bodies.slice(4).sort()).toEqual(['after 1', 'after 2', 'after 3', 'after, by Bob']);
    for (const client of [ann, bob]) {
      const shown = await client.readAll();
      expect(shown.map(({ body }) => body)).toEqual(bodies);
    }
  });

  it('takes an empty folder, and no other', async () => {
    const { server, backup } = await smallBackup();
    const empty = `${backup}-empty`;
    onTestFinished(() => rm(empty, { recursive: true, force: true }));
    await mkdir(empty);
    expect(await restore(empty, backup)).toMatchObject({ code: 0 });
    expect((await readdir(empty)).sort()).toEqual(dataFiles);

    const again = await restore(empty, backup);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is not empty')]);
    const running = await restore(server.dataDir, backup);
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('a server runs')]);
    const nothing = await restore(`${backup}-new`, server.dataDir.concat('-nope'));
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('there is no')]);
  });

  it('puts nothing in place that is damaged', async () => {
    const { backup } = await smallBackup();
    const log = join(backup, 'log.sqlite');
    await truncate(log, (await stat(log)).size - 4_096);
    const target = `${backup}-target`;
    const { code, stderr } = await restore(target, backup);
    expect(code).toBe(1);
    expect(stderr).toMatch(/damaged|malformed/);
    await expect(stat(target)).rejects.toThrow('ENOENT');
  });

  it('takes what was copied by hand after a crash, write-ahead log and all', async () => {
    const { server } = await smallBackup();
    const { messages } = await readRoom(server.webSocketUrl);
    await server.kill('SIGKILL');
    expect(await readdir(server.dataDir)).toContain('log.sqlite-wal');
    const target = `${server.dataDir}-target`;
    onTestFinished(() => rm(target, { recursive: true, force: true }));
    expect(await restore(target, server.dataDir)).toMatchObject({ code: 0 });
    const store = openSqliteStore(openDatabase(join(target, 'log.sqlite')), undefined);
    expect(store.head('lobby').seq).toBeGreaterThanOrEqual(messages.length);
    store.close();
  });
});
