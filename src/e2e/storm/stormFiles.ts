/**
 * What people attach in a storm: from a few bytes, which leave in one piece, to some that many a cut interrupts; under
 * names in the scripts that break links. Their bytes follow from the seed, so that everybody's digest is known.
 */
import { createHash } from 'node:crypto';
import type { Random } from '../../connection/ports';
import type { SentFile } from './stormOutcome';

export interface FileToSend {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

export const largestFileBytes = 1_500_000;
const mostUsualBytes = 400_000;
const mostSmallBytes = 1_000;

/** One in so many is as large as they get; of the others every second is small. */
const largeEvery = 12;

const beginnings = ['notes', '心跳', '💓', "it's 100% (sure) & = ?#", 'فوضى'];

/** The next files of one person, endlessly. */
export function createStormFiles(random: Random): () => FileToSend {
  let count = 0;
  return function next() {
    count += 1;
    const bytes = bytesOf(sizeOf(random), random);
    const name = `${beginnings[count % beginnings.length]} ${count}.bin`;
    return { name, bytes, sha256: sha256Of(bytes) };
  };
}

export const sentFile = (
  text: string,
  { name, bytes, sha256 }: FileToSend,
  isKept: boolean,
): SentFile => ({ text, name, size: bytes.length, sha256, isKept });

/** In hexadecimal. */
export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function sizeOf(random: Random): number {
  if (random() < 1 / largeEvery) return largestFileBytes;
  return 1 + Math.floor(random() * (random() < 0.5 ? mostSmallBytes : mostUsualBytes));
}

function bytesOf(size: number, random: Random): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let at = 0; at < words.length; at += 1) words[at] = random() * 2 ** 32;
  return new Uint8Array(words.buffer, 0, size);
}
