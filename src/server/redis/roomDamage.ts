/** What is wrong with what Redis keeps of a room, in the words of who has to put it right. */
import { ErrorReply } from 'redis';
import * as v from 'valibot';
import type { RedisKeys } from './keys';
import { parseEnd } from './logReplies';
import { DamagedKeyError } from './redisErrors';
import type { RedisLine } from './redisLine';

/**
 * Which of a room's keys hold something of another type, and whether its messages end where it says: what shows
 * from outside. Rejects if Redis is away.
 */
export async function wrongKeysOf(
  line: RedisLine,
  keys: RedisKeys,
  room: string,
): Promise<string[]> {
  const types = [
    [keys.roomMeta(room), 'hash'],
    [keys.roomLog(room), 'stream'],
    [keys.roomChanged(room), 'hash'],
    [keys.roomHere(room), 'hash'],
    [keys.roomMarks(room), 'hash'],
    [keys.roomMarksMoved(room), 'zset'],
    [keys.roomPush(room), 'hash'],
  ] as const;
  const results = await line.sendAll(types.map(([key]) => ({ key, args: ['TYPE', key] })));
  const wrong = types.flatMap(([key, wanted], index) => {
    const result = results[index];
    if (result?.status !== 'fulfilled') throw result?.reason;
    const found = v.parse(v.string(), result.value);
    return found === wanted || found === 'none'
      ? []
      : [`${key} is a ${found}, and not a ${wanted}`];
  });
  return wrong.length > 0 ? wrong : wrongEndOf(line, keys, room);
}

const lastEntrySchema = v.array(v.looseTuple([v.pipe(v.string(), v.transform(parseFloat))]));

async function wrongEndOf(line: RedisLine, keys: RedisKeys, room: string): Promise<string[]> {
  const [meta, log] = [keys.roomMeta(room), keys.roomLog(room)];
  const found = await line.send(log, 'XREVRANGE', log, '+', '-', 'COUNT', '1');
  const [[last] = [0]] = v.parse(lastEntrySchema, found);
  const reply = await line.send(meta, 'HMGET', meta, 'epoch', 'seq', 'mid', 'texts');
  let end = 0;
  try {
    end = parseEnd(reply, meta)?.seq ?? 0;
  } catch (error) {
    return [describeDamage(error)];
  }
  return last > end ? [`${log} goes on to ${last}, where ${meta} ends the room at ${end}`] : [];
}

/** What an error tells of a damage; nothing of what anybody wrote. */
export function describeDamage(error: unknown): string {
  if (error instanceof ErrorReply) {
    return error.message.replace(/^DAMAGED /, '').replace(/ script: [0-9a-f]{40}, on .*$/s, '');
  }
  if (error instanceof DamagedKeyError) return error.message;
  return 'what Redis answers is not what it was given';
}
