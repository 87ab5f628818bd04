/**
 * What may stand behind a flag, one parser a kind. Each throws an Error that says what would be right;
 * `options.ts` says which flag it was.
 */
import { trustIn } from './clientAddress';
import { type LogLevel, logLevels } from './serverLog';

export function nonEmpty(text: string): string {
  if (text === '') throw new Error('must not be empty');
  return text;
}

export function parsePort(text: string): number {
  const port = Number(text);
  const isPort = /^\d+$/.test(text) && port <= 65_535;
  if (!isPort) throw new Error('must be a number from 0 to 65535');
  return port;
}

export function parseEngine(text: string): 'sqlite' | 'memory' {
  if (text === 'sqlite' || text === 'memory') return text;
  throw new Error('must be sqlite or memory');
}

export function parseCount(text: string): number {
  const count = Number(text);
  const isCount = /^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count);
  if (!isCount) throw new Error('must be a number from 1 on');
  return count;
}

export function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text);
  if (!level) throw new Error(`must be one of ${logLevels.join(', ')}`);
  return level;
}

export function parseOnOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Error('must be on or off');
}

/** `250ms`, `25s`, `4m` or `4m30s`, in ms. */
export function parseTimeMs(text: string, maxMs: number): number {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  const [, days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match ?? [];
  const wholeHours = Number(days) * 24 + Number(hours);
  const wholeSeconds = (wholeHours * 60 + Number(minutes)) * 60 + Number(seconds);
  const ms = wholeSeconds * 1_000 + Number(milliseconds);
  if (!match || ms === 0) throw new Error('must be a time such as 250ms, 25s or 4m30s');
  if (ms > maxMs) throw new Error(`must be at most ${maxMs / 1_000}s`);
  return ms;
}

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** `500kB`, `25MB` or `10GB`, each 1,000 of the one before, or `KiB`, `MiB` and `GiB` of 1,024; in bytes. */
export function parseBytes(text: string): number {
  const [, count = '', unit = 'B'] = /^(\d+)(B|kB|MB|GB|KiB|MiB|GiB)?$/.exec(text) ?? [];
  const bytes = Number(count) * (unitBytes[unit] ?? Number.NaN);
  if (count === '' || !Number.isSafeInteger(bytes)) {
    throw new Error('must be a size such as 500kB, 25MB or 10GB');
  }
  return bytes;
}

/** One that is renewed in time wherever Redis answers at all, and over before anybody wonders. */
export function parseLeaseMs(text: string): number {
  const ms = parseTimeMs(text, 600_000);
  if (ms < 2_000) throw new Error('must be at least 2s');
  return ms;
}

/** RFC 8292 section 2.1: push services take these two. */
export function parseContact(text: string): string {
  const isContact = /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(text) && URL.canParse(text);
  if (!isContact) throw new Error('must be mailto:name@host or an https address');
  return text;
}

export function parseOrigins(text: string): string[] {
  return parseList(text).map((each) => {
    if (!URL.canParse(each)) throw new Error('must be an address such as https://chat.example');
    const { origin, protocol } = new URL(each);
    if (protocol !== 'http:' && protocol !== 'https:') throw new Error('must be http or https');
    return origin;
  });
}

/** `redis:`, or `rediss:` over TLS, with at most a number of a database behind the host. */
export function parseRedisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  const hasDatabase = /^\/?\d*$/.test(url?.pathname ?? '');
  if (!isRedis || !url.hostname || !hasDatabase) {
    throw new Error('must be redis://host:port, or rediss:// for TLS');
  }
  return text;
}

export function parseReplicas(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new Error('must be a number from 0 to 99');
  return Number(text);
}

/** Braces would say which part of a key a Redis Cluster places it by. */
export function parseRedisPrefix(text: string): string {
  if (!/^[^\s{}]{0,64}$/.test(text))
    throw new Error('must be at most 64 characters without { and }');
  return text;
}

export function parseProxies(text: string): string[] {
  const proxies = parseList(text);
  try {
    trustIn(proxies);
  } catch {
    throw new Error('must be an address such as 127.0.0.1 or a network such as 10.0.0.0/8');
  }
  return proxies;
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
