import { describe, expect, it, vi } from 'vitest';
import type { PreparedFile } from '../chat/uploadRecord';
import { createFilePreparer, type PrepareWorker } from './filePreparer';
import type { PrepareRequest } from './prepareWords';

const file = new Blob(['x']);
const prepared = (sha256: string): PreparedFile => ({
  facts: { whole: { sha256, type: 'text/plain', size: 1 } },
  bytes: { whole: file },
});

function fakeWorker() {
  const asked: PrepareRequest[] = [];
  const worker: PrepareWorker = {
    postMessage: (request) => void asked.push(request),
    onmessage: null,
    onerror: null,
    terminate: vi.fn(),
  };
  const answer = (id: number, given?: PreparedFile) =>
    worker.onmessage?.(new MessageEvent('message', { data: { id, prepared: given } }));
  return { worker, asked, answer };
}

describe('files that are looked at', () => {
  it('are looked at by a worker, which ends when there are none left', async () => {
    const { worker, asked, answer } = fakeWorker();
    const { prepare } = createFilePreparer(() => worker);
    const first = prepare(file, 'text/plain');
    const second = prepare(file, 'image/png');
    expect(asked).toMatchObject([{ type: 'text/plain' }, { type: 'image/png' }]);
    answer(2, prepared('second'));
    answer(1, prepared('first'));
    expect((await first).facts.whole.sha256).toBe('first');
    expect((await second).facts.whole.sha256).toBe('second');
    expect(worker.terminate).toHaveBeenCalledOnce();
  });

  it('reject where they cannot be read', async () => {
    const { worker, answer } = fakeWorker();
    const asked = createFilePreparer(() => worker).prepare(file, '');
    answer(1);
    await expect(asked).rejects.toThrow('cannot be read');
  });

  it('are looked at by the page where there is no worker, and where one fails', async () => {
    const here = vi.fn(async () => prepared('here'));
    const none = createFilePreparer(() => {
      throw new Error('no workers');
    }, here);
    expect(await none.prepare(file, '')).toEqual(prepared('here'));

    const { worker } = fakeWorker();
    const failing = createFilePreparer(() => worker, here);
    const asked = failing.prepare(file, '');
    // Node has no such event; the preparer asks nothing of it.
    worker.onerror?.(Object.assign(new Event('error'), errorDetails));
    expect(await asked).toEqual(prepared('here'));
    expect(worker.terminate).toHaveBeenCalled();
  });

  it('are given up when the page ends', async () => {
    const { worker } = fakeWorker();
    const preparer = createFilePreparer(() => worker);
    const asked = preparer.prepare(file, '');
    preparer.stop();
    await expect(asked).rejects.toThrow('the page has ended');
    expect(worker.terminate).toHaveBeenCalledOnce();
  });
});

const errorDetails = { colno: 0, lineno: 0, filename: '', message: 'it broke', error: undefined };
