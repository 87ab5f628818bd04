import { describe, expect, it } from 'vitest';
import { startThread } from './startThread';

/** A thread of this code. */
const threadOf = (code: string) =>
  startThread(new URL(`data:text/javascript,${encodeURIComponent(code)}`), undefined);

const ready = "import { parentPort } from 'node:worker_threads'; parentPort.postMessage('ready');";

describe('a thread', () => {
  it('has started once it has said so', async () => {
    const thread = await threadOf(ready);
    await thread.ended();
  });

  it('that cannot start says why', async () => {
    await expect(threadOf("throw new Error('no such disk')")).rejects.toThrow('no such disk');
  });

  it('that ends before it is ready is not waited for', { timeout: 5_000 }, async () => {
    await expect(threadOf('process.exit(0)')).rejects.toThrow('the thread ended');
  });
});
