/**
 * Where gateways tell each other, in Redis, what users and addresses spend: a bucket for each key, by the time
 * of Redis, which is gone once it is full. And how many connections users have, under leases.
 */
import * as v from 'valibot';
import { mostOwedMs, type Spending } from '../chat/sharedBuckets';
import type { ConnectionTally } from '../chat/sharedConnections';
import type { Rate } from '../chat/tokenBucket';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { redisScript, runScript } from './redisScript';

interface RedisSharingOptions {
  line: RedisLine;
  keys: RedisKeys;
}

const leftSchema = v.pipe(
  v.string(),
  v.regex(/^-?\d+(\.\d+)?$/, 'what is left of a bucket in Redis is no number'),
  v.transform(Number),
);

/**
 * Takes from a bucket, into debt if need be. `ARGV`: cost, per second, burst, what may be owed at most. It
 * stands there as what was left when, in ms, and is kept until it would be full.
 */
const spendScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local cost, perSecond, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local left, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%S+)$')
left = math.min(burst, tonumber(left or burst) + math.max(0, now - tonumber(at or now)) * perSecond / 1000)
left = math.max(left - cost, -tonumber(ARGV[4]))
local value = string.format('%.3f %.3f', left, now)
redis.call('SET', KEYS[1], value, 'PX', math.ceil((burst - left) / perSecond * 1000) + 1)
return string.format('%.3f', left)`);

export function createRedisSpending(
  kind: 'user' | 'address',
  { perSecond, burst }: Rate,
  { line, keys }: RedisSharingOptions,
): Spending {
  const mostOwed = (mostOwedMs / 1_000) * perSecond;
  return {
    spend: (spent) =>
      // In one go, as all of them are sent in one turn.
      Promise.all(
        spent.map(async ({ key, cost }) => {
          const bucket = [keys.spending(kind, key)] as const;
          const args = [cost, perSecond, burst, mostOwed];
          return v.parse(leftSchema, await runScript(line, spendScript, bucket, ...args));
        }),
      ),
  };
}

/**
 * Says how many connections a gateway has of a user, and counts all. `ARGV`: gateway, count, for how many ms.
 * Each stands as the count and its end; those that have ended are taken away by whoever comes next.
 */
const tallyScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%s %.0f', ARGV[2], now + ARGV[3]))
end
local total, lastEnd = 0, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local count, ends = string.match(all[i + 1], '^(%d+) (%d+)$')
  if tonumber(ends) > now then
    total = total + tonumber(count)
    lastEnd = math.max(lastEnd, tonumber(ends))
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
if lastEnd > 0 then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', lastEnd)) end
return total`);

/** `gateway`: an id that no other gateway has. */
export function createRedisTally(
  gateway: string,
  { line, keys }: RedisSharingOptions,
): ConnectionTally {
  return {
    async tell(userId, count, leaseMs) {
      const key = [keys.userConnections(userId)] as const;
      return v.parse(v.number(), await runScript(line, tallyScript, key, gateway, count, leaseMs));
    },
  };
}
