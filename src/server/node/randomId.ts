import { randomBytes } from 'node:crypto';

/** 96 random bits in 16 characters of `idPattern`: users and logs are named in every message. */
export function randomId(): string {
  return randomBytes(12).toString('base64url');
}
