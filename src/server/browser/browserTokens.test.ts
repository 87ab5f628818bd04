import 'fake-indexeddb/auto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogUnavailableError } from '../log/log';
import { createBrowserTokens, tokenLifetimeMs } from './browserTokens';
import { openHeartDatabase } from './heartDatabase';
import { createOpenTokens } from './keptInMemory';
import { newName } from './testDatabase';

const ann = { id: 'u1', name: 'Ann' };
const bob = { id: 'u2', name: 'Bob', tag: 'k3f9' };

async function opened(name = newName()) {
  const database = await openHeartDatabase({ name, newEpoch: 'e1' });
  onTestFinished(() => database.close());
  let nowMs = 1_000;
  const tokens = createBrowserTokens(database, () => nowMs);
  return {
    tokens,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('a token of the server in the page', () => {
  it('proves who somebody is, after everything was closed, too', async () => {
    const name = newName();
    const { tokens } = await opened(name);
    const grants = [await tokens.issue(ann), await tokens.issue(bob)];
    const again = await opened(name);
    const proven = await Promise.all(grants.map(({ token }) => again.tokens.verify(token)));
    expect(proven).toEqual([ann, bob]);
  });

  it('proves nobody if it was made up, or has ended', async () => {
    const { tokens, pass } = await opened();
    const { token, expiresAt } = await tokens.issue(ann);
    expect(expiresAt).toBe(1_000 + tokenLifetimeMs);
    expect(await tokens.verify('made-up')).toBeUndefined();
    expect(await tokens.verify(`open ${JSON.stringify(ann)}`)).toBeUndefined();
    pass(tokenLifetimeMs);
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('is one for each user, however often they come, and holds from their last visit', async () => {
    const { tokens, pass } = await opened();
    const first = await tokens.issue(ann);
    pass(tokenLifetimeMs / 2);
    const second = await tokens.issue(ann);
    expect(second.token).toBe(first.token);
    pass(tokenLifetimeMs / 2);
    expect(await tokens.verify(first.token)).toEqual(ann);
    pass(tokenLifetimeMs / 2);
    expect((await tokens.issue(ann)).token).not.toBe(first.token);
  });

  it('holds while the server runs where it cannot be kept', async () => {
    const tokens = createBrowserTokens({
      use: () => Promise.reject(new LogUnavailableError('no room')),
    });
    const { token } = await tokens.issue(ann);
    expect(await tokens.verify(token)).toEqual(ann);
  });
});

describe('a token of a browser that keeps nothing', () => {
  it('is believed by the next server there, and by no other text', async () => {
    const { token } = await createOpenTokens().issue(bob);
    expect(await createOpenTokens().verify(token)).toEqual(bob);
    for (const other of ['', 'open', 'open x', 'open {}', JSON.stringify(bob)]) {
      expect(await createOpenTokens().verify(other)).toBeUndefined();
    }
  });
});
