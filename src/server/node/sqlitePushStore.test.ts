import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describePushStoreContract, registrationOf as of } from '../chat/push/pushStoreContract';
import type { Database } from '../log/database';
import { openDatabase } from './sqliteDriver';
import { openSqlitePushStore, type SqlitePushStore } from './sqlitePushStore';

function createWorld() {
  const dir = mkdtempSync(join(tmpdir(), 'heartline-push-'));
  const opened: SqlitePushStore[] = [];
  onTestFinished(() => {
    for (const store of opened) store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const path = join(dir, 'push.sqlite');
  return {
    path,
    open(key = 'key', database: Database = openDatabase(path)) {
      const store = openSqlitePushStore(database, key);
      opened.push(store);
      return store;
    },
    openBounded(maxRegistrations: number) {
      const store = openSqlitePushStore(openDatabase(path), 'key', maxRegistrations);
      opened.push(store);
      return store;
    },
  };
}

describePushStoreContract('push in SQLite', createWorld);

describe('the registrations on disk', () => {
  it('are whole in the one file once it is closed', async () => {
    const [first, copied] = [createWorld(), createWorld()];
    const store = openSqlitePushStore(openDatabase(first.path), 'key');
    await store.add(of('ann', 'tea', 'e1'));
    store.close();
    copyFileSync(first.path, copied.path);
    expect(await copied.open().ofUser('ann')).toHaveLength(1);
  });

  it('are as before, in memory too, when the disk takes no more', async () => {
    const { open, path } = createWorld();
    const database = openDatabase(path);
    const store = open('key', database);
    await store.add(of('ann', 'tea', 'e1'));
    database.exec('PRAGMA query_only = ON');
    await expect(store.add(of('bob', 'tea', 'e2'))).rejects.toThrow();
    const renewed = { endpoint: 'e1', keys: { p256dh: 'p', auth: 'b' } };
    const again = { room: 'tea', userId: 'ann', subscription: renewed };
    await expect(store.add(again)).rejects.toThrow();
    await expect(store.remove('ann', {})).rejects.toThrow();
    expect(await store.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
    database.exec('PRAGMA query_only = OFF');
    await store.add(of('bob', 'tea', 'e2'));
    expect(await store.inRoom('tea')).toHaveLength(2);
  });

  it('that are too many at the start are forgotten, the oldest first', async () => {
    const { open, openBounded } = createWorld();
    for (const user of ['ann', 'bob', 'cid']) await open().add(of(user, 'tea', 'e'));
    const few = openBounded(2);
    expect(await few.inRoom('tea')).toEqual([of('bob', 'tea', 'e'), of('cid', 'tea', 'e')]);
    expect(await open().ofUser('ann')).toEqual([]);
  });

  it('write nothing when a browser says again what it said before', async () => {
    const { open, path } = createWorld();
    const database = openDatabase(path);
    const store = open('key', database);
    await store.add(of('ann', 'tea', 'e1'));
    database.exec('PRAGMA query_only = ON');
    await store.add(of('ann', 'tea', 'e1'));
    database.exec('PRAGMA query_only = OFF');
  });

  it('are refused when a later version wrote them', () => {
    const { open, path } = createWorld();
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => open()).toThrow('later version');
  });
});
