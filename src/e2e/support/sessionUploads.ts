/** The uploads that pages have, for a session without a browser. */
import type { UploadSource } from '../../chat/lateUploads';
import { prepareFile } from '../../chat/prepareFile';
import type { PrepareFile } from '../../chat/uploadRecord';
import { createUploads } from '../../chat/uploads';
import type { MemoryUploads } from '../../testing/memoryUploads';

/** In the session's own thread. Where there is no browser, there is nothing to show a picture with. */
const prepareHere: PrepareFile = (file, type) =>
  prepareFile(file, type, () => Promise.reject(new Error('blind')));

/** What is no picture, in another thread, as a page has a worker: the session's own goes on meanwhile. */
export const prepareApart: PrepareFile = async (file, type) => {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const sha256 = Buffer.from(digest).toString('hex');
  return { facts: { whole: { sha256, type, size: file.size } }, bytes: { whole: file } };
};

/** `storage`: what one page has of what all keep together. */
export function uploadSource(
  kept: MemoryUploads,
  storage = kept.storage,
  prepare = prepareHere,
): UploadSource {
  return {
    mayBeKept: () => kept.records.size > 0,
    clearLater() {},
    load: async () => (options) =>
      createUploads(options, {
        storage,
        prepare,
        pictures: { show: () => 'about:blank', hide() {} },
        stop() {},
      }),
  };
}
