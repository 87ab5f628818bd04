import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ann, bytesOf, factsOf } from '../blobs/testFiles';
import { booksOver } from './booksInThread';
import { openThreadBooks } from './booksThread';
import { bytesFolder, type FolderBooks } from './folderBooks';
import { tempDir } from './storeInThread';

const record = { ...ann('a'), facts: factsOf(bytesOf(10)), isWhole: false, touchedAt: 1_000 };

async function opened(change?: (books: FolderBooks) => Partial<FolderBooks>) {
  const path = tempDir();
  mkdirSync(join(path, bytesFolder));
  const over = booksOver(change);
  const books = await openThreadBooks(() => over.start(path, false));
  onTestFinished(() => books.close());
  return { over, books };
}

describe('the books of files, in a thread', () => {
  it('are kept in the order in which they are told', async () => {
    const { books } = await opened();
    const asked = [
      books.find(ann('a')),
      books.begin(record),
      books.find(ann('a')),
      books.drop(ann('a')),
      books.find(ann('a')),
    ];
    expect(await Promise.all(asked)).toEqual([undefined, undefined, record, undefined, undefined]);
  });

  it('say it to all who wait when the thread dies, and are there again for the next', async () => {
    const { over, books } = await opened();
    await books.begin(record);
    const waiting = [books.find(ann('a')), books.usage()];
    over.die('it died');
    expect(await Promise.allSettled(waiting)).toMatchObject([
      { status: 'rejected', reason: { message: 'it died' } },
      { status: 'rejected', reason: { message: 'it died' } },
    ]);
    expect(await books.find(ann('a'))).toEqual(record);
    expect(over.starts).toBe(2);
  });

  it('try again to start a thread that could not be', async () => {
    const path = tempDir();
    const over = booksOver();
    let isBroken = false;
    const books = await openThreadBooks(() =>
      isBroken ? Promise.reject(new Error('no memory')) : over.start(path, false),
    );
    onTestFinished(() => books.close());
    isBroken = true;
    over.die('it died');
    await expect(books.find(ann('a'))).rejects.toThrow('no memory');
    isBroken = false;
    expect(await books.find(ann('a'))).toBeUndefined();
  });

  it.each([
    ['the disk', Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })],
    ['SQLite', new Error('database or disk is full')],
  ])('say that the disk is full, as %s does', async (_, error) => {
    const { books } = await opened(() => ({
      begin() {
        throw error;
      },
    }));
    await expect(books.begin(record)).rejects.toMatchObject({ code: 'no_room_for_files' });
    expect(await books.find(ann('a'))).toBeUndefined();
  });

  it('pass on what else went wrong', async () => {
    const { books } = await opened(() => ({
      keep() {
        throw new Error('disk I/O error');
      },
    }));
    await expect(books.keep('m1', 1)).rejects.toThrow('disk I/O error');
  });

  it('are closed once, also where the thread has died', async () => {
    const { over, books } = await opened();
    over.die('it died');
    await books.close();
    expect(over.starts).toBe(1);
  });
});
