/**
 * The books of the files off the main thread. A thread that has died is started anew with the next call; what
 * it was asked for then is told to have failed, and all of it may be asked for again.
 */
import { BlobRefusedError } from '../blobs/blobs';
import { createThreadCalls, type Thread } from '../log/threadCalls';
import type { BooksCall, BooksReply, BooksRequest, BooksResult } from './booksService';
import type { FolderBooks } from './folderBooks';
import { startThread } from './startThread';

export type BooksThread = Thread<BooksRequest, BooksReply>;

/** Every call rejects with the reason if it could not be done, with `no_room_for_files` if the disk is full. */
export type ThreadBooks = {
  [Name in keyof FolderBooks]: (
    ...args: Parameters<FolderBooks[Name]>
  ) => Promise<ReturnType<FolderBooks[Name]>>;
};

export const startBooksThread = (path: string, isShared: boolean): Promise<BooksThread> =>
  startThread(new URL('./booksWorker.js', import.meta.url), { path, isShared });

interface Running {
  readonly thread: BooksThread;
  call(call: BooksCall): Promise<BooksResult>;
}

/** Resolves once the books are open; rejects with the reason if they cannot be opened. */
export async function openThreadBooks(start: () => Promise<BooksThread>): Promise<ThreadBooks> {
  let running: Promise<Running> | undefined = run();
  await running;

  async function run(): Promise<Running> {
    const thread = await start();
    const current = running;
    thread.onDeath(() => {
      if (running === current) running = undefined;
    });
    return { thread, call: createThreadCalls<BooksCall, BooksResult>(thread) };
  }

  async function ask(call: BooksCall): Promise<BooksResult> {
    running ??= run().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    const result = await (await running).call(call);
    if (!result.failure) return result;
    const { message, isDiskFull } = result.failure;
    if (isDiskFull) throw new BlobRefusedError('no_room_for_files', 'the disk is full');
    throw new Error(message);
  }

  const tell = async (call: BooksCall): Promise<void> => void (await ask(call));

  return {
    find: async (key) => (await ask({ call: 'find', key })).record,
    begin: (record) => tell({ call: 'begin', record }),
    touch: (key, at) => tell({ call: 'touch', key, at }),
    makePart: async (key, part) => required((await ask({ call: 'makePart', key, part })).isMade),
    settle: (key, facts, part) => tell({ call: 'settle', key, facts, part }),
    drop: (key) => tell({ call: 'drop', key }),
    hold: async (sha256s, holder, doubtedAt) =>
      required((await ask({ call: 'hold', sha256s, holder, doubtedAt })).isHeld),
    keep: (mid, seq) => tell({ call: 'keep', mid, seq }),
    doubt: (mid, doubtedAt) => tell({ call: 'doubt', mid, doubtedAt }),
    release: (mid) => tell({ call: 'release', mid }),
    doubted: async (beforeMs) => required((await ask({ call: 'doubted', beforeMs })).doubted),
    usage: async (userId) => required((await ask({ call: 'usage', userId })).usage),
    countUnfinished: async () => required((await ask({ call: 'countUnfinished' })).count),
    unfinished: async () => required((await ask({ call: 'unfinished' })).unfinished),
    untouchedSince: async (beforeMs) =>
      required((await ask({ call: 'untouchedSince', beforeMs })).untouched),
    removeUnknown: (folder, names) => tell({ call: 'removeUnknown', folder, names }),
    async close() {
      const last = await running?.catch(() => undefined);
      if (!last) return;
      // It may have died, and is closed then.
      await last.call({ call: 'close' }).catch(() => {});
      await last.thread.ended();
    },
  };
}

/** What the books are to have answered with. */
function required<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('the books answered something else');
  return part;
}
