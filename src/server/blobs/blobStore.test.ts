import { expect, it, vi } from 'vitest';
import { limits } from '../../protocol/limits';
import type { BlobEngine } from './blobEngine';
import { createBlobStore, givingWay, mostUnfinished } from './blobStore';
import type { BlobRefusedError } from './blobs';
import { inspectFile } from './inspectFile';
import { createMemoryBlobs } from './memoryBlobs';
import { newNobleHash } from './nobleHash';
import { amplyLimited, ann, bytesOf, factsOf } from './testFiles';

const facts = factsOf(bytesOf(10));

/** As many uploads on their way as there may be, the first one for longest. */
async function openFull(haveOf: (n: number) => number) {
  const engine: BlobEngine = createMemoryBlobs();
  for (let n = 0; n < mostUnfinished; n += 1) {
    const key = { userId: `guest-${n}`, id: 'a' };
    await engine.begin({ ...key, facts, isWhole: false, touchedAt: n });
    if (haveOf(n) > 0) await engine.write(key, 0, bytesOf(10).slice(0, haveOf(n)));
  }
  const store = createBlobStore({
    engine,
    limits: amplyLimited,
    now: () => mostUnfinished,
    newHash: newNobleHash,
    inspect: inspectFile,
  });
  const isThere = async (n: number) =>
    (await engine.find({ userId: `guest-${n}`, id: 'a' })) !== undefined;
  return { engine, store, isThere };
}

const guest = (n: number) => ({ userId: `new-${n}`, id: 'a' });

it('those of which not a byte came, for longest, give way where too many are on their way', async () => {
  const { engine, store, isThere } = await openFull((n) => (n === 0 ? 1 : 0));
  await store.announce(ann('a'), facts);
  expect([await isThere(0), await isThere(1), await isThere(givingWay)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await isThere(givingWay + 1)).toBe(true);
  expect(await engine.unfinished()).toHaveLength(mostUnfinished - givingWay + 1);
});

it('of few the younger half does not give way, whose first piece may be coming', async () => {
  const { store, isThere } = await openFull((n) => (n < 4 ? 0 : 1));
  await store.announce(ann('a'), facts);
  const left = await Promise.all([0, 1, 2, 3, 4].map(isThere));
  expect(left).toEqual([false, false, true, true, true]);
});

it('so many give way at once that all on their way are rarely listed', async () => {
  const { engine, store } = await openFull(() => 0);
  await store.announce(guest(0), facts);
  const list = vi.spyOn(engine, 'unfinished');
  for (let n = 1; n < givingWay; n += 1) await store.announce(guest(n), facts);
  expect(list).not.toHaveBeenCalled();
  await store.announce(guest(givingWay), facts);
  expect(list).toHaveBeenCalledOnce();
});

it('none gives way to who has too many of their own', async () => {
  const { engine, store, isThere } = await openFull(() => 0);
  for (let n = 0; n < limits.uploadsPerUser; n += 1) {
    await engine.begin({ ...ann(`own-${n}`), facts, isWhole: false, touchedAt: mostUnfinished });
  }
  const list = vi.spyOn(engine, 'unfinished');
  const refusal = store.announce(ann('more'), facts);
  await expect(refusal).rejects.toMatchObject({ code: 'too_many_uploads' });
  expect(await isThere(0)).toBe(true);
  expect(list).not.toHaveBeenCalled();
});

it('one that is gone on with does not give way, and is not waited for', async () => {
  const { engine, store, isThere } = await openFull(() => 0);
  let goOn = () => {};
  const touched = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  vi.spyOn(engine, 'touch').mockReturnValue(touched);
  const again = store.announce({ userId: 'guest-0', id: 'a' }, facts);
  await store.announce(ann('a'), facts);
  expect([await isThere(0), await isThere(1)]).toEqual([true, false]);
  goOn();
  await again;
});

it('all on their way are not listed for each that is announced and forgotten', async () => {
  const { engine, store } = await openFull((n) => (n === 0 ? 0 : 1));
  await store.announce(ann('a'), facts);
  const list = vi.spyOn(engine, 'unfinished');
  for (let n = 0; n < 10; n += 1) {
    await store.forget(ann('a'));
    await store.announce(ann('a'), facts);
  }
  expect(list).not.toHaveBeenCalled();
});

it('none gives way of which something came: the next ones are refused for now', async () => {
  const { engine, store, isThere } = await openFull(() => 1);
  const refuse = (id: string) =>
    store.announce(ann(id), facts).catch((error: BlobRefusedError) => error.code);
  expect(await refuse('a')).toBe('too_many_uploads');
  const list = vi.spyOn(engine, 'unfinished');
  expect(await refuse('b')).toBe('too_many_uploads');
  expect(list).not.toHaveBeenCalled();
  expect(await isThere(0)).toBe(true);
});
