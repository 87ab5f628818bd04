import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGuestTokens, readOrMakeKey } from './guestTokens';

const key = new Uint8Array(32).fill(7);
const user = { id: 'u1', name: '小明' };
const hour = 3_600_000;

/** A token with these claims, signed with the right key. */
const signed = (claims: Record<string, unknown>, expires = '1h') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires).sign(key);

async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'heartline-key-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

describe('a guest token', () => {
  it('proves the user to whom it was given', async () => {
    const tokens = createGuestTokens(key, hour);
    const { token } = await tokens.issue(user);
    expect(await tokens.verify(token)).toEqual(user);
  });

  it('proves their tag as well, if they have one', async () => {
    const tokens = createGuestTokens(key, hour);
    for (const each of [user, { ...user, tag: 'k3f9' }]) {
      expect(await tokens.verify((await tokens.issue(each)).token)).toStrictEqual(each);
    }
  });

  it('proves nobody once anything in it was changed', async () => {
    const tokens = createGuestTokens(key, hour);
    const { token } = await tokens.issue({ ...user, tag: 'k3f9' });
    const [header, payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    for (const change of [
      { sub: 'u2' },
      { name: 'Ann' },
      { tag: undefined },
      { exp: claims.exp + 1 },
    ]) {
      const forged = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url');
      expect(await tokens.verify(`${header}.${forged}.${signature}`)).toBeUndefined();
    }
  });

  it('proves nobody to a server with another key', async () => {
    const { token } = await createGuestTokens(new Uint8Array(32), hour).issue(user);
    expect(await createGuestTokens(key, hour).verify(token)).toBeUndefined();
  });

  it('says until when it holds, and proves nobody from then on', async () => {
    const clock = { now: 1_700_000_000_500 };
    const tokens = createGuestTokens(key, hour, () => clock.now);
    const { token, expiresAt } = await tokens.issue(user);
    expect(expiresAt - clock.now).toBeGreaterThanOrEqual(hour);
    expect(expiresAt - clock.now).toBeLessThan(hour + 1_000);
    clock.now = expiresAt - 1_000;
    expect(await tokens.verify(token)).toEqual(user);
    clock.now = expiresAt;
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it.each([
    ['no token at all', async () => 'hello'],
    ['empty', async () => ''],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"u1","name":"x"}')}.`],
    ['expired', () => signed({ sub: 'u1', name: 'Ann' }, '1s ago')],
    ['without a user', () => signed({ name: 'Ann' })],
    ['without a name', () => signed({ sub: 'u1' })],
    ['for a name that is not allowed', () => signed({ sub: 'u1', name: 'A\u202en' })],
    [
      'with a tag that could be taken for a name',
      () => signed({ sub: 'u1', name: 'Ann', tag: 'A ' }),
    ],
    ['for an id that is not allowed', () => signed({ sub: '../u1', name: 'Ann' })],
  ])('proves nobody when it is %s', async (_, make) => {
    expect(await createGuestTokens(key, hour).verify(await make())).toBeUndefined();
  });
});

describe('the key', () => {
  it('is made once, for its owner’s eyes only', async () => {
    const dir = await tempDir();
    const [one, two] = await Promise.all([readOrMakeKey(dir), readOrMakeKey(dir)]);
    expect(one).toHaveLength(32);
    expect(two).toEqual(one);
    expect(await readOrMakeKey(dir)).toEqual(one);
    const files = await readdir(dir);
    expect(files).toEqual(['token.key']);
    expect((await stat(join(dir, 'token.key'))).mode & 0o777).toBe(0o600);
  });

  it('differs from folder to folder', async () => {
    const keys = [await readOrMakeKey(await tempDir()), await readOrMakeKey(await tempDir())];
    expect(keys[0]).not.toEqual(keys[1]);
  });

  it('that is damaged is refused, not replaced: every guest would be a stranger', async () => {
    const path = join(await tempDir(), 'token.key');
    await writeFile(path, 'abc');
    await expect(readOrMakeKey(join(path, '..'))).rejects.toThrow('no signing key');
    expect(await readFile(path, 'utf8')).toBe('abc');
  });
});
