/**
 * The pair of keys by which push services know this server (VAPID, RFC 8292): made at the first start
 * and kept in the data folder, as every browser's subscription is bound to it.
 */
import { createECDH, randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import webPush, { type VapidKeys } from 'web-push';
import { codeOf } from './errorCode';

const base64url = (bytes: number) =>
  v.pipe(
    v.string(),
    v.check((text) => /^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === bytes),
  );

/** An uncompressed P-256 point and its scalar. */
const keysSchema = v.pipe(
  v.object({ publicKey: base64url(65), privateKey: base64url(32) }),
  v.check(({ publicKey, privateKey }) => publicKeyOf(privateKey) === publicKey),
);

function publicKeyOf(privateKey: string): string | undefined {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(privateKey, 'base64url');
    return curve.getPublicKey('base64url');
  } catch {
    return undefined;
  }
}

export const makeVapidKeys = (): VapidKeys => webPush.generateVAPIDKeys();

/** The keys of this data folder, made at the first start. Throws if the file holds something else. */
export async function readOrMakeVapidKeys(dataDir: string): Promise<VapidKeys> {
  const path = join(dataDir, 'vapid.json');
  const found = await readKeys(path);
  if (found) return found;
  // Written whole under another name first: a crash leaves no half a key, a second start no second.
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(makeVapidKeys())}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch(() => {});
  await unlink(draft);
  const made = await readKeys(path);
  if (!made) throw new Error(`the keys for pushing ${path} could not be made`);
  return made;
}

async function readKeys(path: string): Promise<VapidKeys | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseVapidKeys(text, path);
}

/** The keys in a text that stands at `place`. Throws if it holds something else. */
export function parseVapidKeys(text: string, place: string): VapidKeys {
  try {
    return v.parse(keysSchema, JSON.parse(text));
  } catch {
    throw new Error(`${place} holds no keys for pushing`);
  }
}
