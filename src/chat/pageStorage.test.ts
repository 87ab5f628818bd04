import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { ann, logged } from '../testing/chatWorld';
import type { KeptPage } from './keptPages';
import { createPageStorage, keptRooms } from './pageStorage';

const page = (seqs: number[], fields: Partial<KeptPage> = {}): KeptPage => ({
  me: ann,
  epoch: 'e1',
  messages: seqs.map((seq) => logged(seq)),
  at: 1,
  ...fields,
});

describe('the ends of rooms in IndexedDB', () => {
  it('are given back as they were kept', async () => {
    const kept = page([4, 5]);
    await createPageStorage('ann', 'pages one').save('tea', kept);
    expect(await createPageStorage('ann', 'pages one').load('tea')).toEqual(kept);
    expect(await createPageStorage('ann', 'pages one').load('lobby')).toBeUndefined();
  });

  it('are each owner’s own', async () => {
    const [one, other] = ['ann', 'anna'].map((owner) => createPageStorage(owner, 'pages two'));
    await one?.save('tea', page([1]));
    await other?.save('tea', page([2]));
    await one?.clear();
    expect(await one?.load('tea')).toBeUndefined();
    expect(await other?.load('tea')).toEqual(page([2]));
  });

  it('never go back in the same log, whichever page writes last', async () => {
    const storage = createPageStorage('ann', 'pages three');
    await storage.save('tea', page([4, 5]));
    await storage.save('tea', page([4]));
    expect(await storage.load('tea')).toEqual(page([4, 5]));
    await storage.save('tea', page([1], { epoch: 'e2' }));
    expect(await storage.load('tea')).toEqual(page([1], { epoch: 'e2' }));
  });

  it('are forgotten one by one', async () => {
    const storage = createPageStorage('ann', 'pages four');
    await storage.save('tea', page([1]));
    await storage.remove('tea');
    expect(await storage.load('tea')).toBeUndefined();
  });

  it('are those of the rooms that were read last', async () => {
    const storage = createPageStorage('ann', 'pages five');
    for (let room = 0; room <= keptRooms; room += 1)
      await storage.save(`room-${room}`, page([1], { at: room }));
    expect(await storage.load('room-0')).toBeUndefined();
    expect(await storage.load('room-1')).toBeDefined();
  });

  it.each([
    ['of another shape', { epoch: 5 }],
    ['with a hole', page([1, 3])],
    ['with a message that is none', page([1], { messages: [{ ...logged(1), seq: -1 }] })],
  ])('that are %s are none', async (what, fields) => {
    const name = `pages ${what}`;
    const storage = createPageStorage('ann', name);
    await storage.save('other', page([1]));
    const database = await openDB(name, 1);
    await database.put('pages', { owner: 'ann', room: 'tea', ...fields });
    expect(await storage.load('tea')).toBeUndefined();
  });

  it('give way to a newer page’s, and go on without', async () => {
    const storage = createPageStorage('ann', 'pages six');
    await storage.save('tea', page([1]));
    const newer = await openDB('pages six', 2);
    await expect(storage.load('tea')).rejects.toThrow();
    newer.close();
  });
});
