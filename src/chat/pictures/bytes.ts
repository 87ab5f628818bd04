/** Reading and putting together bytes. What lies beyond the end reads as zero: whoever minds looks first. */

export type Bytes = Uint8Array<ArrayBuffer>;

export const byteAt = (bytes: Bytes, at: number): number => bytes[at] ?? 0;

/** Big-endian, unsigned. */
export const u16 = (bytes: Bytes, at: number) => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
export const u32 = (bytes: Bytes, at: number) => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);

/** Little-endian, unsigned. */
export const u16le = (bytes: Bytes, at: number) => (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at);
export const u24le = (bytes: Bytes, at: number) => (byteAt(bytes, at + 2) << 16) | u16le(bytes, at);
export const u32le = (bytes: Bytes, at: number) =>
  u16le(bytes, at + 2) * 0x10000 + u16le(bytes, at);

/** The bytes there are these characters, each of one byte. */
export function saysAt(bytes: Bytes, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** `length` bytes as characters of one byte each. */
export const textAt = (bytes: Bytes, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

export const bytesOf = (text: string): Bytes =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

export function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
