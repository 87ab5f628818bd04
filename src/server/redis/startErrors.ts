/** Why a Redis cannot be used, in one line, for who started the server. Passwords are in none of them. */
import { RedisStartError, reasonOf } from './redisErrors';

/** What is said of a Redis: its address without the password. */
export function nameOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `Redis at ${protocol}//${host}`;
}

/** Of what is given no more is said: a password may be in it. */
export function misnamed(url: string): string {
  const [, protocol] = /^(https?):/.exec(url) ?? [];
  const butNot = protocol ? `, and not as ${protocol}://` : '';
  return `a Redis is named as redis://host:6379${butNot}`;
}

/** Why a start failed, as far as the error says it. */
export function startError(error: unknown, name: string): RedisStartError {
  if (error instanceof RedisStartError) return error;
  const reason = reasonOf(error);
  const other = whatElse(reason, name.includes('rediss://'));
  if (other) return new RedisStartError(`${name} ${other}`);
  if (reason.startsWith('NOAUTH')) return new RedisStartError(`${name} wants a password`);
  if (/^WRONGPASS|AUTH <password>/.test(reason)) {
    return new RedisStartError(`${name} does not take this user and password: ${reason}`);
  }
  return new RedisStartError(`${name} cannot be used: ${reason}`);
}

/** What is there, if the error says that it speaks another protocol; 21 begins an alert of TLS. */
function whatElse(reason: string, isAskedInTls: boolean): string | undefined {
  if (isAskedInTls && /timeout|wrong version number|packet length too long/.test(reason)) {
    return `does not answer in TLS (${reason}): name it as redis:// if it has none`;
  }
  const [, firstByte] = /^Unknown RESP type (\d+)/.exec(reason) ?? [];
  if (firstByte === '21') return 'speaks TLS: name it as rediss://';
  if (firstByte === String('H'.charCodeAt(0))) return 'is no Redis, but a web server (HTTP)';
  return firstByte && 'is no Redis: it answers in another protocol';
}
