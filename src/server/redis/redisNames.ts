/**
 * Whose each name is, in Redis. A name has two keys, how it looks and how it reads, which may be on different
 * nodes: they are taken one after the other, always in the same order, and the first is given back where the
 * second is somebody else's. So of those who come with a name at the same moment one gets it. What a gateway
 * that died had half taken is nobody's until its end.
 */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import { nameKeys } from '../chat/people/nameKeys';
import type { Names } from '../chat/ports';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { defineScript, runScript, type Script } from './scripts';

export interface RedisNamesOptions {
  line: RedisLine;
  keys: RedisKeys;
  /** `now()` is ms since 1970. */
  time: Pick<Time, 'now'>;
  /** How many people may have a name of their own. */
  maxNames?: number;
}

/** A name is kept for longer than was asked, by this part of it: who comes back daily writes seldom. */
const marginOfHold = 1 / 8;

/** Until when somebody has a name, and who. */
const holdSchema = v.nullable(
  v.pipe(
    v.string(),
    v.regex(/^\d+ \S+$/, 'a name in Redis is not somebody’s'),
    v.transform((text) => {
      const [untilMs, userId] = text.split(' ');
      return { untilMs: Number(untilMs), userId };
    }),
  ),
);

const membersSchema = v.array(v.string());

const [taken, isNew, isOwn] = [0, 1, 2];
const claimSchema = v.picklist([taken, isNew, isOwn]);

/** `ARGV`: user, until when, now, and for how long the key is kept, all in ms. */
const claimScript = defineScript(`
local held, isOwn = redis.call('GET', KEYS[1]), false
if held then
  local ends, owner = string.match(held, '^(%d+) (.+)$')
  isOwn = owner == ARGV[1]
  if not isOwn and tonumber(ends) > tonumber(ARGV[3]) then return 0 end
  if isOwn and tonumber(ends) >= tonumber(ARGV[2]) then return 2 end
end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[1], 'PX', ARGV[4])
return isOwn and 2 or 1`);

/** `ARGV`: user. */
const dropScript = defineScript(`
local held = redis.call('GET', KEYS[1])
if held and string.match(held, ' (.+)$') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`);

/** Notes the names of a user, so that they are found at the sign-out. `ARGV`: ms, and the names. */
const noteScript = defineScript(`
redis.call('SADD', KEYS[1], unpack(ARGV, 2))
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1`);

/**
 * Counts who has a name: one more only if there is room. `ARGV`: user, until when, now, how many there may be
 * or '' for who has theirs already. With each that is counted some that have ended are forgotten.
 */
const countScript = defineScript(`
local ended = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, 16)
if #ended > 0 then redis.call('ZREM', KEYS[1], unpack(ended)) end
if ARGV[4] ~= '' and not redis.call('ZSCORE', KEYS[1], ARGV[1])
  and redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[3], '+inf') >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return 1`);

export function createRedisNames(options: RedisNamesOptions): Names {
  const { line, keys, time, maxNames = 1_000_000 } = options;

  const holdOf = async (key: string) => v.parse(holdSchema, await line.send(key, 'GET', key));
  const run = (script: Script, key: string, ...args: (string | number)[]) =>
    runScript(line, { script, keys: [key], args: args.map(String) });
  const drop = (key: string, userId: string) => run(dropScript, key, userId);

  return {
    async claim({ id, name }, untilMs) {
      const nowMs = time.now();
      const [look, word] = nameKeys(name);
      const [first, second] = [keys.name(word), keys.name(look)];
      const found = await Promise.all([holdOf(first), holdOf(second)]);
      const holds = found.filter((hold) => hold && hold.untilMs > nowMs);
      if (holds.some((hold) => hold?.userId !== id)) return false;
      if (holds.length === 2 && holds.every((hold) => hold && hold.untilMs >= untilMs)) return true;

      const longUntilMs = Math.ceil(untilMs + (untilMs - nowMs) * marginOfHold);
      const keptMs = Math.max(1, longUntilMs - nowMs);
      const most = holds.length === 0 ? maxNames : '';
      const [isCounted] = await Promise.all([
        run(countScript, keys.names(), id, longUntilMs, nowMs, most),
        run(noteScript, keys.userNames(id), keptMs, word, look),
      ]);
      if (v.parse(v.picklist([0, 1]), isCounted) === 0) return false;

      const take = async (key: string) =>
        v.parse(claimSchema, await run(claimScript, key, id, longUntilMs, nowMs, keptMs));
      const ofFirst = await take(first);
      if (ofFirst !== taken && (await take(second)) !== taken) return true;
      if (ofFirst === isNew) await drop(first, id);
      if (holds.length === 0) await line.send(keys.names(), 'ZREM', keys.names(), id);
      return false;
    },

    async release(userId) {
      const ofUser = keys.userNames(userId);
      const names = v.parse(membersSchema, await line.send(ofUser, 'SMEMBERS', ofUser));
      // What was noted stays until it ends: the user may be about to claim the name once more.
      await Promise.all(names.map((name) => drop(keys.name(name), userId)));
      await line.send(keys.names(), 'ZREM', keys.names(), userId);
    },
  };
}
