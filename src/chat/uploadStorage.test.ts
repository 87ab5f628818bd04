import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { createMemoryNotes } from '../testing/memoryNotes';
import { createUploadNote } from './uploadNote';
import type { UploadRecord } from './uploadRecord';
import { createUploadStorage } from './uploadStorage';

const record = (id: string, fields: Partial<UploadRecord> = {}): UploadRecord => ({
  id,
  room: 'lobby',
  body: 'look',
  at: 5,
  name: 'plan.bin',
  type: 'text/plain',
  size: 3,
  ...fields,
});
const bytes = (text: string) => new Blob([text]);
const prepared = { whole: { sha256: 'a'.repeat(64), type: 'text/plain', size: 3 } };

describe('files that wait to be sent', () => {
  it('are there after a reload, with their bytes', async () => {
    const storage = createUploadStorage('ann', createMemoryNotes(), 'uploads one');
    await storage.add(record('b'), bytes('two'));
    await storage.add(
      record('a', { roomKey: 'k', failure: { code: 'x', message: 'no' } }),
      bytes('one'),
    );
    const reopened = createUploadStorage('ann', createMemoryNotes(), 'uploads one');
    expect(await reopened.load()).toEqual([
      record('a', { roomKey: 'k', failure: { code: 'x', message: 'no' } }),
      record('b'),
    ]);
    expect(await (await reopened.bytes('b', 'whole'))?.text()).toBe('two');
    expect(await reopened.bytes('b', 'preview')).toBeUndefined();
  });

  it('are changed together with their bytes, and what is gone stays gone', async () => {
    const storage = createUploadStorage('ann', createMemoryNotes(), 'uploads two');
    await storage.add(record('a'), bytes('raw'));
    await storage.change('a', { prepared }, { whole: bytes('new'), preview: bytes('small') });
    await storage.change('a', { isPaused: true });
    await storage.change('b', { isPaused: true }, { whole: bytes('ghost') });
    expect(await storage.load()).toEqual([record('a', { prepared, isPaused: true })]);
    expect(await (await storage.bytes('a', 'whole'))?.text()).toBe('new');
    expect(await (await storage.bytes('a', 'preview'))?.text()).toBe('small');
    expect(await storage.bytes('b', 'whole')).toBeUndefined();
  });

  it('leave nothing behind when they are sent', async () => {
    const storage = createUploadStorage('ann', createMemoryNotes(), 'uploads three');
    await storage.add(record('a'), bytes('raw'));
    await storage.change('a', { prepared }, { preview: bytes('small') });
    await storage.remove('a');
    const database = await openDB('uploads three', 1);
    expect(await database.getAll('bytes')).toEqual([]);
    expect(await storage.load()).toEqual([]);
  });

  it('are each owner’s own', async () => {
    const storage = createUploadStorage('ann', createMemoryNotes(), 'uploads four');
    const other = createUploadStorage('anna', createMemoryNotes(), 'uploads four');
    await storage.add(record('a'), bytes('hers'));
    await other.add(record('a'), bytes('other'));
    await storage.clear();
    expect(await storage.load()).toEqual([]);
    expect(await other.load()).toEqual([record('a')]);
    expect(await (await other.bytes('a', 'whole'))?.text()).toBe('other');
  });

  it('are noted down for as long as there are any, so that a page need not look', async () => {
    const notes = createMemoryNotes();
    const storage = createUploadStorage('ann', notes, 'uploads five');
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(false);
    await storage.add(record('a'), bytes('raw'));
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(true);
    expect(createUploadNote('anna', notes).mayBeKept()).toBe(false);
    await storage.remove('a');
    await storage.load();
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(false);
  });

  it('are cleared before anything is read, where that could not be done when it should', async () => {
    const notes = createMemoryNotes();
    const storage = createUploadStorage('ann', notes, 'uploads seven');
    const other = createUploadStorage('anna', notes, 'uploads seven');
    await storage.add(record('a'), bytes('hers'));
    await other.add(record('b'), bytes('other'));
    createUploadNote('ann', notes).clearLater();
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(true);
    const next = createUploadStorage('ann', notes, 'uploads seven');
    expect(await next.load()).toEqual([]);
    expect(await next.bytes('a', 'whole')).toBeUndefined();
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(false);
    expect(await other.load()).toEqual([record('b')]);
  });

  it('are cleared before the next one is kept, which stays', async () => {
    const notes = createMemoryNotes();
    const storage = createUploadStorage('ann', notes, 'uploads eight');
    await storage.add(record('a'), bytes('hers'));
    createUploadNote('ann', notes).clearLater();
    await storage.add(record('b'), bytes('the next'));
    expect(await storage.load()).toEqual([record('b')]);
    expect(createUploadNote('ann', notes).mayBeKept()).toBe(true);
  });

  it('are cleared by the next page where the browser failed to', async () => {
    const notes = createMemoryNotes();
    const storage = createUploadStorage('ann', notes, 'uploads nine');
    await storage.add(record('a'), bytes('hers'));
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('the disk is gone', 'UnknownError');
    });
    await expect(storage.clear()).rejects.toThrow('the disk is gone');
    begin.mockRestore();
    const next = createUploadStorage('ann', notes, 'uploads nine');
    expect(await next.load()).toEqual([]);
  });

  it('that cannot be read are passed over', async () => {
    const storage = createUploadStorage('ann', createMemoryNotes(), 'uploads six');
    await storage.add(record('a'), bytes('raw'));
    const database = await openDB('uploads six', 1);
    await database.put('uploads', { owner: 'ann', ...record('b'), name: '../etc' });
    expect(await storage.load()).toEqual([record('a')]);
  });
});
