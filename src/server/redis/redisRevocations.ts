/**
 * Who has signed out, in Redis: known to every gateway once that is answered, and as durable as the operator
 * has chosen for messages. Remembered for as long as any token may hold that any gateway has made.
 */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import type { Revocations } from '../chat/ports';
import type { RedisKeys } from './keys';
import type { RedisLine, ReplicaWait } from './redisLine';
import { defineScript, runScript, runScripts, type ScriptCall } from './scripts';

export interface RedisRevocationsOptions {
  line: RedisLine;
  keys: RedisKeys;
  /** `now()` is ms since 1970. */
  time: Pick<Time, 'now'>;
  /** How many replicas have to know of a sign-out. */
  wait?: ReplicaWait | undefined;
}

const msSchema = v.nullable(v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number)));

/** Sets what is larger. `ARGV`: a whole number, and for how long it is kept in ms, or '' for ever. */
const raiseScript = defineScript(`
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
if ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`);

/** Notes how long tokens hold that this gateway makes, in ms, before it makes the first. */
export async function noteTokenLifetime(
  line: RedisLine,
  keys: RedisKeys,
  lifetimeMs: number,
): Promise<void> {
  const args = [String(Math.ceil(lifetimeMs)), ''];
  await runScript(line, { script: raiseScript, keys: [keys.tokenLifetime()], args });
}

export function createRedisRevocations(options: RedisRevocationsOptions): Revocations {
  const { line, keys, time, wait } = options;

  const numberAt = async (key: string) => v.parse(msSchema, await line.send(key, 'GET', key)) ?? 0;

  return {
    async revoke(userId, untilMs) {
      const nowMs = time.now();
      const longestMs = await numberAt(keys.tokenLifetime());
      const longUntilMs = Math.ceil(Math.max(untilMs, nowMs + longestMs));
      const args = [longUntilMs, Math.max(1, longUntilMs - nowMs)].map(String);
      const call: ScriptCall = { script: raiseScript, keys: [keys.userRevoked(userId)], args };
      const [result] = await runScripts(line, [call], wait);
      if (result?.status === 'rejected') throw result.reason;
    },

    isRevoked: async (userId) => (await numberAt(keys.userRevoked(userId))) > time.now(),
  };
}
