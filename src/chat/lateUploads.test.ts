import { describe, expect, it, vi } from 'vitest';
import { createConnection } from '../connection/connection';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createLateUploads, type LateUploadsOptions, type UploadSource } from './lateUploads';
import { createSoloShare } from './outboxEntry';

function setUp(mayBeKept: boolean) {
  const time = createManualTime();
  const source = {
    mayBeKept: () => mayBeKept,
    clearLater: vi.fn<UploadSource['clearLater']>(),
    load: vi.fn<UploadSource['load']>(() => Promise.reject(new Error('no network'))),
  };
  const options: LateUploadsOptions = {
    connection: createConnection({
      address: 'ws://x/',
      openSocket: createFakeNetwork().open,
      time,
    }),
    time,
    share: createSoloShare('page'),
    outbox: {
      entries: () => [],
      read: async () => {},
      takeFile: async () => true,
      remove() {},
    },
    newId: () => 'id',
    isReady: () => false,
    largestBytes: () => undefined,
    current: () => ({ room: 'lobby', roomKey: undefined }),
    send: () => false,
    enter: () => false,
    onChange() {},
    onStorageFailed() {},
    replyTo: () => undefined,
    whenRead: async () => {},
  };
  return { source, uploads: createLateUploads(source, options) };
}

describe('files of who signs out, where the code for them cannot be fetched', () => {
  it('do not hold them back, and are noted down to be cleared before anybody reads them', async () => {
    const { source, uploads } = setUp(true);
    await uploads.clear();
    expect(source.load).toHaveBeenCalledOnce();
    expect(source.clearLater).toHaveBeenCalledOnce();
  });

  it('are not looked for where there are none', async () => {
    const { source, uploads } = setUp(false);
    await uploads.clear();
    expect(source.load).not.toHaveBeenCalled();
    expect(source.clearLater).not.toHaveBeenCalled();
  });
});
