/** Files for tests: bytes that are told apart, and what is announced of them. */
import type { BlobLimits } from './blobStore';
import type { FileFacts, UploadKey } from './blobs';
import { newNobleHash } from './nobleHash';

export const ann = (id: string): UploadKey => ({ userId: 'ann', id });
export const bob = (id: string): UploadKey => ({ userId: 'bob', id });

export const amplyLimited: BlobLimits = {
  fileBytes: 1_000_000,
  userBytes: 100_000_000,
  totalBytes: 1_000_000_000,
};

/** Others for each seed. */
export function bytesOf(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

export function factsOf(
  bytes: Uint8Array<ArrayBuffer>,
  fields: Partial<FileFacts> = {},
): FileFacts {
  const hash = newNobleHash();
  hash.update(bytes);
  const sha256 = hash.digest();
  const { length: size } = bytes;
  return { sha256, name: 'notes.bin', type: 'application/octet-stream', size, ...fields };
}

/** A PNG as far as its header: so wide and so high. */
export function pngOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const png = new Uint8Array(33);
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(png.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return png;
}
