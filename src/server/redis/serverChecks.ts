/**
 * Whether a Redis is fit to keep a chat, by what it tells of itself: pure, from the text of `INFO`. What makes
 * messages vanish for certain is an error; what only may, in some accident, is a warning.
 */
import { RedisStartError } from './redisErrors';

export type RedisInfo = ReadonlyMap<string, string>;

/** The fields of a reply to `INFO`. */
export function parseInfo(text: string): RedisInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

export const isCluster = (info: RedisInfo): boolean => info.get('cluster_enabled') === '1';

/** Sharded pub/sub, and scripts that say what they need, came with it. */
const oldestMajor = 7;

/** What Redis does when its memory is full: nothing else than to refuse what is new will do. */
const keepsAll = 'noeviction';
const policyOf = (info: RedisInfo): string => info.get('maxmemory_policy') ?? keepsAll;

/** Throws a `RedisStartError` if it cannot keep a chat. */
export function refuseUnfit(info: RedisInfo, name: string): void {
  const version = info.get('redis_version') ?? 'of no version';
  const isValkey = info.has('valkey_version') || info.get('server_name') === 'valkey';
  if (!isValkey && !(Number.parseInt(version, 10) >= oldestMajor)) {
    throw new RedisStartError(`${name} is ${version}: Redis 7.0 or later, or Valkey, is needed`);
  }
  const policy = policyOf(info);
  if (policy !== keepsAll && info.get('maxmemory') !== '0') {
    throw new RedisStartError(
      `${name} drops messages when its memory is full (maxmemory-policy is ${policy}): set it to noeviction`,
    );
  }
}

/** What an accident may cost; `appendfsync` is undefined where Redis does not tell it. */
export function warningsOf(
  info: RedisInfo,
  appendfsync: string | undefined,
  name: string,
): string[] {
  const warnings: string[] = [];
  if (info.get('aof_enabled') !== '1') {
    warnings.push(
      `${name} keeps no append-only file: a restart may lose messages that were acknowledged (appendonly yes)`,
    );
  } else if (appendfsync !== undefined && appendfsync !== 'always') {
    warnings.push(
      `${name} syncs its file later (appendfsync ${appendfsync}): a power cut may lose messages that were acknowledged`,
    );
  }
  if (policyOf(info) !== keepsAll && info.get('maxmemory') === '0') {
    warnings.push(
      `${name} will drop messages as soon as somebody limits its memory (maxmemory-policy is ${policyOf(info)}): set it to noeviction`,
    );
  }
  if (info.get('role') === 'slave') {
    warnings.push(`${name} is a replica: it takes no messages until it is a master`);
  }
  return warnings;
}
