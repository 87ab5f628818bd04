/** The redis.conf of the guide for several gateways, with passwords in it and on a port of a test's own. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { patienceMs } from './patience';
import { type RedisServer, startRedisWith } from './redis';

export const passwords = {
  admin: 'of the admin',
  replica: 'of-the-replica',
  heartline: 'of the gateways',
};
export type RedisUser = keyof typeof passwords;

/** What has to come is waited for at most so long, in ms. */
export const patience = { timeout: patienceMs, interval: 50 };

const hashOf = (password: string) => createHash('sha256').update(password).digest('hex');

export async function configuration(): Promise<string> {
  const text = await readFile(
    new URL('../../server/node/deploy/many/redis.conf', import.meta.url),
    'utf8',
  );
  return text.replace('bind 127.0.0.1 10.0.0.20', 'bind 127.0.0.1');
}

/** With passwords, as the guide has people put them in. */
export async function withPasswords(): Promise<string> {
  return (await configuration())
    .replace('#SHA256-OF-ADMIN-PASSWORD', `#${hashOf(passwords.admin)}`)
    .replace('#SHA256-OF-REPLICA-PASSWORD', `#${hashOf(passwords.replica)}`)
    .replace('#SHA256-OF-GATEWAY-PASSWORD', `#${hashOf(passwords.heartline)}`);
}

export const startAs = (user: RedisUser, text: string) =>
  startRedisWith({ text, user, password: passwords[user] });

/** Those of the commands that the user may not do. */
export async function refusedTo(redis: RedisServer, user: RedisUser, commands: readonly string[]) {
  const refused: string[] = [];
  for (const command of commands) {
    const answer = await redis.command('ACL', 'DRYRUN', user, ...command.split(' ')).catch(String);
    // Whatever else is said is of arguments that make no sense.
    if (/no permissions/.test(String(answer))) refused.push(command);
  }
  return refused;
}
