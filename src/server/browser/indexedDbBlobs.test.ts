import 'fake-indexeddb/auto';
import { expect, it, onTestFinished } from 'vitest';
import { describeBlobContract } from '../blobs/blobContract';
import { ann, bytesOf, factsOf } from '../blobs/testFiles';
import { type BlobDatabase, openBlobDatabase } from './blobDatabase';
import { createIndexedDbBlobs } from './indexedDbBlobs';
import { randomId } from './randomId';
import { newName } from './testDatabase';

const openAt = async (name: string) => createIndexedDbBlobs(await openBlobDatabase(name), randomId);

describeBlobContract('files in IndexedDB', async () => {
  const name = newName();
  return { engine: await openAt(name), reopen: () => openAt(name) };
});

it('a browser without room refuses a piece for now, keeps what there is, and goes on', async () => {
  const database = await openBlobDatabase(newName());
  onTestFinished(() => database.close());
  let isFull = false;
  const small: BlobDatabase = {
    ...database,
    write: (work, durability) =>
      database.write(async (transaction) => {
        const result = await work(transaction);
        if (isFull) throw new DOMException('no room', 'QuotaExceededError');
        return result;
      }, durability),
  };
  const engine = createIndexedDbBlobs(small, randomId);
  const bytes = bytesOf(100);
  const facts = factsOf(bytes);
  await engine.begin({ ...ann('a'), facts, isWhole: false, touchedAt: 1 });
  await engine.write(ann('a'), 0, bytes.slice(0, 50));
  isFull = true;
  await expect(engine.write(ann('a'), 50, bytes.slice(50))).rejects.toMatchObject({
    code: 'no_room_for_files',
  });
  isFull = false;
  expect(await engine.have(ann('a'))).toBe(50);
  await engine.write(ann('a'), 50, bytes.slice(50));
  const reader = await engine.readUpload(ann('a'));
  expect(await reader.read(0, 100)).toEqual(bytes);
});

it('files that a newer page takes over are away', async () => {
  const name = newName();
  const engine = await openAt(name);
  const { deleteDB } = await import('idb');
  await deleteDB(name);
  await expect(engine.find(ann('a'))).rejects.toMatchObject({ code: 'unavailable' });
});
