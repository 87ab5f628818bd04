import { describe, expect, it } from 'vitest';
import { sharedRedis } from '../../e2e/support/redis';
import { connectTo, ownKeys, sharedConnection } from '../redis/testRedis';
import { createGuestTokens } from './guestTokens';
import {
  putBackSharedSecrets,
  readOrMakeSharedKey,
  readOrMakeSharedVapidKeys,
} from './sharedSecrets';

describe('what gateways have in common', () => {
  const redis = sharedRedis();
  const connection = sharedConnection(redis);

  /** Connections of so many gateways that start at once. */
  const gateways = (count: number) =>
    Promise.all(Array.from({ length: count }, () => connectTo(redis())));

  it('is made once, by whichever of those that start at once', async () => {
    const keys = ownKeys();
    const lines = await gateways(5);
    const made = await Promise.all(
      lines.map(async (line) => ({
        key: await readOrMakeSharedKey({ line, keys }),
        vapid: await readOrMakeSharedVapidKeys({ line, keys }),
      })),
    );
    for (const each of made) expect(each).toEqual(made[0]);
    const later = await readOrMakeSharedKey({ line: connection(), keys });
    expect(later).toEqual(made[0]?.key);
    expect(later).toHaveLength(32);
    const another = await readOrMakeSharedKey({ line: connection(), keys: ownKeys() });
    expect(another).not.toEqual(later);
  });

  it('lets one gateway prove what another has signed', async () => {
    const keys = ownKeys();
    const [here, there] = await Promise.all(
      (await gateways(2)).map(async (line) =>
        createGuestTokens(await readOrMakeSharedKey({ line, keys }), 60_000),
      ),
    );
    const ann = { id: 'u1', name: 'Ann' };
    const grant = await here?.issue(ann);
    expect(await there?.verify(grant?.token ?? '')).toEqual(ann);
  });

  it('is refused, not replaced, when it is something else: every token would be void', async () => {
    const keys = ownKeys();
    const line = connection();
    await line.send('x', 'SET', keys.signingKey(), 'abc');
    await line.send('x', 'SET', keys.vapidKeys(), '{"publicKey":"abc"}');
    await expect(readOrMakeSharedKey({ line, keys })).rejects.toThrow(
      `the key ${keys.signingKey()} in Redis holds no signing key`,
    );
    await expect(readOrMakeSharedVapidKeys({ line, keys })).rejects.toThrow(
      `the key ${keys.vapidKeys()} in Redis holds no keys for pushing`,
    );
    expect(await line.send('x', 'GET', keys.signingKey())).toBe('abc');
  });

  it('is put back where Redis has lost it, and never in place of another', async () => {
    const shared = { line: connection(), keys: ownKeys() };
    const { line, keys } = shared;
    const secrets = {
      key: await readOrMakeSharedKey(shared),
      vapidKeys: await readOrMakeSharedVapidKeys(shared),
    };
    expect(await putBackSharedSecrets(shared, secrets)).toBeUndefined();
    await line.send('x', 'DEL', keys.signingKey());
    await line.send('x', 'DEL', keys.vapidKeys());
    expect(await putBackSharedSecrets(shared, secrets)).toBeUndefined();
    expect(await readOrMakeSharedKey(shared)).toEqual(secrets.key);
    expect(await readOrMakeSharedVapidKeys(shared)).toEqual(secrets.vapidKeys);

    await line.send('x', 'DEL', keys.signingKey());
    const another = await readOrMakeSharedKey(shared);
    expect(await putBackSharedSecrets(shared, secrets)).toBe(keys.signingKey());
    expect(await readOrMakeSharedKey(shared)).toEqual(another);
  });

  it('is not used before as many replicas have it as were asked for', async () => {
    const wait = { replicas: 1, timeoutMs: 100 };
    const making = readOrMakeSharedKey({ line: connection(), keys: ownKeys(), wait });
    await expect(making).rejects.toThrow('0 of 1 replicas');
  });
});
