/**
 * What every storage of files promises, as tests. Each engine's own test opens it and runs these; what an
 * engine promises beyond them stands in that test.
 */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../protocol/limits';
import type { BlobEngine } from './blobEngine';
import { type BlobLimits, beginningMs, createBlobStore, patienceMs } from './blobStore';
import type { BlobRefusedError, BlobStore, FileFacts, UploadKey } from './blobs';
import { inspectFile } from './inspectFile';
import { newNobleHash } from './nobleHash';
import { amplyLimited, ann, bob, bytesOf, factsOf, pngOf } from './testFiles';

const minuteMs = 60_000;

export interface BlobKind {
  /** Opens what an engine that was closed, or killed, has left; without it nothing is left. */
  reopen?(): Promise<BlobEngine>;
}

/** A storage of its own for each call. */
export type OpenKind = () => Promise<{ engine: BlobEngine } & BlobKind>;

export function describeBlobContract(name: string, open: OpenKind): void {
  async function opened(most: Partial<BlobLimits> = {}) {
    let now = 1_700_000_000_000;
    const { engine, reopen } = await open();
    const storeOn = (on: BlobEngine): BlobStore => {
      const store = createBlobStore({
        engine: on,
        limits: { ...amplyLimited, ...most },
        now: () => now,
        newHash: newNobleHash,
        inspect: inspectFile,
      });
      onTestFinished(() => store.close());
      return store;
    };
    return {
      engine,
      store: storeOn(engine),
      reopen: reopen && (async () => storeOn(await reopen())),
      pass(ms: number) {
        now += ms;
      },
    };
  }

  async function upload(store: BlobStore, key: UploadKey, bytes: Uint8Array<ArrayBuffer>) {
    const facts = factsOf(bytes);
    await store.announce(key, facts);
    await store.append(key, 0, bytes);
    await store.finish(key);
    return facts;
  }

  const holder = (mid: string, userId = 'ann') => ({ mid, room: 'tea', userId, at: 1 });

  async function sent(
    store: BlobStore,
    key: UploadKey,
    bytes: Uint8Array<ArrayBuffer>,
    mid: string,
  ) {
    const facts = await upload(store, key, bytes);
    expect(await store.hold([facts.sha256], holder(mid, key.userId))).toBe(true);
    await store.keep(mid, 7);
    return facts;
  }

  async function contentOf(store: BlobStore, sha256: string) {
    const reader = await store.open(sha256);
    if (!reader) return undefined;
    const bytes = await reader.read(0, reader.size);
    await reader.close();
    return bytes;
  }

  const refusal = (code: string) => expect.objectContaining({ name: 'BlobRefusedError', code });
  const refused = (asked: Promise<unknown>) =>
    asked.then(
      () => 'not refused',
      ({ code }: BlobRefusedError) => code,
    );

  describe(`${name}: an upload`, () => {
    it('comes in pieces, is whole once all are there, and is read in any part', async () => {
      const { store } = await opened();
      const bytes = bytesOf(100_000);
      const facts = factsOf(bytes);
      expect(await store.announce(ann('a'), facts)).toEqual({ have: 0, isWhole: false });
      expect(await store.append(ann('a'), 0, bytes.slice(0, 60_000))).toEqual({
        have: 60_000,
        isAll: false,
      });
      expect(await store.found(ann('a'))).toBeUndefined();
      expect(await store.append(ann('a'), 60_000, bytes.slice(60_000))).toEqual({
        have: 100_000,
        isAll: true,
      });
      await store.finish(ann('a'));
      expect(await store.found(ann('a'))).toEqual(facts);
      expect(await store.announce(ann('a'), facts)).toEqual({ have: 100_000, isWhole: true });
      const reader = await store.open(facts.sha256);
      expect(reader?.size).toBe(100_000);
      expect(await reader?.read(59_990, 60_010)).toEqual(bytes.slice(59_990, 60_010));
      expect(await reader?.read(99_999, 100_000)).toEqual(bytes.slice(99_999));
      await reader?.close();
    });

    it('takes a piece twice, or one that overlaps, for what is new in it', async () => {
      const { store } = await opened();
      const bytes = bytesOf(1_000);
      const facts = factsOf(bytes);
      await store.announce(ann('a'), facts);
      await store.append(ann('a'), 0, bytes.slice(0, 600));
      expect((await store.append(ann('a'), 0, bytes.slice(0, 600))).have).toBe(600);
      expect((await store.append(ann('a'), 100, bytes.slice(100, 300))).have).toBe(600);
      expect((await store.append(ann('a'), 500, bytes.slice(500))).isAll).toBe(true);
      await store.finish(ann('a'));
      expect(await contentOf(store, facts.sha256)).toEqual(bytes);
    });

    it('refuses a piece that leaves a gap, or goes beyond what was announced, and goes on', async () => {
      const { store } = await opened();
      const bytes = bytesOf(1_000);
      await store.announce(ann('a'), factsOf(bytes));
      const gap = store.append(ann('a'), 1, bytes.slice(1));
      await expect(gap).rejects.toEqual(refusal('bad_piece'));
      const tooMuch = store.append(ann('a'), 0, bytesOf(1_001));
      await expect(tooMuch).rejects.toEqual(refusal('bad_piece'));
      expect(await store.announce(ann('a'), factsOf(bytes))).toMatchObject({ have: 0 });
      await store.append(ann('a'), 0, bytes);
      await store.finish(ann('a'));
    });

    it('is unknown until it is announced, and once it is forgotten', async () => {
      const { store } = await opened();
      const bytes = bytesOf(10);
      expect(await refused(store.append(ann('a'), 0, bytes))).toBe('no_upload');
      expect(await refused(store.finish(ann('a')))).toBe('no_upload');
      await store.announce(ann('a'), factsOf(bytes));
      expect(await refused(store.append(bob('a'), 0, bytes))).toBe('no_upload');
      expect(await refused(store.finish(ann('a')))).toBe('bad_piece');
      await store.append(ann('a'), 0, bytes.slice(5));
      await store.forget(ann('a'));
      expect(await refused(store.append(ann('a'), 5, bytes))).toBe('no_upload');
      expect(await store.usage()).toEqual({ bytes: 0, onTheirWay: 0 });
    });

    it('is one file for ever: another under its id is refused, and disturbs it not', async () => {
      const { store } = await opened();
      const bytes = bytesOf(10);
      const facts = factsOf(bytes);
      await store.announce(ann('a'), facts);
      for (const other of [{ size: 11 }, { name: 'b' }, { type: 'text/plain' }, { width: 1 }]) {
        expect(await refused(store.announce(ann('a'), { ...facts, ...other }))).toBe(
          'file_refused',
        );
      }
      expect(await store.announce(bob('a'), factsOf(bytesOf(5)))).toMatchObject({ have: 0 });
      await store.append(ann('a'), 0, bytes);
      await store.finish(ann('a'));
      expect(await refused(store.announce(ann('a'), { ...facts, name: 'b' }))).toBe('file_refused');
      expect(await store.found(ann('a'))).toEqual(facts);
    });

    it('whose bytes are others than announced is refused, and nothing of it is left', async () => {
      const { store } = await opened();
      await store.announce(ann('a'), factsOf(bytesOf(10)));
      await store.append(ann('a'), 0, bytesOf(10, 2));
      expect(await refused(store.finish(ann('a')))).toBe('file_refused');
      expect(await store.found(ann('a'))).toBeUndefined();
      expect(await store.open(factsOf(bytesOf(10)).sha256)).toBeUndefined();
      expect(await store.usage()).toEqual({ bytes: 0, onTheirWay: 0 });
      // The id is free again.
      expect(await store.announce(ann('a'), factsOf(bytesOf(10)))).toMatchObject({ have: 0 });
    });

    it('is what its bytes say, whatever was announced', async () => {
      const { store } = await opened();
      const put = async (
        id: string,
        bytes: Uint8Array<ArrayBuffer>,
        fields: Partial<FileFacts>,
      ) => {
        await store.announce(ann(id), factsOf(bytes, fields));
        await store.append(ann(id), 0, bytes);
        await store.finish(ann(id));
        return store.found(ann(id));
      };
      const lie = { type: 'image/png', width: 5, height: 5 };
      const picture = pngOf(640, 480);
      expect(await put('a', picture, lie)).toEqual(
        factsOf(picture, { type: 'image/png', width: 640, height: 480 }),
      );
      expect(await put('b', bytesOf(40), lie)).toEqual(factsOf(bytesOf(40)));
      expect(await refused(put('c', pngOf(16_000, 16_000), lie))).toBe('file_refused');
      expect(await store.found(ann('c'))).toBeUndefined();
    });

    it('arrives whole however it is cut, repeated and announced anew', async () => {
      const bytes = bytesOf(4_096);
      const facts = factsOf(bytes);
      const anyPiece = fc.record({
        at: fc.nat(4_095),
        length: fc.integer({ min: 1, max: 2_000 }),
        isAnnounced: fc.boolean(),
        isCrashed: fc.boolean(),
      });
      const world = await opened();
      let { store } = world;
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyPiece, { maxLength: 12 }), async (pieces) => {
          runs += 1;
          const key = ann(`a${runs}`);
          await store.announce(key, facts);
          let have = 0;
          for (const { at, length, isAnnounced, isCrashed } of pieces) {
            if (isCrashed && world.reopen) store = await world.reopen();
            if (isAnnounced) expect((await store.announce(key, facts)).have).toBe(have);
            const piece = bytes.slice(at, at + length);
            const answer = store.append(key, at, piece);
            if (at > have) {
              expect(await refused(answer)).toBe('bad_piece');
              continue;
            }
            have = Math.max(have, at + piece.length);
            expect(await answer).toEqual({ have, isAll: have === bytes.length });
          }
          if (have < bytes.length) await store.append(key, have, bytes.slice(have));
          await store.finish(key);
          expect(await contentOf(store, facts.sha256)).toEqual(bytes);
          await store.forget(key);
        }),
        { numRuns: 25 },
      );
    });
  });

  describe(`${name}: how much is kept`, () => {
    it('is bounded for each file, and for each user with what was announced', async () => {
      const most = { fileBytes: 100, userBytes: 150, totalBytes: 200 };
      const { store } = await opened(most);
      const announce = (key: UploadKey, size: number) =>
        refused(store.announce(key, factsOf(bytesOf(size, size))));
      expect(await announce(ann('a'), 101)).toBe('file_too_large');
      expect(await announce(ann('a'), 100)).toBe('not refused');
      expect(await announce(ann('b'), 51)).toBe('no_room_for_files');
      expect(await announce(ann('b'), 50)).toBe('not refused');
      await store.forget(ann('b'));
      expect(await announce(ann('b'), 50)).toBe('not refused');
    });

    it('is bounded for all by the bytes that are there: what is only announced takes no room', async () => {
      const { store } = await opened({ totalBytes: 200 });
      const [large, other] = [bytesOf(150, 1), bytesOf(150, 2)];
      for (let n = 0; n < 20; n += 1) {
        const guest = { userId: `guest-${n}`, id: 'a' };
        expect(await refused(store.announce(guest, factsOf(bytesOf(150, n))))).toBe('not refused');
      }
      await store.announce(ann('a'), factsOf(large));
      await store.announce(bob('a'), factsOf(other));
      await store.append(ann('a'), 0, large);
      expect(await store.usage()).toEqual({ bytes: 150, onTheirWay: 22 });
      expect(await refused(store.announce(bob('b'), factsOf(bytesOf(51))))).toBe(
        'no_room_for_files',
      );
      expect(await refused(store.announce(bob('b'), factsOf(bytesOf(50))))).toBe('not refused');
    });

    it('is looked at again as pieces come: an upload that finds no room stays, and goes on later', async () => {
      const { store } = await opened({ totalBytes: 200 });
      const [large, other] = [bytesOf(150, 1), bytesOf(150, 2)];
      await store.announce(ann('a'), factsOf(large));
      await store.announce(bob('a'), factsOf(other));
      await store.append(bob('a'), 0, other.slice(0, 50));
      await store.append(ann('a'), 0, large);
      await store.finish(ann('a'));
      const more = () => refused(store.append(bob('a'), 50, other.slice(50)));
      expect(await more()).toBe('no_room_for_files');
      expect(await store.announce(bob('a'), factsOf(other))).toEqual({ have: 50, isWhole: false });
      await store.forget(ann('a'));
      expect(await more()).toBe('not refused');
      await store.finish(bob('a'));
      expect(await store.found(bob('a'))).toEqual(factsOf(other));
    });

    it('is never more, however much comes at once', async () => {
      const { store } = await opened({ totalBytes: 100 });
      const keys = Array.from({ length: 10 }, (_, n) => ({ userId: `guest-${n}`, id: 'a' }));
      for (const key of keys) await store.announce(key, factsOf(bytesOf(30)));
      const all = keys.map((key) => refused(store.append(key, 0, bytesOf(30))));
      const taken = (await Promise.all(all)).filter((each) => each === 'not refused');
      expect(taken).toHaveLength(3);
    });

    it('lets a user have so many on their way, and no more', async () => {
      const { store } = await opened();
      const announce = (key: UploadKey) => refused(store.announce(key, factsOf(bytesOf(10))));
      for (let count = 0; count < limits.uploadsPerUser; count += 1) {
        expect(await announce(ann(`a${count}`))).toBe('not refused');
      }
      expect(await announce(ann('more'))).toBe('too_many_uploads');
      expect(await announce(ann('a0'))).toBe('not refused');
      expect(await announce(bob('a'))).toBe('not refused');
      await store.append(ann('a0'), 0, bytesOf(10));
      await store.finish(ann('a0'));
      expect(await announce(ann('more'))).toBe('not refused');
    });

    it('knows how many of all users are on their way', async () => {
      const { engine, store } = await opened();
      await upload(store, ann('whole'), bytesOf(10));
      expect(await engine.countUnfinished()).toBe(0);
      await store.announce(ann('a'), factsOf(bytesOf(10)));
      await store.announce(bob('a'), factsOf(bytesOf(10)));
      expect(await engine.countUnfinished()).toBe(2);
      await store.forget(ann('a'));
      expect(await engine.countUnfinished()).toBe(1);
    });

    it('looks at what comes at once one by one', async () => {
      const { store } = await opened({ userBytes: 100 });
      const all = Array.from({ length: 10 }, (_, index) =>
        refused(store.announce(ann(`a${index}`), factsOf(bytesOf(30, index + 1)))),
      );
      const taken = (await Promise.all(all)).filter((each) => each === 'not refused');
      expect(taken).toHaveLength(3);
    });

    it('counts the same bytes once, and keeps them once', async () => {
      const { store } = await opened();
      const facts = await upload(store, ann('a'), bytesOf(1_000));
      await upload(store, ann('b'), bytesOf(1_000));
      await upload(store, bob('a'), bytesOf(1_000));
      expect((await store.usage()).bytes).toBe(1_000);
      await store.forget(ann('a'));
      await store.forget(bob('a'));
      expect(await contentOf(store, facts.sha256)).toEqual(bytesOf(1_000));
      await store.forget(ann('b'));
      expect(await store.open(facts.sha256)).toBeUndefined();
      expect((await store.usage()).bytes).toBe(0);
    });
  });

  describe(`${name}: a message`, () => {
    it('holds the bytes of its file until it is deleted, whatever becomes of the upload', async () => {
      const { store } = await opened();
      const facts = await sent(store, ann('a'), bytesOf(500), 'm1');
      await store.forget(ann('a'));
      expect(await contentOf(store, facts.sha256)).toEqual(bytesOf(500));
      expect((await store.usage()).bytes).toBe(500);
      await store.release('m1');
      expect(await store.open(facts.sha256)).toBeUndefined();
      expect((await store.usage()).bytes).toBe(0);
    });

    it('gives back what no other message holds, though the upload is still known', async () => {
      const { store } = await opened();
      const facts = await sent(store, ann('a'), bytesOf(500), 'm1');
      await sent(store, bob('a'), bytesOf(500), 'm2');
      await store.release('m1');
      expect(await contentOf(store, facts.sha256)).toEqual(bytesOf(500));
      expect(await store.found(ann('a'))).toEqual(facts);
      await store.release('m2');
      expect(await store.open(facts.sha256)).toBeUndefined();
      expect(await store.found(ann('a'))).toBeUndefined();
    });

    it('that was not appended leaves its upload as it was', async () => {
      const { store } = await opened();
      const facts = await upload(store, ann('a'), bytesOf(500));
      await store.hold([facts.sha256], holder('m1'));
      await store.release('m1');
      expect(await store.found(ann('a'))).toEqual(facts);
      expect(await contentOf(store, facts.sha256)).toEqual(bytesOf(500));
    });

    it('holds nothing if not all is there', async () => {
      const { store } = await opened();
      const facts = await upload(store, ann('a'), bytesOf(500));
      const missing = factsOf(bytesOf(5)).sha256;
      expect(await store.hold([facts.sha256, missing], holder('m1'))).toBe(false);
      await store.forget(ann('a'));
      expect(await store.open(facts.sha256)).toBeUndefined();
    });

    it('is in doubt until it is known to be in the log, and again while it is deleted', async () => {
      const { store, pass } = await opened();
      const facts = await upload(store, ann('a'), bytesOf(500));
      await store.hold([facts.sha256], holder('m1'));
      expect(await store.doubted()).toEqual([]);
      pass(minuteMs + 1);
      expect(await store.doubted()).toEqual([{ ...holder('m1'), seq: undefined }]);
      await store.keep('m1', 7);
      expect(await store.doubted()).toEqual([]);
      await store.doubt('m1');
      pass(minuteMs + 1);
      expect(await store.doubted()).toEqual([{ ...holder('m1'), seq: 7 }]);
      await store.release('m1');
      expect(await store.doubted()).toEqual([]);
    });

    it('that holds nothing is no trouble', async () => {
      const { store } = await opened();
      await store.keep('m1', 7);
      await store.doubt('m1');
      await store.release('m1');
      expect(await store.doubted()).toEqual([]);
    });
  });

  describe(`${name}: a sweep`, () => {
    it('forgets uploads that nobody went on with for a day, and whole ones that no message took', async () => {
      const { store, pass } = await opened();
      await store.announce(ann('slow'), factsOf(bytesOf(20, 2)));
      await store.announce(ann('gone'), factsOf(bytesOf(30, 3)));
      await store.append(ann('gone'), 0, bytesOf(30, 3).slice(0, 10));
      const untaken = await upload(store, ann('untaken'), bytesOf(40, 4));
      const taken = await sent(store, ann('taken'), bytesOf(50, 5), 'm1');
      pass(patienceMs - minuteMs);
      await store.append(ann('slow'), 0, bytesOf(20, 2).slice(0, 10));
      await store.sweep();
      expect(await store.usage()).toEqual({ bytes: 110, onTheirWay: 2 });
      pass(2 * minuteMs);
      await store.sweep();
      expect(await store.usage()).toEqual({ bytes: 60, onTheirWay: 1 });
      expect(await store.open(untaken.sha256)).toBeUndefined();
      expect(await contentOf(store, taken.sha256)).toEqual(bytesOf(50, 5));
      expect(await refused(store.append(ann('gone'), 10, bytesOf(1)))).toBe('no_upload');
      expect((await store.append(ann('slow'), 10, bytesOf(20, 2).slice(10))).isAll).toBe(true);
    });
  });

  describe(`${name}: an announcement of which not one byte came`, () => {
    it('is forgotten after ten minutes, unless it is made again', async () => {
      const { store, pass } = await opened();
      await store.announce(ann('empty'), factsOf(bytesOf(20, 2)));
      await store.announce(ann('again'), factsOf(bytesOf(20, 2)));
      await store.announce(ann('begun'), factsOf(bytesOf(30, 3)));
      await store.append(ann('begun'), 0, bytesOf(1, 3));
      pass(beginningMs - minuteMs);
      await store.announce(ann('again'), factsOf(bytesOf(20, 2)));
      pass(minuteMs - 1);
      await store.sweep();
      expect((await store.usage()).onTheirWay).toBe(3);
      pass(1);
      await store.sweep();
      expect((await store.usage()).onTheirWay).toBe(2);
      expect(await refused(store.append(ann('empty'), 0, bytesOf(20, 2)))).toBe('no_upload');
      expect((await store.append(ann('again'), 0, bytesOf(20, 2))).isAll).toBe(true);
    });
  });

  describe(`${name}: once it is closed`, () => {
    it('refuses everything for now', async () => {
      const { store } = await opened();
      await store.close();
      expect(await refused(store.announce(ann('a'), factsOf(bytesOf(1))))).toBe('unavailable');
      expect(await refused(store.usage())).toBe('unavailable');
    });
  });

  describe(`${name}: what is left by whoever kept it before`, () => {
    it('is all that was confirmed: uploads on their way, whole ones, and what messages hold', async () => {
      const { store, reopen } = await opened();
      if (!reopen) return;
      const bytes = bytesOf(1_000);
      await store.announce(ann('a'), factsOf(bytes));
      await store.append(ann('a'), 0, bytes.slice(0, 700));
      const whole = await upload(store, ann('b'), bytesOf(100, 2));
      const held = await sent(store, ann('c'), bytesOf(200, 3), 'm1');
      await store.forget(ann('c'));
      const next = await reopen();
      await next.sweep();
      expect(await next.announce(ann('a'), factsOf(bytes))).toEqual({ have: 700, isWhole: false });
      await next.append(ann('a'), 700, bytes.slice(700));
      await next.finish(ann('a'));
      expect(await next.found(ann('b'))).toEqual(whole);
      expect(await contentOf(next, held.sha256)).toEqual(bytesOf(200, 3));
      expect((await next.usage()).bytes).toBe(1_300);
    });
  });
}
