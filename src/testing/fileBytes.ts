/** Bytes of files for tests: their digest, and a file that is there and cannot be read. */
import { createHash } from 'node:crypto';
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** SHA-256 in hexadecimal. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** A file of one byte that was taken from the disk since it was picked. */
export async function unreadableFile(): Promise<Blob> {
  const folder = mkdtempSync(join(tmpdir(), 'heartline-gone-'));
  const path = join(folder, 'gone.bin');
  writeFileSync(path, 'x');
  const file = await openAsBlob(path);
  rmSync(folder, { recursive: true });
  return file;
}
