import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeBlobContract } from '../blobs/blobContract';
import { createBlobStore } from '../blobs/blobStore';
import { inspectFile } from '../blobs/inspectFile';
import { newNobleHash } from '../blobs/nobleHash';
import { amplyLimited, ann, bytesOf, factsOf } from '../blobs/testFiles';
import { type BooksOver, booksOver } from './booksInThread';
import { openFolderBlobs } from './folderBlobs';
import { openDatabase } from './sqliteDriver';
import { tempDir } from './storeInThread';

const openAt = (path: string, isShared = false, { start }: BooksOver = booksOver()) =>
  openFolderBlobs({
    path,
    isShared,
    onTrouble: (error) => expect.fail(String(error)),
    startBooks: start,
  });

for (const isShared of [false, true]) {
  const kind = isShared ? 'a folder that several servers share' : 'a folder';
  describeBlobContract(`files in ${kind}`, async () => {
    const path = join(tempDir(), 'files');
    // The one before is not closed: as after a crash, or beside another server.
    return { engine: await openAt(path, isShared), reopen: () => openAt(path, isShared) };
  });
}

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('files.sqlite'))
    .map(({ name }) => name);

async function opened() {
  const path = tempDir();
  const engine = await openAt(path);
  onTestFinished(() => engine.close());
  const bytes = bytesOf(100);
  const facts = factsOf(bytes);
  const begin = (id: string) =>
    engine.begin({ ...ann(id), facts, isWhole: false, touchedAt: 1_000 });
  return { path, engine, bytes, facts, begin };
}

describe('a folder that several servers share', () => {
  const key = ann('a');

  /** An upload that is on its way at both. */
  async function atTwoServers() {
    const path = tempDir();
    const [one, other] = [await openAt(path, true), await openAt(path, true)];
    onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
    const bytes = bytesOf(100);
    const facts = factsOf(bytes);
    await one.begin({ ...key, facts, isWhole: false, touchedAt: 1_000 });
    return { path, one, other, bytes, facts };
  }

  it('keeps nothing of a piece that comes late to one server: the other has it whole, or has forgotten it', async () => {
    const { path, one, other, bytes, facts } = await atTwoServers();
    await one.write(key, 0, bytes);
    await one.settle(key, facts);
    const late = { code: 'no_upload' };
    await expect(other.write(key, 60, bytes.slice(60))).rejects.toMatchObject(late);
    await expect(other.write(key, 0, bytes)).rejects.toMatchObject(late);
    await expect(other.readUpload(key)).rejects.toMatchObject(late);
    expect(filesIn(path)).toEqual([facts.sha256]);
    await one.drop(key);
    await expect(other.write(key, 0, bytes)).rejects.toMatchObject(late);
    expect(filesIn(path)).toEqual([]);
  });

  it('lets no late piece change what has come since', async () => {
    const { one, other, bytes } = await atTwoServers();
    await one.write(key, 0, bytes);
    const wrong = { code: 'bad_piece' };
    await expect(other.write(key, 0, bytesOf(10, 7))).rejects.toMatchObject(wrong);
    const reader = await one.readUpload(key);
    expect(await reader.read(0, 100)).toEqual(bytes);
    await reader.close();
  });

  it('has a file once whose pieces come to two servers', async () => {
    const { path, one, other, bytes, facts } = await atTwoServers();
    const stores = [one, other].map((engine) =>
      createBlobStore({
        engine,
        limits: amplyLimited,
        now: Date.now,
        newHash: newNobleHash,
        inspect: inspectFile,
      }),
    );
    // Both know how far it is, and then each piece comes to both.
    for (const store of stores) await store.announce(key, facts);
    for (let at = 0; at < 100; at += 20) {
      const piece = bytes.slice(at, at + 20);
      const have = { have: at + 20, isAll: at === 80 };
      for (const store of stores) expect(await store.append(key, at, piece)).toEqual(have);
    }
    for (const store of stores) await store.finish(key);
    expect(filesIn(path)).toEqual([facts.sha256]);
  });
});

describe('files in a folder', () => {
  it('are files by their digest, each once, and gone with their last message', async () => {
    const { path, engine, bytes, facts, begin } = await opened();
    for (const id of ['a', 'b']) {
      await begin(id);
      await engine.write(ann(id), 0, bytes);
      await engine.settle(ann(id), facts);
    }
    expect(filesIn(path)).toEqual([facts.sha256]);
    const [folder = ''] = readdirSync(join(path, 'bytes'));
    const kept = readFileSync(join(path, 'bytes', folder, facts.sha256));
    expect(new Uint8Array(kept)).toEqual(bytes);
    const holder = { mid: 'm', room: 'tea', userId: 'ann', at: 1 };
    await engine.hold([facts.sha256], holder, 1);
    await engine.keep('m', 1);
    await engine.release('m');
    expect(filesIn(path)).toEqual([]);
  });

  it('that the books do not know are swept, but not what has just begun', async () => {
    const { path, engine, bytes, begin } = await opened();
    await begin('a');
    await engine.write(ann('a'), 0, bytes);
    const [known] = filesIn(path);
    mkdirSync(join(path, 'bytes', 'ab'));
    writeFileSync(join(path, 'bytes', 'ab', 'abc'), 'left by a crash');
    writeFileSync(join(path, 'uploads', 'old'), 'left by a crash');
    utimesSync(join(path, 'uploads', 'old'), 1, 1);
    writeFileSync(join(path, 'uploads', 'new'), 'just begun');
    await engine.sweepOrphans();
    expect(filesIn(path).sort()).toEqual([known, 'new'].sort());
  });

  it('begin anew where a crash has left bytes of another of the same name', async () => {
    const { path, engine, bytes, begin } = await opened();
    await begin('a');
    await engine.write(ann('a'), 0, bytes);
    const [part = ''] = filesIn(path);
    await engine.drop(ann('a'));
    writeFileSync(join(path, 'uploads', part), 'left by a crash');
    await begin('a');
    expect(await engine.have(ann('a'))).toBe(0);
  });

  it('are put in their place again where only the books have them', async () => {
    const { path, engine, bytes, facts, begin } = await opened();
    await begin('a');
    await engine.write(ann('a'), 0, bytes);
    await engine.settle(ann('a'), facts);
    const place = join(path, 'bytes', facts.sha256.slice(0, 2), facts.sha256);
    const { rmSync } = await import('node:fs');
    rmSync(place);
    expect(await engine.open(facts.sha256)).toBeUndefined();
    await begin('b');
    await engine.write(ann('b'), 0, bytes);
    await engine.settle(ann('b'), facts);
    expect(new Uint8Array(readFileSync(place))).toEqual(bytes);
  });

  it('are not opened where a later version wrote the books', async () => {
    const path = tempDir();
    const database = openDatabase(join(path, 'files.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(openAt(path)).rejects.toThrow('of a later Heartline');
  });
});
