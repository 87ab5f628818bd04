import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeVapidKeys, readOrMakeVapidKeys } from './vapidKeys';

async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'heartline-vapid-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

describe('the keys for pushing', () => {
  it('are made once, for their owner’s eyes only', async () => {
    const dir = await tempDir();
    const [one, two] = await Promise.all([readOrMakeVapidKeys(dir), readOrMakeVapidKeys(dir)]);
    expect(two).toEqual(one);
    expect(await readOrMakeVapidKeys(dir)).toEqual(one);
    expect(await readdir(dir)).toEqual(['vapid.json']);
    expect((await stat(join(dir, 'vapid.json'))).mode & 0o777).toBe(0o600);
  });

  const { publicKey, privateKey } = makeVapidKeys();
  it.each([
    ['no JSON', 'abc'],
    ['empty', ''],
    ['half', JSON.stringify({ publicKey })],
    ['too short', JSON.stringify({ publicKey, privateKey: privateKey.slice(4) })],
    ['of two pairs', JSON.stringify({ publicKey, privateKey: makeVapidKeys().privateKey })],
    ['no key at all', JSON.stringify({ publicKey, privateKey: 'A'.repeat(43) })],
  ])(
    'are refused, not replaced, when they are %s: every subscription would be lost',
    async (_, text) => {
      const dir = await tempDir();
      await writeFile(join(dir, 'vapid.json'), text);
      await expect(readOrMakeVapidKeys(dir)).rejects.toThrow('holds no keys for pushing');
      expect(await readFile(join(dir, 'vapid.json'), 'utf8')).toBe(text);
    },
  );
});
