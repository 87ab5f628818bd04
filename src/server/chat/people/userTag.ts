/** What tells apart people of one name: four characters that follow from a user's id. */
import { sha256 } from '../../../protocol/sha256';

/** No character that could be taken for another: neither o nor i, l or u. */
const characters = '0123456789abcdefghjkmnpqrstvwxyz';

const tagLength = 4;

export function tagOf(userId: string): string {
  const hash = sha256(userId);
  return Array.from(hash.subarray(0, tagLength), (byte) => characters.charAt(byte % 32)).join('');
}
