/**
 * Files in a folder: what is on its way under `uploads`, and under `bytes` what is whole, each by its SHA-256.
 * A piece is confirmed once it is written, as a crash of the server takes nothing of that back; all of a file is
 * on the disk before it counts as whole.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemTime } from '../../connection/ports';
import type { BlobEngine } from '../blobs/blobEngine';
import { type BlobReader, BlobRefusedError, type UploadKey } from '../blobs/blobs';
import { type BooksThread, openThreadBooks, startBooksThread } from './booksThread';
import { isDiskFull } from './diskFull';
import { codeOf } from './errorCode';
import { bytesFolder, folderOf, placeOf } from './folderBooks';
import { makeFolder } from './makeFolder';
import { createPartFiles } from './partFiles';

export interface FolderBlobsOptions {
  /** Made if it is missing. */
  path: string;
  /** Other servers use it too. */
  isShared: boolean;
  /** Told why files are away, but not that the disk is full. */
  onTrouble(error: unknown): void;
  /** Resolves once nothing more urgent is brought to the disk. */
  untilQuiet?(): Promise<void>;
  /** Starts the thread that has the books of this folder. */
  startBooks?(path: string, isShared: boolean): Promise<BooksThread>;
}

/** What is on its way. */
export const uploadsFolder = 'uploads';

/** Where they are in the data folder, unless elsewhere. */
export const filesFolder = 'files';

/** Uploads whose files are held open, if the folder is this server's alone. */
const mostHeld = 64;

/** Rejects with the reason if the folder cannot be used. */
export async function openFolderBlobs(options: FolderBlobsOptions): Promise<BlobEngine> {
  const { path, isShared, onTrouble, startBooks = startBooksThread } = options;
  const uploadsPath = join(path, uploadsFolder);
  const bytesPath = join(path, bytesFolder);
  await makeFolder(uploadsPath);
  await makeFolder(bytesPath);
  const books = await openThreadBooks(() => startBooks(path, isShared));

  /** A client's ids differ in letters that some file systems take for the same. */
  const partOf = ({ userId, id }: UploadKey) =>
    join(uploadsPath, createHash('sha256').update(`${userId} ${id}`).digest('hex'));
  const parts = createPartFiles({
    ...(isShared ? { mostHeld: 0, open: openMade } : { mostHeld }),
    after: systemTime.after,
    ...(options.untilQuiet && { untilQuiet: options.untilQuiet }),
  });

  async function removePart(part: string) {
    await parts.letGo(part);
    await rm(part, { force: true });
  }

  /** Whatever the disk says comes out as what its user has to know. */
  async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BlobRefusedError) throw error;
      if (isDiskFull(error)) throw new BlobRefusedError('no_room_for_files', 'the disk is full');
      onTrouble(error);
      throw new BlobRefusedError('unavailable', 'files are away');
    }
  }

  /** Another server may have the upload whole by now, or have forgotten it. */
  const notOnItsWay = ({ id }: UploadKey) =>
    new BlobRefusedError('no_upload', `no upload "${id}" is on its way any more`);

  async function ifThere<Result>(key: UploadKey, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? notOnItsWay(key) : error;
    }
  }

  /** Rejects unless a piece from `at` on is the next one, also by what another server has of it. */
  async function requireNext(key: UploadKey, part: string, at: number) {
    if (at === 0 && !(await books.makePart(key, part))) throw notOnItsWay(key);
    const { size } = await stat(part);
    if (size !== at) throw new BlobRefusedError('bad_piece', `the next piece begins at ${size}`);
  }

  async function write(key: UploadKey, at: number, bytes: Uint8Array) {
    const part = partOf(key);
    if (isShared) await requireNext(key, part, at);
    await parts.write(part, at, bytes);
  }

  async function sweepUploads() {
    const all = await books.untouchedSince(Number.MAX_SAFE_INTEGER);
    const known = new Set(all.map(partOf));
    for (const name of await readdir(uploadsPath)) {
      const part = join(uploadsPath, name);
      // One that began meanwhile.
      if (!known.has(part) && !(await isNew(part))) await rm(part, { force: true });
    }
  }

  async function sweepBytes() {
    for (const folder of await readdir(bytesPath)) {
      await books.removeUnknown(folder, await readdir(join(bytesPath, folder)));
    }
  }

  return {
    find: (key) => onDisk(() => books.find(key)),
    begin: (record) =>
      onDisk(async () => {
        // One of the same name may have been forgotten, and a crash have left its bytes.
        await removePart(partOf(record));
        await books.begin(record);
      }),
    touch: (key, at) => onDisk(() => books.touch(key, at)),
    have: (key) => onDisk(async () => (await statIfThere(partOf(key)))?.size ?? 0),
    write: (key, at, bytes) => onDisk(() => ifThere(key, () => write(key, at, bytes))),
    readUpload: (key) =>
      onDisk(async () => readerOf(await ifThere(key, () => open(partOf(key), 'r')), onDisk)),
    settle: (key, facts) =>
      onDisk(async () => {
        const part = partOf(key);
        await ifThere(key, () => parts.finish(part));
        await makeFolder(folderOf(path, facts.sha256));
        await books.settle(key, facts, part);
        await rm(part, { force: true });
      }),
    drop: (key) =>
      onDisk(async () => {
        await books.drop(key);
        await removePart(partOf(key));
      }),
    hold: (...args) => onDisk(() => books.hold(...args)),
    keep: (mid, seq) => onDisk(() => books.keep(mid, seq)),
    doubt: (mid, doubtedAt) => onDisk(() => books.doubt(mid, doubtedAt)),
    release: (mid) => onDisk(() => books.release(mid)),
    doubted: (beforeMs) => onDisk(() => books.doubted(beforeMs)),
    open: (sha256) =>
      onDisk(async () => {
        const file = await openIfThere(placeOf(path, sha256));
        return file && readerOf(file, onDisk);
      }),
    usage: (userId) => onDisk(() => books.usage(userId)),
    countUnfinished: () => onDisk(() => books.countUnfinished()),
    unfinished: () =>
      onDisk(async () => {
        const uploads = await books.unfinished();
        return Promise.all(
          uploads.map(async (upload) => {
            const stats = await statIfThere(partOf(upload));
            return { ...upload, have: stats?.size ?? 0 };
          }),
        );
      }),
    untouchedSince: (beforeMs) => onDisk(() => books.untouchedSince(beforeMs)),
    sweepOrphans: () => onDisk(() => sweepUploads().then(sweepBytes)),
    async close() {
      await parts.close();
      await books.close();
    },
  };
}

/** What another server has taken away is not made anew. */
const openMade = (path: string) => open(path, 'r+');

async function readerOf(
  file: FileHandle,
  onDisk: <Result>(work: () => Promise<Result>) => Promise<Result>,
): Promise<BlobReader> {
  const { size } = await file.stat();
  return {
    size,
    read: (from, to) =>
      onDisk(async () => {
        const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
        let done = 0;
        while (done < bytes.length) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      }),
    close: () => file.close(),
  };
}

/** Undefined where there is no file. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** So long bytes without an entry may belong to an upload that begins, in ms. */
const beginningMs = 60_000;

async function isNew(path: string): Promise<boolean> {
  const stats = await statIfThere(path);
  return stats !== undefined && Date.now() - stats.mtimeMs < beginningMs;
}
