/**
 * Has files be looked at by a worker, which lives while there are any. Where there is no worker to be had the page
 * looks itself.
 */
import type { PreparedFile, PrepareFile } from '../chat/uploadRecord';
import type { PrepareAnswer, PrepareRequest } from './prepareWords';

/** The part of a Worker that is used here. */
export interface PrepareWorker {
  postMessage(request: PrepareRequest): void;
  onmessage: ((event: MessageEvent<PrepareAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export interface FilePreparer {
  readonly prepare: PrepareFile;
  /** Nothing more is asked: what is under way rejects. */
  stop(): void;
}

interface Waiting extends Omit<PrepareRequest, 'id'> {
  resolve(prepared: PreparedFile | Promise<PreparedFile>): void;
  reject(error: Error): void;
}

/** `start` throws where workers cannot be had. `here` does the same in the page. */
export function createFilePreparer(
  start: () => PrepareWorker = startWorker,
  here: PrepareFile = prepareHere,
): FilePreparer {
  let worker: PrepareWorker | undefined;
  let hasFailed = false;
  let serial = 0;
  const waiting = new Map<number, Waiting>();

  function end() {
    worker?.terminate();
    worker = undefined;
  }

  function answered({ id, prepared }: PrepareAnswer) {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (prepared) asked?.resolve(prepared);
    else asked?.reject(new Error('the file cannot be read'));
    if (waiting.size === 0) end();
  }

  /** A worker may be stopped by its page's own policy, or run out of memory at one picture. */
  function fallBack() {
    end();
    hasFailed = true;
    const left = [...waiting.values()];
    waiting.clear();
    for (const { file, type, resolve } of left) resolve(here(file, type));
  }

  function startIfNeeded() {
    if (worker || hasFailed) return;
    try {
      worker = start();
      worker.onmessage = ({ data }) => answered(data);
      worker.onerror = fallBack;
    } catch {
      hasFailed = true;
    }
  }

  return {
    prepare(file, type) {
      startIfNeeded();
      if (!worker) return here(file, type);
      serial += 1;
      const id = serial;
      const { promise, ...settle } = deferred();
      waiting.set(id, { file, type, ...settle });
      worker.postMessage({ id, file, type });
      return promise;
    },
    stop() {
      end();
      for (const { reject } of waiting.values()) reject(new Error('the page has ended'));
      waiting.clear();
    },
  };
}

function deferred() {
  let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve() {}, reject() {} };
  const promise = new Promise<PreparedFile>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

function startWorker(): PrepareWorker {
  return new Worker(new URL('./prepareWorker.ts', import.meta.url), { type: 'module' });
}

async function prepareHere(file: Blob, type: string): Promise<PreparedFile> {
  const [{ prepareFile }, { decodePicture }] = await Promise.all([
    import('../chat/prepareFile'),
    import('./decodePicture'),
  ]);
  return prepareFile(file, type, decodePicture);
}
