import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { createOutboxStorage } from './outboxStorage';

const entry = (id: string) => ({
  id,
  room: 'lobby',
  body: `body of ${id}`,
  at: 1,
  failure: undefined,
});

describe('the outbox in IndexedDB', () => {
  it('gives back what it was given, in the order of the ids', async () => {
    const storage = createOutboxStorage('ann', 'one');
    await storage.put(entry('b'));
    await storage.put({ ...entry('a'), failure: { code: 'x', message: 'no' } });
    const reopened = createOutboxStorage('ann', 'one');
    expect(await reopened.load()).toEqual([
      { ...entry('a'), failure: { code: 'x', message: 'no' } },
      entry('b'),
    ]);
  });

  it('forgets what was removed', async () => {
    const storage = createOutboxStorage('ann', 'two');
    await storage.put(entry('a'));
    await storage.remove('a');
    expect(await storage.load()).toEqual([]);
  });

  it('keeps each owner’s messages apart', async () => {
    await createOutboxStorage('ann', 'three').put(entry('a'));
    await createOutboxStorage('anna', 'three').put(entry('b'));
    expect(await createOutboxStorage('ann', 'three').load()).toEqual([entry('a')]);
  });

  it('passes over what is no message, and keeps the rest', async () => {
    const storage = createOutboxStorage('ann', 'four');
    await storage.put(entry('a'));
    const database = await openDB('four', 1);
    await database.put('outbox', { owner: 'ann', id: 'b', body: 7 });
    expect(await storage.load()).toEqual([entry('a')]);
  });
});
