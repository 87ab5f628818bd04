/** Scripts that Redis runs as one step. They are sent by their hash, and whole to a Redis that does not know them. */
import { createHash } from 'node:crypto';
import { replyCode } from './redisErrors';
import type { RedisLine } from './redisLine';

export interface RedisScript {
  readonly text: string;
  readonly sha1: string;
}

export const redisScript = (text: string): RedisScript => ({
  text,
  sha1: createHash('sha1').update(text).digest('hex'),
});

/** The node that runs a script has all of its keys: they share a hash tag. Rejects as `RedisLine` does. */
export async function runScript(
  line: Pick<RedisLine, 'send'>,
  { text, sha1 }: RedisScript,
  keys: readonly [string, ...string[]],
  ...args: readonly (string | number)[]
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args.map(String)];
  try {
    return await line.send(keys[0], 'EVALSHA', sha1, ...rest);
  } catch (error) {
    if (replyCode(error) !== 'NOSCRIPT') throw error;
    return line.send(keys[0], 'EVAL', text, ...rest);
  }
}
