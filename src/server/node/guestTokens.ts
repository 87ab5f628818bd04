/**
 * Guest tokens: a user's id, name and tag, signed with a key that only this server has. Who holds one is
 * that user; nobody can make one up. JWT (RFC 7519) with HS256.
 */
import { randomBytes, webcrypto } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { idPattern, limits } from '../../protocol/limits';
import { nameSchema, tagSchema } from '../../protocol/user';
import type { TokenAuthority } from '../chat/ports';

const algorithm = 'HS256';
const keyBytes = 32;

const claims = v.object({
  sub: v.pipe(v.string(), v.regex(idPattern), v.maxLength(limits.idLength)),
  name: nameSchema,
  tag: v.optional(tagSchema),
});

/** Tokens that hold for `lifetimeMs`. `now` is in ms since 1970. */
export function createGuestTokens(
  key: Uint8Array,
  lifetimeMs: number,
  now: () => number = Date.now,
): TokenAuthority {
  // Made ready once: given as bytes it would be for each token.
  const algorithmOfKey = { name: 'HMAC', hash: 'SHA-256' };
  const importing = webcrypto.subtle.importKey('raw', key, algorithmOfKey, false, [
    'sign',
    'verify',
  ]);
  return {
    lifetimeMs,
    async issue({ id, name, tag }) {
      // RFC 7519 section 2: a NumericDate counts seconds.
      const expiresAtS = Math.ceil((now() + lifetimeMs) / 1_000);
      const token = await new SignJWT({ name, ...(tag !== undefined && { tag }) })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(id)
        .setIssuedAt(Math.floor(now() / 1_000))
        .setExpirationTime(expiresAtS)
        .sign(await importing);
      return { token, expiresAt: expiresAtS * 1_000 };
    },
    async verify(token) {
      try {
        const options = { algorithms: [algorithm], currentDate: new Date(now()) };
        const { payload } = await jwtVerify(token, await importing, options);
        const parsed = v.safeParse(claims, payload);
        if (!parsed.success) return undefined;
        const { sub: id, name, tag } = parsed.output;
        return { id, name, ...(tag !== undefined && { tag }) };
      } catch {
        return undefined;
      }
    },
  };
}

/** The signing key of this data folder, made at the first start. Throws if it is not a key. */
export async function readOrMakeKey(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, 'token.key');
  const found = await readKey(path);
  if (found) return found;
  // Written whole under another name first: a crash leaves no half a key, a second start no second.
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, makeSigningKey(), { mode: 0o600, flush: true });
  await link(draft, path).catch(() => {});
  await unlink(draft);
  const made = await readKey(path);
  if (!made) throw new Error(`the signing key ${path} could not be made`);
  return made;
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseSigningKey(text.trim(), path);
}

/** A new signing key, as the text that it is kept as. */
export const makeSigningKey = (): string => signingKeyText(randomBytes(keyBytes));

export const signingKeyText = (key: Uint8Array): string => Buffer.from(key).toString('hex');

/** The signing key in a text that stands at `place`. Throws if it is none. */
export function parseSigningKey(text: string, place: string): Uint8Array {
  const key = Buffer.from(text, 'hex');
  if (key.length !== keyBytes) throw new Error(`${place} holds no signing key`);
  return key;
}
