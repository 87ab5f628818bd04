/**
 * SHA-256 a piece at a time where there is none of the platform's own: browsers have one for the whole at once.
 * By the class, as `protocol/sha256.ts` has it: what is around it would be loaded first by every page.
 */
import { _SHA256 } from '@noble/hashes/sha2.js';
import type { Hash } from './blobStore';

export function newNobleHash(): Hash {
  const hash = new _SHA256();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => [...hash.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
