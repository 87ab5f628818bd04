import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { createOutboxStorage, type NoteStorage } from './outboxStorage';

const entry = (id: string) => ({
  id,
  room: 'lobby',
  body: `body of ${id}`,
  at: 1,
  failure: undefined,
});

function createNotes(notes = new Map<string, string>()): NoteStorage {
  return {
    get: (key) => notes.get(key),
    set: (key, value) => void notes.set(key, value),
    remove: (key) => void notes.delete(key),
    keys: (prefix) => [...notes.keys()].filter((key) => key.startsWith(prefix)),
  };
}

describe('the outbox in IndexedDB', () => {
  it('gives back what it was given, in the order of the ids', async () => {
    const storage = createOutboxStorage('ann', createNotes(), 'one');
    await storage.put(entry('b'));
    await storage.put({ ...entry('a'), failure: { code: 'x', message: 'no' } });
    const reopened = createOutboxStorage('ann', createNotes(), 'one');
    expect(await reopened.load()).toEqual([
      { ...entry('a'), failure: { code: 'x', message: 'no' } },
      entry('b'),
    ]);
  });

  it('forgets what was removed', async () => {
    const storage = createOutboxStorage('ann', createNotes(), 'two');
    await storage.put(entry('a'));
    await storage.remove('a');
    expect(await storage.load()).toEqual([]);
  });

  it('keeps each owner’s messages apart', async () => {
    await createOutboxStorage('ann', createNotes(), 'three').put(entry('a'));
    await createOutboxStorage('anna', createNotes(), 'three').put(entry('b'));
    expect(await createOutboxStorage('ann', createNotes(), 'three').load()).toEqual([entry('a')]);
  });

  it('passes over what is no message, and keeps the rest', async () => {
    const storage = createOutboxStorage('ann', createNotes(), 'four');
    await storage.put(entry('a'));
    const database = await openDB('four', 1);
    await database.put('outbox', { owner: 'ann', id: 'b', body: 7 });
    expect(await storage.load()).toEqual([entry('a')]);
  });
});

describe('a message that the page could not commit before it went', () => {
  it('is noted down at once, and found again', async () => {
    const notes = new Map<string, string>();
    const storage = createOutboxStorage('ann', createNotes(notes), 'five');
    void storage.put(entry('a'));
    const noted = new Map(notes);
    expect(noted.size).toBe(1);

    const reopened = createOutboxStorage('ann', createNotes(noted), 'six');
    expect(await reopened.load()).toEqual([entry('a')]);
    expect(noted.size).toBe(0);
    expect(await createOutboxStorage('ann', createNotes(), 'six').load()).toEqual([entry('a')]);
  });

  it('is no longer noted once it is committed, or removed', async () => {
    const notes = new Map<string, string>();
    const storage = createOutboxStorage('ann', createNotes(notes), 'seven');
    await storage.put(entry('a'));
    expect(notes.size).toBe(0);
    const putting = storage.put(entry('b'));
    const removing = storage.remove('b');
    expect(notes.size).toBe(0);
    await Promise.all([putting, removing]);
    expect(await storage.load()).toEqual([entry('a')]);
  });

  it('is found once, though it was committed as well', async () => {
    const notes = createNotes();
    const storage = createOutboxStorage('ann', notes, 'eight');
    await storage.put(entry('b'));
    await storage.put(entry('a'));
    notes.set('note ann b', JSON.stringify(entry('b')));
    notes.set('note ann x', 'half a no');
    expect(await storage.load()).toEqual([entry('a'), entry('b')]);
  });
});
