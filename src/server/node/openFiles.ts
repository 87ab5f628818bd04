/** Files of a Node server, put together: where they are kept, how much of them, and the links to them. */
import { createHash } from 'node:crypto';
import { systemTime } from '../../connection/ports';
import type { BlobEngine } from '../blobs/blobEngine';
import { createBlobStore } from '../blobs/blobStore';
import type { BlobStore } from '../blobs/blobs';
import { inspectFile } from '../blobs/inspectFile';
import type { Files } from '../chat/files/files';
import { holdFiles } from '../chat/files/holdFiles';
import { createFileLinks, type FileLinks } from './fileLinks';
import type { ServerOptions } from './options';

export interface NodeFiles {
  readonly files: Files;
  readonly blobs: BlobStore;
  readonly links: FileLinks;
}

/** What all files may have together where nobody says, in bytes: on a disk, and in memory. */
const usualQuotaBytes = { folder: 10_000_000_000, memory: 256_000_000 };

/** `key` is the server's own. */
export function openFiles(
  engine: BlobEngine,
  key: Uint8Array,
  options: Pick<ServerOptions, 'log' | 'filesMaxBytes' | 'filesPerUserBytes' | 'filesQuotaBytes'>,
): NodeFiles {
  const { filesMaxBytes: fileBytes, filesPerUserBytes: userBytes } = options;
  const usualBytes = usualQuotaBytes[options.log === 'memory' ? 'memory' : 'folder'];
  const blobs = createBlobStore({
    engine,
    limits: { fileBytes, userBytes, totalBytes: options.filesQuotaBytes ?? usualBytes },
    now: systemTime.now,
    newHash() {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
    },
    inspect: inspectFile,
  });
  const links = createFileLinks(key, systemTime.now);
  const files: Files = {
    fileBytes,
    blobs: async () => blobs,
    hold: (log, onError) => holdFiles(log, files, onError),
    async linkOf(file) {
      const reader = await blobs.open(file.sha256);
      await reader?.close();
      return reader && links.linkTo(file);
    },
  };
  return { files, blobs, links };
}
