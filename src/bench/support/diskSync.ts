/** How long the disk takes to make a small write durable: what a durable ack cannot be faster than. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder';
import { median } from './tables';

const writes = 300;
const block = Buffer.alloc(4_096, 'x');

/** The median time of appending 4 KiB and `fdatasync`, in ms, on the disk that has our logs. */
export async function diskSyncMs(): Promise<number> {
  const folder = await mkdtemp(fileURLToPath(new URL('disk-', cacheFolder)));
  const file = await open(join(folder, 'file'), 'w');
  try {
    const timesMs: number[] = [];
    for (let n = 0; n < writes; n += 1) {
      const startedAt = performance.now();
      await file.write(block);
      await file.datasync();
      timesMs.push(performance.now() - startedAt);
    }
    return median(timesMs) ?? Number.NaN;
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}
