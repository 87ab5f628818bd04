/**
 * SHA-256 (RFC 6234) at once, where a browser's own makes one wait and is there over HTTPS alone. By the
 * class, as the function around it brings much that nobody here asks it for into what a page loads first.
 */
import { _SHA256 } from '@noble/hashes/sha2.js';

/** The 32 bytes that follow from the text's UTF-8. */
export function sha256(text: string): Uint8Array {
  return new _SHA256().update(new TextEncoder().encode(text)).digest();
}
