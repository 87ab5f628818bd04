import { describe, expect, it } from 'vitest';
import { handOverPush } from './handOverPush';

/** A worker that answers with this, or with nothing. */
function createWorker(answer?: unknown) {
  const heard: unknown[] = [];
  const worker = async () => ({
    postMessage(message: unknown, transfer?: unknown) {
      heard.push(message);
      const [port] = Array.isArray(transfer) ? transfer : [];
      if (answer !== undefined && port instanceof MessagePort) port.postMessage(answer);
    },
  });
  return { worker, heard };
}

describe('a push that the page hands over', () => {
  it.each(['shown', 'not allowed'] as const)('is told to be %s by the worker', async (outcome) => {
    const { worker, heard } = createWorker(outcome);
    expect(await handOverPush('the payload', { worker })).toBe(outcome);
    expect(heard).toEqual([{ type: 'hand over a push', text: 'the payload' }]);
  });

  it('fails if the worker answers something else, or nothing in its time', async () => {
    const { worker } = createWorker({ what: 'is this' });
    await expect(handOverPush('', { worker })).rejects.toThrow('no outcome of a push');
    const silent = createWorker();
    await expect(handOverPush('', { worker: silent.worker, timeoutMs: 20 })).rejects.toThrow(
      'the service worker said nothing in 20 ms',
    );
  });

  it('fails where there is no worker', async () => {
    const worker = async () => {
      throw new Error('the service worker does not run');
    };
    await expect(handOverPush('', { worker })).rejects.toThrow('does not run');
  });
});
