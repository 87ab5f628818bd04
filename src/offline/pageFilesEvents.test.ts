import { describe, expect, it, vi } from 'vitest';
import type { AnyRequest, PageFiles } from './pageFiles';
import { type FilesScope, serveFiles } from './pageFilesEvents';

type Listeners = { [Type in string]: (event: Record<string, unknown>) => void };

/** A worker whose events the test makes up. */
function createWorker({ hasActive = false, files = {} as Partial<PageFiles> } = {}) {
  const listeners: Listeners = {};
  const done = {
    skipWaiting: vi.fn(async () => {}),
    claim: vi.fn(async () => {}),
    keep: vi.fn(async () => {}),
    forgetOld: vi.fn(async () => {}),
  };
  const scope: FilesScope = {
    registration: { active: hasActive ? {} : null },
    clients: { claim: done.claim },
    skipWaiting: done.skipWaiting,
    addEventListener(type: string, listener: (event: never) => void) {
      listeners[type] = (event) => Reflect.apply(listener, undefined, [event]);
    },
  };
  const has = (url: string) => url === 'mine.js';
  const answer = ({ url }: AnyRequest) =>
    has(url) ? Promise.resolve(new Response(url)) : undefined;
  serveFiles(scope, { keep: done.keep, forgetOld: done.forgetOld, has, answer, ...files });
  const fire = async (type: string, fields: Record<string, unknown> = {}) => {
    const work: Promise<unknown>[] = [];
    listeners[type]?.({ waitUntil: (each: Promise<unknown>) => work.push(each), ...fields });
    await Promise.all(work);
  };
  return { fire, ...done };
}

const failing = { keep: () => Promise.reject(new Error('the disk is full')) };

describe('a worker with the page’s files', () => {
  it('is there at once where there is none yet: pushes need no files', async () => {
    const worker = createWorker();
    await worker.fire('install');
    expect(worker.keep).not.toHaveBeenCalled();
  });

  it('comes in place of another with all of them, and waits to be told', async () => {
    const worker = createWorker({ hasActive: true });
    await worker.fire('install');
    expect(worker.keep).toHaveBeenCalledOnce();
    expect(worker.skipWaiting).not.toHaveBeenCalled();
  });

  it('does not come without them in place of one that has some', async () => {
    const worker = createWorker({ hasActive: true, files: failing });
    await expect(worker.fire('install')).rejects.toThrow('the disk is full');
  });

  it('keeps them when a page asks it to, as far as it can', async () => {
    const worker = createWorker();
    await worker.fire('message', { data: { type: 'keep files' }, ports: [] });
    expect(worker.keep).toHaveBeenCalledOnce();
    await createWorker({ files: failing }).fire('message', { data: { type: 'keep files' } });
  });

  it('serves the page that brought it, and clears up first', async () => {
    const worker = createWorker();
    await worker.fire('activate');
    expect(worker.forgetOld).toHaveBeenCalledOnce();
    expect(worker.claim).toHaveBeenCalledOnce();
  });

  it('serves the page that asks it to keep them, which may have opened just before it was active', async () => {
    const worker = createWorker();
    await worker.fire('message', { data: { type: 'keep files' }, ports: [] });
    expect(worker.claim).toHaveBeenCalledOnce();
  });

  it('takes over when a page asks it to', async () => {
    const worker = createWorker();
    await worker.fire('message', { data: { type: 'take over' }, ports: [] });
    expect(worker.skipWaiting).toHaveBeenCalledOnce();
  });

  it('says which files are its own', async () => {
    const answers: unknown[] = [];
    const ports = [{ postMessage: (answer: unknown) => answers.push(answer) }];
    const worker = createWorker();
    await worker.fire('message', { data: { type: 'has file', url: 'mine.js' }, ports });
    await worker.fire('message', { data: { type: 'has file', url: 'other.js' }, ports });
    expect(answers).toEqual([true, false]);
  });

  it.each([undefined, 'take over', { type: 'something else' }, { type: 'has file', url: 5 }])(
    'passes over what it does not understand: %j',
    async (data) => {
      const worker = createWorker();
      await worker.fire('message', { data, ports: [] });
      expect(worker.skipWaiting).not.toHaveBeenCalled();
    },
  );

  it('answers what is its own, and leaves the rest to the browser', async () => {
    const worker = createWorker();
    const respondWith = vi.fn();
    await worker.fire('fetch', { request: { url: 'other.js' }, respondWith });
    expect(respondWith).not.toHaveBeenCalled();
    await worker.fire('fetch', { request: { url: 'mine.js' }, respondWith });
    expect(respondWith).toHaveBeenCalledOnce();
  });
});
