/** Reads a large hash or set of Redis in parts, so that it answers others in between. */
import * as v from 'valibot';
import type { RedisLine } from './redisLine';

const answer = v.tuple([v.string(), v.array(v.string())]);

/**
 * What `HSCAN` (field and value in turn) or `SSCAN` gives of the key: all that is there throughout, some of it
 * perhaps twice.
 */
export async function* scanned(
  redis: Pick<RedisLine, 'send'>,
  command: 'HSCAN' | 'SSCAN',
  key: string,
  ...args: string[]
): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const part = v.parse(
      answer,
      await redis.send(key, command, key, cursor, ...args, 'COUNT', '1000'),
    );
    yield part[1];
    cursor = part[0];
  } while (cursor !== '0');
}
