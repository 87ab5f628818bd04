/**
 * What is known of people, in Redis and the same for all gateways: whose each name is, who has signed out, and
 * how far who has read. Every call rejects with `LogUnavailableError` while Redis is away, so that whoever
 * waits for it is asked to come back soon.
 */
import type { Time } from '../../connection/ports';
import type { People } from '../chat/ports';
import type { RedisKeys } from './keys';
import type { RedisLine, ReplicaWait } from './redisLine';
import { createRedisMarks } from './redisMarks';
import { createRedisNames } from './redisNames';
import { createRedisRevocations, noteTokenLifetime } from './redisRevocations';

export interface RedisPeopleOptions {
  line: RedisLine;
  keys: RedisKeys;
  /** `now()` is ms since 1970. */
  time: Time;
  /** How many replicas have to know of a sign-out. */
  wait?: ReplicaWait | undefined;
  /** How many people may have a name: without a bound, who never tires of new guests could fill the memory. */
  maxNames?: number;
  /** How many marks of what was read may be kept, for the same reason. */
  maxMarks?: number;
}

export interface RedisPeople extends People {
  /** Writes what is not written yet, and leaves no timer. */
  close(): Promise<void>;
}

/** `tokenLifetimeMs`: how long a token holds that this gateway makes. Rejects while Redis is away. */
export async function openRedisPeople(
  tokenLifetimeMs: number,
  options: RedisPeopleOptions,
): Promise<RedisPeople> {
  await noteTokenLifetime(options.line, options.keys, tokenLifetimeMs);
  return createRedisPeople(options);
}

export function createRedisPeople({
  maxNames,
  maxMarks,
  ...options
}: RedisPeopleOptions): RedisPeople {
  const marks = createRedisMarks({ ...options, ...(maxMarks !== undefined && { maxMarks }) });
  return {
    names: createRedisNames({ ...options, ...(maxNames !== undefined && { maxNames }) }),
    revocations: createRedisRevocations(options),
    marks,
    close: marks.close,
  };
}
