/** Files of the server in the page, put together. It is fetched by whoever needs it. */
import type { Time } from '../../connection/ports';
import type { BlobEngine } from '../blobs/blobEngine';
import { createBlobStore } from '../blobs/blobStore';
import type { BlobStore } from '../blobs/blobs';
import { inspectFile } from '../blobs/inspectFile';
import { createMemoryBlobs } from '../blobs/memoryBlobs';
import { newNobleHash } from '../blobs/nobleHash';
import type { Files } from '../chat/files/files';
import { holdFiles } from '../chat/files/holdFiles';
import { sweepFiles } from '../chat/files/settleDoubts';
import type { MessageLog } from '../log/log';
import { openBlobDatabase } from './blobDatabase';
import { createBlobUrls } from './blobUrls';
import { createIndexedDbBlobs } from './indexedDbBlobs';
import { randomId } from './randomId';

export interface BrowserFilesOptions {
  /** Without one they are kept in memory, as all else is. */
  databaseName: string | undefined;
  /** The largest file, in bytes. */
  fileBytes: number;
  log: Pick<MessageLog, 'after' | 'before'>;
  time: Time;
  onError(error: unknown): void;
}

export interface BrowserFiles {
  readonly blobs: BlobStore;
  readonly linkOf: Files['linkOf'];
  readonly hold: Files['hold'];
  close(): Promise<void>;
}

/** What all files may have together; how much room there really is, the browser says. */
const keptBytes = 2 * 1024 ** 3;
const bytesInMemory = 128 * 1024 ** 2;

/** Resolves with files in memory where the browser keeps none. */
export async function openBrowserFiles(options: BrowserFilesOptions): Promise<BrowserFiles> {
  const { fileBytes, log, time, onError } = options;
  const kept = await openKept(options.databaseName);
  const most = kept ? keptBytes : bytesInMemory;
  const blobs = createBlobStore({
    engine: kept ?? createMemoryBlobs(),
    limits: { fileBytes, userBytes: most, totalBytes: most },
    now: time.now,
    newHash: newNobleHash,
    inspect: inspectFile,
  });
  const urls = createBlobUrls(blobs, time);
  const stopSweeping = sweepFiles({ blobs, log, time, onError });
  return {
    blobs,
    linkOf: urls.linkOf,
    hold: (held, told) => holdFiles(held, { blobs: async () => blobs }, told),
    async close() {
      stopSweeping();
      urls.close();
      await blobs.close();
    },
  };
}

async function openKept(databaseName: string | undefined): Promise<BlobEngine | undefined> {
  if (databaseName === undefined) return undefined;
  try {
    return createIndexedDbBlobs(await openBlobDatabase(databaseName), randomId);
  } catch {
    return undefined;
  }
}
