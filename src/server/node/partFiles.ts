/**
 * The files that uploads are written into, held open while pieces come: to open and close one for every piece costs
 * more than to write it. What has come goes to the disk bit by bit, one file at a time: the message log's own syncs
 * wait behind whatever the disk has to do, and texts with them.
 */
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { Cancel, Time } from '../../connection/ports';

/** As Node's file handle has it. */
export interface PartFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  /** Resolves once all that was written is on the disk. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface PartFilesOptions {
  /**
   * How many are held open between two writes. 0 where another server may move or remove a file: what is written
   * into one that was opened before would come into bytes that are verified, or be lost.
   */
  mostHeld: number;
  after: Time['after'];
  /** Resolves once nothing more urgent is brought to the disk. */
  untilQuiet?(): Promise<void>;
  /** Opens a file to be written to; only with `mayMake` is one made if there is none. */
  open?(path: string, mayMake: boolean): Promise<PartFile>;
  /** Removes it if it is there. */
  remove?(path: string): Promise<void>;
}

/** All of it rejects as the disk does. Of one file one thing at a time is asked for. */
export interface PartFiles {
  /**
   * Writes all of the bytes at this place. Rejects as well if an earlier part did not come to the disk: then
   * the file is removed, as nobody knows what of it is there.
   */
  write(path: string, at: number, bytes: Uint8Array): Promise<void>;
  /** All that was written is on the disk, and the file is closed; rejects as `write` does. */
  finish(path: string): Promise<void>;
  /** Closes the file: it is about to be removed. */
  letGo(path: string): Promise<void>;
  /** Closes all. */
  close(): Promise<void>;
}

/**
 * So much of a file is left to the memory of the system before it is brought to the disk, in bytes. Up to about as
 * much a disk needs hardly longer than for one message.
 */
export const flushEveryBytes = 1024 * 1024;

/** A file that is not written to for so long is closed, or at the latest after twice as long, in ms. */
export const idleMs = 10_000;

interface Held {
  readonly file: Promise<PartFile>;
  /** Writes and flushes that are under way. */
  users: number;
  /** Used since somebody looked. */
  isFresh: boolean;
}

export function createPartFiles(options: PartFilesOptions): PartFiles {
  const { mostHeld, after, untilQuiet, open: openPart = openFile, remove = removeFile } = options;
  /** Who was used last comes last. */
  const held = new Map<string, Held>();
  /** Why what was written before is not on the disk, by path. */
  const lost = new Map<string, unknown>();
  /** Files with a part that waits for its turn to be flushed. */
  const due = new Set<string>();
  let flushing: { readonly path: string; readonly done: Promise<void> } | undefined;
  /** Settles with the last of all that is to be brought to the disk. */
  let lastSync = Promise.resolve();
  let cancelLook: Cancel | undefined;

  function take(path: string, mayMake: boolean): Held {
    const one = held.get(path) ?? { file: openPart(path, mayMake), users: 0, isFresh: true };
    held.delete(path);
    held.set(path, one);
    one.users += 1;
    one.isFresh = true;
    cancelLook ??= after(idleMs, look);
    return one;
  }

  /** Closes whatever is too much. */
  async function give(path: string, one: Held): Promise<void> {
    one.users -= 1;
    if (mostHeld === 0 && one.users === 0) return closeOne(path, one);
    for (const [other, each] of held) {
      if (held.size <= mostHeld) return;
      if (each.users === 0) closeLater(other, each);
    }
  }

  async function closeOne(path: string, one: Held): Promise<void> {
    if (held.get(path) === one) held.delete(path);
    await (await one.file).close();
  }

  function closeLater(path: string, one: Held): void {
    void closeOne(path, one).catch((error) => lost.set(path, error));
  }

  function look() {
    cancelLook = undefined;
    for (const [path, one] of held) {
      if (one.users === 0 && !one.isFresh) closeLater(path, one);
      one.isFresh = false;
    }
    if (held.size > 0) cancelLook = after(idleMs, look);
  }

  async function use(
    path: string,
    mayMake: boolean,
    work: (file: PartFile) => Promise<void>,
  ): Promise<void> {
    await requireKept(path);
    const one = take(path, mayMake);
    try {
      await work(await one.file);
    } catch (error) {
      // One that could not be opened cannot be closed.
      await closeOne(path, one).catch(() => {});
      await requireKept(path);
      throw error;
    }
    await give(path, one);
  }

  async function requireKept(path: string): Promise<void> {
    if (!lost.has(path)) return;
    const why = lost.get(path);
    await letGo(path);
    await remove(path);
    throw why;
  }

  async function letGo(path: string): Promise<void> {
    if (flushing?.path === path) await flushing.done;
    lost.delete(path);
    const one = held.get(path);
    if (one) await closeOne(path, one);
  }

  /** One at a time: two at once would hold up the log for as long as both. */
  function syncInTurn(work: () => Promise<void>): Promise<void> {
    const done = lastSync.then(untilQuiet).then(work);
    lastSync = done.catch(() => {});
    return done;
  }

  /** A failure is told once by the system: whoever asks again would hear that all is well. */
  async function sync(path: string, file: PartFile): Promise<void> {
    try {
      await file.datasync();
    } catch (error) {
      lost.set(path, error);
      throw error;
    }
  }

  /** The file is written to meanwhile. */
  function flush(path: string): void {
    const one = held.get(path);
    if (due.has(path) || !one) return;
    due.add(path);
    one.users += 1;
    void syncInTurn(async () => {
      due.delete(path);
      // After a failure it was closed.
      if (held.get(path) !== one) return;
      const done = one.file.then((file) => sync(path, file)).catch(() => {});
      flushing = { path, done };
      await done;
      flushing = undefined;
      await give(path, one);
    }).catch((error) => void lost.set(path, error));
  }

  return {
    write: (path, at, bytes) =>
      use(path, true, async (file) => {
        for (let done = 0; done < bytes.length; ) {
          done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        }
        if (partOf(at) < partOf(at + bytes.length)) flush(path);
      }),
    async finish(path) {
      await syncInTurn(() => use(path, false, (file) => sync(path, file)));
      await letGo(path);
    },
    letGo,
    async close() {
      await lastSync;
      cancelLook?.();
      cancelLook = undefined;
      await Promise.all([...held].map(([path, one]) => closeOne(path, one)));
    },
  };
}

/** Parts of a file that are flushed one by one. */
const partOf = (at: number) => Math.floor(at / flushEveryBytes);

const openFile = (path: string, mayMake: boolean): Promise<PartFile> =>
  open(path, constants.O_WRONLY | (mayMake ? constants.O_CREAT : 0), 0o600);

const removeFile = (path: string) => rm(path, { force: true });
