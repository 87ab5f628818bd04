import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { watchConnections } from '../testing/lostConnections';
import { createMemoryNotes } from '../testing/memoryNotes';
import { createOutboxStorage } from './outboxStorage';

const entry = (id: string) => ({
  id,
  room: 'lobby',
  body: `body of ${id}`,
  at: 1,
  failure: undefined,
  page: 'this',
});

describe('the outbox in IndexedDB', () => {
  it('gives back what it was given, in the order of the ids', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'one');
    await storage.put(entry('b'));
    await storage.put({ ...entry('a'), failure: { code: 'x', message: 'no' } });
    const reopened = createOutboxStorage('ann', createMemoryNotes(), 'one');
    expect(await reopened.load()).toEqual([
      { ...entry('a'), failure: { code: 'x', message: 'no' } },
      entry('b'),
    ]);
  });

  it('keeps what opens a private room with what waits to be sent there', async () => {
    const notes = createMemoryNotes();
    const storage = createOutboxStorage('ann', notes, 'private');
    await storage.put({ ...entry('a'), roomKey: 'k'.repeat(22) });
    expect(await createOutboxStorage('ann', notes, 'private').load()).toEqual([
      { ...entry('a'), roomKey: 'k'.repeat(22) },
    ]);
  });

  it('keeps what a change is about; what cannot be read so is not taken for a message', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'about');
    const about = { kind: 'edit', seq: 3, mid: 'm3' } as const;
    await storage.put({ ...entry('a'), about, isRewritten: true });
    const database = await openDB('about', 1);
    await database.put('outbox', { owner: 'ann', ...entry('b'), about: { kind: 'pin', seq: 3 } });
    expect(await storage.load()).toEqual([{ ...entry('a'), about, isRewritten: true }]);
  });

  it('keeps which file a message brings', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'files');
    const file = {
      upload: 'a',
      preview: 'a-preview',
      name: 'sea.jpg',
      type: 'image/jpeg',
      size: 9,
    };
    await storage.put({ ...entry('a'), file });
    expect(await storage.load()).toEqual([{ ...entry('a'), file }]);
  });

  it('forgets what was removed', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'two');
    await storage.put(entry('a'));
    await storage.remove('a');
    expect(await storage.load()).toEqual([]);
  });

  it('keeps each owner’s messages apart', async () => {
    await createOutboxStorage('ann', createMemoryNotes(), 'three').put(entry('a'));
    await createOutboxStorage('anna', createMemoryNotes(), 'three').put(entry('b'));
    expect(await createOutboxStorage('ann', createMemoryNotes(), 'three').load()).toEqual([
      entry('a'),
    ]);
  });

  it('passes over what is no message, and keeps the rest', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'four');
    await storage.put(entry('a'));
    const database = await openDB('four', 1);
    await database.put('outbox', { owner: 'ann', id: 'b', body: 7 });
    expect(await storage.load()).toEqual([entry('a')]);
  });
});

describe('a message that the page could not commit before it went', () => {
  it('is noted down at once, and found again', async () => {
    const notes = new Map<string, string>();
    const storage = createOutboxStorage('ann', createMemoryNotes(notes), 'five');
    void storage.put(entry('a'));
    const noted = new Map(notes);
    expect(noted.size).toBe(1);

    const reopened = createOutboxStorage('ann', createMemoryNotes(noted), 'six');
    expect(await reopened.load()).toEqual([entry('a')]);
    await reopened.takeOver('this', 'next');
    expect(noted.size).toBe(0);
    expect(await createOutboxStorage('ann', createMemoryNotes(), 'six').load()).toEqual([
      { ...entry('a'), page: 'next' },
    ]);
  });

  it('is no longer noted once it is committed, or removed', async () => {
    const notes = new Map<string, string>();
    const storage = createOutboxStorage('ann', createMemoryNotes(notes), 'seven');
    await storage.put(entry('a'));
    expect(notes.size).toBe(0);
    const putting = storage.put(entry('b'));
    const removing = storage.remove('b');
    expect(notes.size).toBe(0);
    await Promise.all([putting, removing]);
    expect(await storage.load()).toEqual([entry('a')]);
  });

  it('is found once, though it was committed as well', async () => {
    const notes = createMemoryNotes();
    const storage = createOutboxStorage('ann', notes, 'eight');
    await storage.put(entry('b'));
    await storage.put(entry('a'));
    notes.set('note ann b', JSON.stringify(entry('b')));
    notes.set('note ann x', 'half a no');
    expect(await storage.load()).toEqual([entry('a'), entry('b')]);
  });
});

describe('two people of whom one name begins like the other', () => {
  it('keep their notes apart, and one does not sign out the other', async () => {
    const notes = new Map<string, string>();
    void createOutboxStorage('wss://c/ws Ann Lee', createMemoryNotes(notes), 'twelve').put(
      entry('a'),
    );
    const left = new Map(notes);
    const ann = createOutboxStorage('wss://c/ws Ann', createMemoryNotes(left), 'thirteen');
    expect(await ann.load()).toEqual([]);
    await ann.clear();
    expect(left.size).toBe(1);
  });
});

describe('a database that could not be opened', () => {
  it('is tried again later', async () => {
    (await openDB('fourteen', 2)).close();
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'fourteen');
    await expect(storage.load()).rejects.toThrow();
    await deleteDB('fourteen');
    await storage.put(entry('a'));
    expect(await storage.load()).toEqual([entry('a')]);
  });
});

describe('a connection that the browser has taken away', () => {
  it('is made anew, and everything is there', async () => {
    const connections = watchConnections();
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'fifteen');
    await storage.put(entry('a'));
    connections.lose();
    await storage.put(entry('b'));
    expect(await storage.load()).toEqual([entry('a'), entry('b')]);
  });
});

describe('the messages of one page', () => {
  it('are handed to another, whole, and no others', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'nine');
    await storage.put(entry('a'));
    await storage.put({ ...entry('b'), page: 'third' });
    await storage.put({ ...entry('c'), failure: { code: 'x', message: 'no' } });
    await createOutboxStorage('bob', createMemoryNotes(), 'nine').put(entry('d'));
    await storage.takeOver('this', 'other');
    expect((await storage.load()).map(({ id, page }) => [id, page])).toEqual([
      ['a', 'other'],
      ['b', 'third'],
      ['c', 'other'],
    ]);
    const bobs = await createOutboxStorage('bob', createMemoryNotes(), 'nine').load();
    expect(bobs).toEqual([entry('d')]);
  });

  it('of an earlier version, which named no page, belong to none that is there', async () => {
    const storage = createOutboxStorage('ann', createMemoryNotes(), 'ten');
    await storage.put(entry('a'));
    const database = await openDB('ten', 1);
    const { page: _, ...old } = entry('b');
    await database.put('outbox', { owner: 'ann', ...old });
    expect((await storage.load()).map(({ page }) => page)).toEqual(['this', '']);
    await storage.takeOver('', 'this');
    expect(await storage.load()).toEqual([entry('a'), entry('b')]);
  });

  it('are all gone after signing out, notes too, and nobody else’s', async () => {
    const notes = createMemoryNotes();
    const storage = createOutboxStorage('ann', notes, 'eleven');
    await storage.put(entry('a'));
    void storage.put(entry('b'));
    await createOutboxStorage('anna', notes, 'eleven').put(entry('c'));
    await storage.clear();
    expect(await storage.load()).toEqual([]);
    expect(await createOutboxStorage('anna', notes, 'eleven').load()).toEqual([entry('c')]);
  });
});
