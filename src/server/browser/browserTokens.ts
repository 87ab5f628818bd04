/**
 * Proofs of who somebody is, for the server in the page: random texts that mean nothing outside of this
 * browser, each kept with whom it proves. Signing them would need `crypto.subtle`, which pages without TLS
 * do not have, and who could read the key could read these as well.
 */
import * as v from 'valibot';
import { type User, userSchema } from '../../protocol/user';
import type { TokenAuthority } from '../chat/ports';
import type { HeartDatabase, TokenRow } from './heartDatabase';
import { randomId } from './randomId';

const tokenRow = v.object({
  token: v.string(),
  userId: v.string(),
  user: userSchema,
  expiresAt: v.number(),
});

/** A year, in ms. */
export const tokenLifetimeMs = 365 * 86_400_000;

/**
 * Tokens that are kept in the database; one for each user, which holds longer each time it is asked for.
 * What cannot be kept, as there is no room, holds while this server runs. `now` is in ms since 1970.
 */
export function createBrowserTokens(
  database: Pick<HeartDatabase, 'use'>,
  now: () => number = Date.now,
): TokenAuthority {
  const unkept = new Map<string, TokenRow>();

  function keep(user: User, expiresAt: number): Promise<TokenRow> {
    return database.use(async (opened) => {
      const transaction = opened.transaction('tokens', 'readwrite');
      const { store } = transaction;
      const ended = await store.index('byEnd').getAllKeys(IDBKeyRange.upperBound(now()));
      for (const key of ended) store.delete(key).catch(() => {});
      const known = v.safeParse(tokenRow, await store.index('byUser').get(user.id));
      const token = known.success && !isOver(known.output) ? known.output.token : newToken();
      const row = { token, userId: user.id, user, expiresAt };
      await Promise.all([store.put(row), transaction.done]);
      return row;
    });
  }

  const isOver = ({ expiresAt }: { expiresAt: number }) => expiresAt <= now();

  return {
    lifetimeMs: tokenLifetimeMs,
    async issue(user) {
      const expiresAt = now() + tokenLifetimeMs;
      const { token } = await keep(user, expiresAt).catch(() => {
        const row = { token: newToken(), userId: user.id, user, expiresAt };
        unkept.set(row.token, row);
        return row;
      });
      return { token, expiresAt };
    },
    async verify(token) {
      const row: unknown =
        unkept.get(token) ?? (await database.use((opened) => opened.get('tokens', token)));
      const parsed = v.safeParse(tokenRow, row);
      return parsed.success && !isOver(parsed.output) ? parsed.output.user : undefined;
    },
  };
}

/** Twice as much chance as an id has. */
const newToken = () => `${randomId()}${randomId()}`;
