import { expect, it } from 'vitest';
import type { BlobEngine } from './blobEngine';
import { createBlobStore, mostUnfinished } from './blobStore';
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

it('one of which not a byte came, for longest, gives way where too many are on their way', async () => {
  const { engine, store, isThere } = await openFull((n) => (n === 0 ? 1 : 0));
  await store.announce(ann('a'), facts);
  expect([await isThere(0), await isThere(1), await isThere(2)]).toEqual([true, false, true]);
  expect(await engine.unfinished()).toHaveLength(mostUnfinished);
  await store.announce(ann('b'), facts);
  expect([await isThere(2), await isThere(3)]).toEqual([false, true]);
  expect(await engine.unfinished()).toHaveLength(mostUnfinished);
});

it('none gives way of which something came: the next one is refused for now', async () => {
  const { store, isThere } = await openFull(() => 1);
  const refusal = store.announce(ann('a'), facts);
  const code = await refusal.catch((error: BlobRefusedError) => error.code);
  expect(code).toBe('too_many_uploads');
  expect(await isThere(0)).toBe(true);
});
