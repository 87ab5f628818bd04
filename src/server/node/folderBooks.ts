/**
 * The books of the files in a folder, and what is done to the folder with their entries. Every call waits for the
 * disk, so a server has it in a thread of its own (`booksThread.ts`): on the main thread texts would wait as well.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts, UploadKey } from '../blobs/blobs';
import { type BlobBooks, openBlobBooks } from './blobBooks';
import { openDatabase } from './sqliteDriver';

export const booksFile = 'files.sqlite';
/** What is whole. */
export const bytesFolder = 'bytes';

export interface FolderBooks
  extends Omit<BlobBooks, 'settle' | 'drop' | 'release' | 'removeUnknown' | 'ifUnfinished'> {
  /** The bytes are in the file `part`, on the disk; the folder that they belong in is there. */
  settle(key: UploadKey, facts: FileFacts, part: string): void;
  /** Makes the file `part` unless it is there; false where the upload is whole already, or forgotten. */
  makePart(key: UploadKey, part: string): boolean;
  drop(key: UploadKey): void;
  release(mid: string): void;
  /** Removes those of these files under `bytes` that the books know nothing of. */
  removeUnknown(folder: string, names: readonly string[]): void;
}

export const folderOf = (path: string, sha256: string) =>
  join(path, bytesFolder, sha256.slice(0, 2));
export const placeOf = (path: string, sha256: string) => join(folderOf(path, sha256), sha256);

/** Throws if the folder is not there, or a later version wrote the books. */
export function openFolderBooks(path: string, isShared: boolean): FolderBooks {
  const books = openBlobBooks(openDatabase(join(path, booksFile)), isShared);
  const remove = (sha256: string) => rmSync(placeOf(path, sha256), { force: true });
  return {
    ...books,
    settle(key, facts, part) {
      const place = placeOf(path, facts.sha256);
      books.settle(key, facts, (isKnown) => {
        if (isKnown && statSync(place, { throwIfNoEntry: false })) return;
        renameSync(part, place);
        syncFolder(folderOf(path, facts.sha256));
      });
    },
    makePart: (key, part) => books.ifUnfinished(key, () => closeSync(openSync(part, 'a', 0o600))),
    drop: (key) => books.drop(key, remove),
    release: (mid) => books.release(mid, remove),
    removeUnknown(folder, names) {
      for (const name of names) {
        books.removeUnknown(name, () => rmSync(join(path, bytesFolder, folder, name)));
      }
    },
  };
}

/** Writes to disk which files a folder holds. */
function syncFolder(path: string): void {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
