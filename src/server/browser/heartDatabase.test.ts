import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogUnavailableError } from '../log/log';
import { databaseVersion, NotKeptError, openHeartDatabase } from './heartDatabase';
import { newName } from './testDatabase';

/** As an older page left it, and still holds it. */
function openAsOlderPage(name: string) {
  return openDB(name, databaseVersion - 1, {
    upgrade(database) {
      database.createObjectStore('meta').put('older', 'epoch');
      database.createObjectStore('messages', { keyPath: ['room', 'seq'] });
    },
  });
}

const whyNot = (name = newName()) =>
  openHeartDatabase({ name, newEpoch: 'e1' }).then(
    () => 'it is kept',
    (error: unknown) => (error instanceof NotKeptError ? error.why : error),
  );

describe('what the server in the page keeps', () => {
  it('is waited for while an older page holds it, which is told', async () => {
    const name = newName();
    const older = await openAsOlderPage(name);
    const onBlocked = vi.fn();
    const opening = openHeartDatabase({ name, newEpoch: 'e1', onBlocked });
    await expect.poll(() => onBlocked.mock.calls).toHaveLength(1);
    older.close();
    const database = await opening;
    onTestFinished(() => database.close());
    expect(database.epoch).toBe('older');
  });

  it('is let go of at once when a newer page wants it', async () => {
    const name = newName();
    const onGone = vi.fn();
    const database = await openHeartDatabase({ name, newEpoch: 'e1', onGone });
    const newer = await openDB(name, databaseVersion + 1);
    onTestFinished(() => newer.close());
    expect(onGone.mock.calls).toEqual([['newer']]);
    await expect(database.use(async () => {})).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('is let go of at once when it is deleted, which is no newer page', async () => {
    const name = newName();
    const onGone = vi.fn();
    const database = await openHeartDatabase({ name, newEpoch: 'e1', onGone });
    await deleteDB(name);
    expect(onGone.mock.calls).toEqual([['closed']]);
    await expect(database.use(async () => {})).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('is left alone if a newer page wrote it', async () => {
    const name = newName();
    (await openDB(name, databaseVersion + 1)).close();
    expect(await whyNot(name)).toBe('newer');
  });

  it('is nothing where the browser opens nothing', async () => {
    const refused = new DOMException('not here', 'SecurityError');
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw refused;
    });
    onTestFinished(() => open.mockRestore());
    expect(await whyNot()).toBe('none');
  });

  it('is nothing where there is no IndexedDB at all', async () => {
    vi.stubGlobal('indexedDB', undefined);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    expect(await whyNot()).toBe('none');
  });

  it('is nothing where what was kept is no chat', async () => {
    const name = newName();
    (await openDB(name, databaseVersion)).close();
    expect(await whyNot(name)).toBe('none');
  });
});
