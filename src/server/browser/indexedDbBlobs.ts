/**
 * Files in IndexedDB. The pieces of a file stay where they came; once it is whole the books say so, and nothing
 * is moved.
 */
import * as v from 'valibot';
import type { BlobEngine, EngineUsage, Unfinished } from '../blobs/blobEngine';
import type { BlobReader, UploadKey } from '../blobs/blobs';
import {
  type BlobDatabase,
  type ContentRow,
  type HoldRow,
  type Reading,
  rows,
  type UploadRow,
  type Writing,
} from './blobDatabase';

/** `newPlace` makes names that no other call makes. */
export function createIndexedDbBlobs(database: BlobDatabase, newPlace: () => string): BlobEngine {
  const { read, write } = database;

  return {
    find: (key) =>
      read(async (transaction) => {
        const row = await findUpload(transaction, key);
        if (!row) return undefined;
        const { userId, id, facts, isWhole, touchedAt } = row;
        return { userId, id, facts, isWhole, touchedAt };
      }),
    begin: ({ userId, id, facts, touchedAt }) =>
      write(async (transaction) => {
        const isNew = { isWhole: false, isSpent: false, have: 0, place: newPlace() };
        await putUpload(transaction, { userId, id, facts, touchedAt, ...isNew });
      }),
    touch: (key, touchedAt) =>
      write(async (transaction) => {
        const row = await findUpload(transaction, key);
        if (row) await putUpload(transaction, { ...row, touchedAt });
      }),
    have: (key) => read(async (transaction) => (await findUpload(transaction, key))?.have ?? 0),
    write: (key, at, bytes) =>
      write(async (transaction) => {
        const row = await unfinished(transaction, key);
        // These alone: a view would be stored with all that is around it.
        await transaction.objectStore('pieces').put(bytes.slice().buffer, [row.place, at]);
        await putUpload(transaction, { ...row, have: at + bytes.length });
      }, 'relaxed'),
    readUpload: (key) =>
      read(async (transaction) => {
        const { place, have } = await unfinished(transaction, key);
        return readerOf(database, place, have);
      }),
    settle: (key, facts) =>
      write(async (transaction) => {
        const row = await unfinished(transaction, key);
        const { sha256, size } = facts;
        if (await findContent(transaction, sha256)) await removePieces(transaction, row.place);
        else await transaction.objectStore('contents').put({ sha256, size, place: row.place });
        await putUpload(transaction, { ...row, facts, isWhole: true });
      }),
    drop: (key) =>
      write(async (transaction) => {
        const row = await findUpload(transaction, key);
        if (!row) return;
        await transaction.objectStore('uploads').delete([row.userId, row.id]);
        if (row.isWhole) await giveBack(transaction, row.facts.sha256);
        else await removePieces(transaction, row.place);
      }),
    hold: (sha256s, { mid, room, userId, at }, doubtedAt) =>
      write(async (transaction) => {
        const found = sha256s.map((sha256) => findContent(transaction, sha256));
        if (!(await Promise.all(found)).every(Boolean)) return false;
        const known = await findHold(transaction, mid);
        const seq = known?.seq;
        const row: HoldRow = { mid, room, userId, at, sha256s: [...sha256s], doubtedAt };
        await transaction.objectStore('holds').put(seq === undefined ? row : { ...row, seq });
        return true;
      }),
    keep: (mid, seq) =>
      write(async (transaction) => {
        const known = await findHold(transaction, mid);
        if (!known) return;
        const { doubtedAt: _, ...hold } = known;
        await transaction.objectStore('holds').put({ ...hold, seq });
        for (const sha256 of hold.sha256s) await spend(transaction, hold.userId, sha256);
      }),
    doubt: (mid, doubtedAt) =>
      write(async (transaction) => {
        const hold = await findHold(transaction, mid);
        if (hold) await transaction.objectStore('holds').put({ ...hold, doubtedAt });
      }),
    release: (mid) =>
      write(async (transaction) => {
        const hold = await findHold(transaction, mid);
        if (!hold) return;
        await transaction.objectStore('holds').delete(mid);
        for (const sha256 of hold.sha256s) await giveBack(transaction, sha256);
      }),
    doubted: (beforeMs) =>
      read(async (transaction) => {
        const index = transaction.objectStore('holds').index('byDoubt');
        const found = await index.getAll(IDBKeyRange.upperBound(beforeMs, true));
        return found.map((row) => {
          const { mid, room, userId, at, seq } = v.parse(rows.hold, row);
          return { mid, room, userId, at, seq };
        });
      }),
    open: (sha256) =>
      read(async (transaction) => {
        const content = await findContent(transaction, sha256);
        return content && readerOf(database, content.place, content.size);
      }),
    usage: (userId) => read((transaction) => usageOf(transaction, userId)),
    countUnfinished: async () => (await read(allUnfinished)).length,
    unfinished: () => read(allUnfinished),
    untouchedSince: (beforeMs) =>
      read(async (transaction) => {
        const index = transaction.objectStore('uploads').index('byTouch');
        const keys = await index.getAllKeys(IDBKeyRange.upperBound(beforeMs, true));
        return keys.map(([user, id]) => ({ userId: user, id }));
      }),
    // Books and bytes are written together: there are none.
    async sweepOrphans() {},
    async close() {
      database.close();
    },
  };
}

async function findUpload(transaction: Reading, { userId, id }: UploadKey) {
  const row = await transaction.objectStore('uploads').get([userId, id]);
  return row && v.parse(rows.upload, row);
}

async function findContent(transaction: Reading, sha256: string): Promise<ContentRow | undefined> {
  const row = await transaction.objectStore('contents').get(sha256);
  return row && v.parse(rows.content, row);
}

async function findHold(transaction: Reading, mid: string): Promise<HoldRow | undefined> {
  const row = await transaction.objectStore('holds').get(mid);
  return row && v.parse(rows.hold, row);
}

async function unfinished(transaction: Reading, key: UploadKey): Promise<UploadRow> {
  const row = await findUpload(transaction, key);
  if (!row || row.isWhole) throw new Error(`no upload "${key.id}" is on its way`);
  return row;
}

/** All that are on their way: those of one browser's pages, which are few. */
async function allUnfinished(transaction: Reading): Promise<Unfinished[]> {
  const found = await transaction.objectStore('uploads').getAll();
  return found
    .map((row) => v.parse(rows.upload, row))
    .filter(({ isWhole }) => !isWhole)
    .map(({ userId, id, touchedAt, have }) => ({ userId, id, touchedAt, have }));
}

const putUpload = (transaction: Writing, row: UploadRow) =>
  transaction.objectStore('uploads').put(row);

const piecesAt = (place: string) => IDBKeyRange.bound([place], [place, []]);

const removePieces = (transaction: Writing, place: string) =>
  transaction.objectStore('pieces').delete(piecesAt(place));

/** Whole uploads that brought these bytes. */
async function broughtBy(transaction: Reading, sha256: string): Promise<UploadRow[]> {
  const found = await transaction.objectStore('uploads').index('byContent').getAll(sha256);
  return found.map((row) => v.parse(rows.upload, row)).filter(({ isWhole }) => isWhole);
}

async function spend(transaction: Writing, userId: string, sha256: string): Promise<void> {
  for (const row of await broughtBy(transaction, sha256)) {
    if (row.userId === userId) await putUpload(transaction, { ...row, isSpent: true });
  }
}

/** Gives the bytes back if nothing needs them, and forgets the spent uploads that brought them. */
async function giveBack(transaction: Writing, sha256: string): Promise<void> {
  const uploads = await broughtBy(transaction, sha256);
  if (uploads.some(({ isSpent }) => !isSpent)) return;
  if ((await transaction.objectStore('holds').index('byContent').count(sha256)) > 0) return;
  const content = await findContent(transaction, sha256);
  if (content) await removePieces(transaction, content.place);
  await transaction.objectStore('contents').delete(sha256);
  for (const { userId, id } of uploads) {
    await transaction.objectStore('uploads').delete([userId, id]);
  }
}

async function usageOf(transaction: Reading, userId: string | undefined): Promise<EngineUsage> {
  const index = transaction.objectStore('uploads').index('byUser');
  const uploads = (await index.getAll(userId)).map((row) => v.parse(rows.upload, row));
  const holds = (await transaction.objectStore('holds').getAll()).map((row) =>
    v.parse(rows.hold, row),
  );
  const onTheirWay = uploads.filter(({ isWhole }) => !isWhole);
  const unsent = uploads.filter(({ isWhole, isSpent }) => isWhole && !isSpent);
  const needed = new Set(unsent.map(({ facts }) => facts.sha256));
  for (const hold of holds) {
    if (userId !== undefined && hold.userId !== userId) continue;
    for (const sha256 of hold.sha256s) needed.add(sha256);
  }
  const announced = onTheirWay.reduce((sum, { facts }) => sum + facts.size, 0);
  let kept = 0;
  for (const sha256 of needed) kept += (await findContent(transaction, sha256))?.size ?? 0;
  return { kept, announced, onTheirWay: onTheirWay.length, unsent: unsent.length };
}

/** Reads pieces, which follow each other without a gap. */
function readerOf({ read }: BlobDatabase, place: string, size: number): BlobReader {
  return {
    size,
    read: (from, to) =>
      read(async (transaction) => {
        const end = Math.min(to, size);
        const bytes = new Uint8Array(Math.max(0, end - from));
        const store = transaction.objectStore('pieces');
        // The one that `from` lies in begins there or before.
        const first = await store.openKeyCursor(IDBKeyRange.bound([place], [place, from]), 'prev');
        const begin = first ? first.key[1] : from;
        const range = IDBKeyRange.bound([place, begin], [place, end], false, true);
        for await (const { key, value } of store.iterate(range)) {
          const [, at] = key;
          const piece = new Uint8Array(value);
          const skipped = Math.max(0, from - at);
          const part = piece.subarray(skipped, Math.max(skipped, end - at));
          bytes.set(part, at + skipped - from);
        }
        return bytes;
      }),
    async close() {},
  };
}
