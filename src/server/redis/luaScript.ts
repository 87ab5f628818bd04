/** Scripts that run in Redis, known there by their hash once they have run. */
import { createHash } from 'node:crypto';
import type { RedisLine } from './redisLine';

export interface LuaScript {
  readonly text: string;
  readonly sha1: string;
}

export const luaScript = (text: string): LuaScript => ({
  text,
  sha1: createHash('sha1').update(text).digest('hex'),
});

/** Runs the script with one key: it must touch only keys of that one's slot. */
export async function runScript(
  send: RedisLine['send'],
  { text, sha1 }: LuaScript,
  key: string,
  ...args: string[]
): Promise<unknown> {
  try {
    return await send(key, 'EVALSHA', sha1, '1', key, ...args);
  } catch (error) {
    // A Redis that was started since does not know it.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return send(key, 'EVAL', text, '1', key, ...args);
  }
}
