/**
 * Where gateways tell each other, in Redis, what users and addresses spend: a bucket for each key, by the time
 * of Redis, which is gone once it is full. And how many connections users have, under leases.
 */
import * as v from 'valibot';
import type { SharedAllowancesPorts } from '../chat/limits/sharedAllowances';
import { mostOwedMs, type Spending, type SpendingKind } from '../chat/limits/sharedBuckets';
import type { ConnectionTally } from '../chat/limits/sharedConnections';
import type { Rate } from '../chat/limits/tokenBucket';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import { defineScript, runScript, type ScriptCall } from './scripts';

export interface RedisAllowancesOptions {
  /** An id that no other gateway has, nor has had within a lease. */
  gateway: string;
  line: RedisLine;
  keys: RedisKeys;
}

/** Each call rejects with `LogUnavailableError` while Redis is away; what was told may have arrived then. */
export const redisAllowances = (options: RedisAllowancesOptions): SharedAllowancesPorts => ({
  spendingOf: (kind, rate) => createRedisSpending(kind, rate, options),
  tally: createRedisTally(options),
});

const leftSchema = v.pipe(
  v.string(),
  v.regex(/^-?\d+(\.\d+)?$/, 'what is left of a bucket in Redis is no number'),
  v.transform(Number),
);

/**
 * Takes from a bucket, into debt if need be. `ARGV`: cost, per second, burst, what may be owed at most. It
 * stands there as what was left when, in ms, and is kept until it would be full.
 */
const spendScript = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local cost, perSecond, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local left, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%S+)$')
left = math.min(burst, tonumber(left or burst) + math.max(0, now - tonumber(at or now)) * perSecond / 1000)
left = math.max(left - cost, -tonumber(ARGV[4]))
local value = string.format('%.3f %.3f', left, now)
redis.call('SET', KEYS[1], value, 'PX', math.ceil((burst - left) / perSecond * 1000) + 1)
return string.format('%.3f', left)`);

function createRedisSpending(
  kind: SpendingKind,
  { perSecond, burst }: Rate,
  { line, keys }: RedisAllowancesOptions,
): Spending {
  const mostOwed = (mostOwedMs / 1_000) * perSecond;
  return {
    spend: (spent) =>
      // In one go, as all of them are sent in one turn.
      Promise.all(
        spent.map(async ({ key, cost }) => {
          const args = [cost, perSecond, burst, mostOwed].map(String);
          const call: ScriptCall = { script: spendScript, keys: [keys.spending(kind, key)], args };
          return v.parse(leftSchema, await runScript(line, call));
        }),
      ),
  };
}

/**
 * Says how many connections a gateway has of a user, and counts all. `ARGV`: gateway, count, for how many ms.
 * Each stands as the count and its end; those that have ended are taken away by whoever comes next.
 */
const tallyScript = defineScript(`
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

function createRedisTally({ gateway, line, keys }: RedisAllowancesOptions): ConnectionTally {
  return {
    async tell(userId, count, leaseMs) {
      const args = [gateway, String(count), String(leaseMs)];
      const call: ScriptCall = { script: tallyScript, keys: [keys.userConnections(userId)], args };
      return v.parse(v.number(), await runScript(line, call));
    },
  };
}
