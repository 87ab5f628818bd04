/**
 * Private rooms, without a list of them anywhere: a room's name is a hash of its key, so who has the key
 * can show it, and nobody can find it from the name. The key is in the link that people hand on.
 */

import * as v from 'valibot';
import { sha256 } from './sha256';

/** All names that begin so are private: half a link opens no room that is open to everyone. */
export const privatePrefix = 'p-';

/** 130 bits of the hash: as hard to meet by chance as the key is to guess. */
const nameLength = 26;

/** RFC 4648 section 6, in lower case. */
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Random bytes for a key: 128 bits. */
export const roomKeyBytes = 16;

/** Base64url (RFC 4648 section 5) of at least `roomKeyBytes` random bytes, without padding. */
export const roomKeySchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{22,64}$/, 'a room key has 22 to 64 letters, digits, - and _'),
);

/** Only who has its key may be in this room. */
export const isPrivateRoom = (room: string): boolean => room.startsWith(privatePrefix);

/** The name of the private room that this key opens. */
export function roomOfKey(key: string): string {
  const hash = sha256(key);
  let name = '';
  let bits = 0;
  let value = 0;
  for (const byte of hash) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && name.length < nameLength) {
      bits -= 5;
      name += base32[(value >>> bits) & 31];
    }
    value &= 0xff;
  }
  return privatePrefix + name;
}

/** Whether who has this key, or none, may be in the room. */
export function mayEnter(room: string, key: string | undefined): boolean {
  return !isPrivateRoom(room) || (key !== undefined && roomOfKey(key) === room);
}

/** A key of these random bytes, of which there have to be `roomKeyBytes` or more. */
export function roomKeyOf(random: Uint8Array): string {
  if (random.length < roomKeyBytes) throw new RangeError(`a room key needs ${roomKeyBytes} bytes`);
  return btoa(String.fromCharCode(...random))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
