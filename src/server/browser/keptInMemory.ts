/**
 * What the heart stands on in a browser that keeps nothing: memory, for as long as the heart beats. It is
 * fetched by whoever needs it.
 */
import * as v from 'valibot';
import { userSchema } from '../../protocol/user';
import { createMemoryPeople, type MemoryPeopleOptions } from '../chat/people/memoryPeople';
import type { TokenAuthority } from '../chat/ports';
import { createMemoryLog } from '../log/memoryLog';
import { tokenLifetimeMs } from './browserTokens';
import { randomId } from './randomId';

export function keepInMemory(options: Pick<Required<MemoryPeopleOptions>, 'time' | 'keysOf'>) {
  return {
    log: createMemoryLog(randomId()),
    people: createMemoryPeople(options),
    tokens: createOpenTokens(options.time.now),
  };
}

/**
 * Tokens of a browser that keeps nothing: they say themselves whom they prove, and are believed. There is
 * nobody else to be in this browser, and its person shall come back as the same after a reload.
 */
export function createOpenTokens(now: () => number = Date.now): TokenAuthority {
  return {
    lifetimeMs: tokenLifetimeMs,
    issue: async (user) => ({
      token: `open ${JSON.stringify(user)}`,
      expiresAt: now() + tokenLifetimeMs,
    }),
    async verify(token) {
      const parsed = v.safeParse(openToken, token);
      return parsed.success ? parsed.output : undefined;
    },
  };
}

const openToken = v.pipe(
  v.string(),
  v.startsWith('open '),
  v.transform((token) => token.slice('open '.length)),
  v.parseJson(),
  userSchema,
);
