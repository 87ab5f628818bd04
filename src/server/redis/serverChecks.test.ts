import { describe, expect, it } from 'vitest';
import { parseInfo, refuseUnfit, warningsOf } from './serverChecks';

const infoOf = (fields: Record<string, string>) =>
  parseInfo(
    ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join(
      '\r\n',
    ),
  );

const refusalOf = (fields: Record<string, string>) => () => refuseUnfit(infoOf(fields), 'Redis');

describe('a Redis that cannot keep a chat', () => {
  it.each(['6.2.14', '2.8', '', 'next'])('is one of version %j', (redis_version) => {
    expect(refusalOf({ redis_version })).toThrow('Redis 7.0 or later, or Valkey, is needed');
  });

  it('is one that drops what it holds when it is full', () => {
    const fields = { redis_version: '7.2.4', maxmemory: '1000', maxmemory_policy: 'allkeys-lru' };
    expect(refusalOf(fields)).toThrow('maxmemory-policy is allkeys-lru');
  });
});

describe('a Redis that can', () => {
  it.each([
    { redis_version: '7.0.0' },
    { redis_version: '10.1.0' },
    { redis_version: '7.0.15', maxmemory: '1000', maxmemory_policy: 'noeviction' },
    { redis_version: '7.0.15', maxmemory: '0', maxmemory_policy: 'allkeys-lru' },
    { redis_version: '6.9.9', server_name: 'valkey', valkey_version: '8.1.0' },
  ])('is %j', (fields) => {
    expect(refusalOf(fields)).not.toThrow();
  });
});

describe('what is warned of', () => {
  it.each([
    [{ aof_enabled: '1', role: 'master' }, 'always', []],
    [{ aof_enabled: '1', role: 'master' }, undefined, []],
    [{ aof_enabled: '1', role: 'master' }, 'everysec', ['appendfsync everysec']],
    [{ aof_enabled: '0', role: 'master' }, 'everysec', ['appendonly yes']],
    [{ aof_enabled: '1', role: 'slave' }, 'always', ['is a replica']],
    [
      { aof_enabled: '1', maxmemory: '0', maxmemory_policy: 'allkeys-lru' },
      'always',
      ['limits its memory (maxmemory-policy is allkeys-lru): set it to noeviction'],
    ],
    [{ aof_enabled: '1', maxmemory: '0', maxmemory_policy: 'noeviction' }, 'always', []],
  ])('of %j with appendfsync %s', (fields, appendfsync, sought) => {
    const warnings = warningsOf(infoOf(fields), appendfsync, 'Redis');
    expect(warnings).toEqual(sought.map((text) => expect.stringContaining(text)));
  });
});
