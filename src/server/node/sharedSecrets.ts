/**
 * What all gateways of a chat have in common, in Redis, and nobody else may know: the key that tokens are signed with,
 * and the keys by which push services know the chat. The first gateway makes them, whichever that is, and they
 * are never replaced: every token and every subscription is bound to them. Whoever can read Redis can read them.
 */
import * as v from 'valibot';
import type { VapidKeys } from 'web-push';
import type { RedisKeys } from '../redis/keys';
import type { RedisLine, ReplicaWait } from '../redis/redisLine';
import { makeSigningKey, parseSigningKey, signingKeyText } from './guestTokens';
import { makeVapidKeys, parseVapidKeys } from './vapidKeys';

export interface SharedSecrets {
  key: Uint8Array;
  vapidKeys: VapidKeys;
}

export interface SharedSecretsOptions {
  line: RedisLine;
  keys: RedisKeys;
  /** How many replicas have to have them before they are used. */
  wait?: ReplicaWait | undefined;
}

/** Rejects while Redis is away, and when something else stands where the key should be. */
export async function readOrMakeSharedKey(options: SharedSecretsOptions): Promise<Uint8Array> {
  const key = options.keys.signingKey();
  return parseSigningKey(await readOrMake(options, key, makeSigningKey), inRedis(key));
}

/** Rejects while Redis is away, and when something else stands where the keys should be. */
export async function readOrMakeSharedVapidKeys(options: SharedSecretsOptions): Promise<VapidKeys> {
  const key = options.keys.vapidKeys();
  const text = await readOrMake(options, key, () => JSON.stringify(makeVapidKeys()));
  return parseVapidKeys(text, inRedis(key));
}

/**
 * Puts back what Redis has lost: else the next gateway that starts would make others, and the gateways would
 * refuse each other's tokens. Says which key holds another secret by now, if one does.
 */
export async function putBackSharedSecrets(
  { line, keys }: SharedSecretsOptions,
  { key, vapidKeys }: SharedSecrets,
): Promise<string | undefined> {
  const secrets = [
    [keys.signingKey(), signingKeyText(key)],
    [keys.vapidKeys(), JSON.stringify(vapidKeys)],
  ] as const;
  for (const [name, text] of secrets) {
    await line.send(name, 'SET', name, text, 'NX');
    if ((await line.send(name, 'GET', name)) !== text) return name;
  }
  return undefined;
}

const inRedis = (key: string) => `the key ${key} in Redis`;

async function readOrMake(
  { line, wait }: SharedSecretsOptions,
  key: string,
  make: () => string,
): Promise<string> {
  const read = async () => v.parse(v.nullable(v.string()), await line.send(key, 'GET', key));
  const found = await read();
  if (found !== null) return found;
  // Of those who start at once one makes it, and all of them read that one.
  const [made] = await line.sendAll([{ key, args: ['SET', key, make(), 'NX'] }], wait);
  if (made?.status === 'rejected') throw made.reason;
  const kept = await read();
  if (kept === null) throw new Error(`${inRedis(key)} could not be made`);
  return kept;
}
