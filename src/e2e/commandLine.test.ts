import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runToEnd, startServer } from './support/serverProcess';

const lines = (text: string) => text.trim().split('\n');

describe('the server’s command line', () => {
  it('lists every flag with --help', async () => {
    const { code, stdout } = await runToEnd(['--help']);
    expect(code).toBe(0);
    for (const flag of [
      '--port',
      '--host',
      '--data',
      '--heartbeat-interval',
      '--heartbeat-timeout',
      '--allow-origin',
    ]) {
      expect(stdout).toContain(flag);
    }
  });

  it.each([
    ['a port that is no number', ['--port', 'abc'], 'abc'],
    ['an interval without a unit', ['--heartbeat-interval', 'soon'], 'soon'],
    ['an unknown flag', ['--colour', 'red'], '--colour'],
  ])('refuses %s in one line that names it', async (_, flags, named) => {
    const { code, stderr } = await runToEnd(flags);
    expect(code).not.toBe(0);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(named);
  });

  it('says in one line that the port is in use', async () => {
    const server = await startServer();
    const { code, stderr } = await runToEnd([
      '--port',
      String(server.port),
      '--data',
      join(server.dataDir, 'other'),
    ]);
    expect(code).not.toBe(0);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(String(server.port));
    // Nothing was made for a chat that never began.
    expect(await readdir(server.dataDir)).not.toContain('other');
  });

  it('tells when it begins an empty log where there was a chat, and only then', async () => {
    const server = await startServer();
    await server.kill('SIGTERM');
    expect(server.output().stderr).toBe('');
    await rm(join(server.dataDir, 'log.sqlite'));
    await server.start();
    const [warning, ...more] = lines(server.output().stderr);
    expect(more).toEqual([]);
    expect(warning).toContain('there is no log.sqlite');
    expect(warning).toContain('people.sqlite');
    await server.kill('SIGTERM');
    await server.start();
    expect(server.output().stderr).toBe('');
  });

  it('says in one line that the data folder cannot be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heartline-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'a file');
    await writeFile(file, 'in the way');
    const { code, stderr } = await runToEnd(['--port', '0', '--data', join(file, 'data')]);
    expect(code).not.toBe(0);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(file);
  });

  it('makes the data folder, its parents too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heartline-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const dataDir = join(folder, 'a', 'b c', '数据');
    const server = await startServer(['--data', dataDir]);
    await server.kill('SIGTERM');
    expect(await readdir(dataDir)).toContain('log.sqlite');
  });

  it.runIf(process.platform === 'linux')('says so where no folder can be made', async () => {
    const { code, stderr } = await runToEnd(['--port', '0', '--data', '/proc/nope']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('/proc/nope');
  });

  it('ends with 0 on SIGTERM', async () => {
    const server = await startServer();
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
