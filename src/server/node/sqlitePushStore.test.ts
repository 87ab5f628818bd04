import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../protocol/limits';
import type { PushRegistration } from '../chat/pushPorts';
import type { Database } from '../log/database';
import { openDatabase } from './sqliteDriver';
import { openSqlitePushStore, type SqlitePushStore } from './sqlitePushStore';

const keys = { p256dh: 'p', auth: 'a' };
const of = (userId: string, room: string, endpoint: string): PushRegistration => ({
  room,
  userId,
  subscription: { endpoint, keys },
});

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
  };
}

describe('the registrations on disk', () => {
  it('are there after a crash, in their order, and what was removed is not', async () => {
    const { open } = createWorld();
    const store = open();
    await store.add(of('ann', 'tea', 'e1'));
    await store.add(of('bob', 'tea', 'e2'));
    await store.add(of('ann', 'cake', 'e1'));
    await store.remove('bob', { endpoint: 'e2' });
    // The first is not closed, as it would not be in a crash.
    const after = open();
    expect(await after.ofUser('ann')).toEqual([of('ann', 'tea', 'e1'), of('ann', 'cake', 'e1')]);
    expect(await after.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
  });

  it('do not come back once they had to give way', async () => {
    const { open } = createWorld();
    const store = open();
    for (let index = 0; index <= limits.pushEndpointsPerUser; index += 1) {
      await store.add(of('ann', 'tea', `e${index}`));
    }
    const endpoints = (await open().inRoom('tea')).map((each) => each.subscription.endpoint);
    expect(endpoints).toHaveLength(limits.pushEndpointsPerUser);
    expect(endpoints).not.toContain('e0');
  });

  it('are forgotten with the key that browsers subscribed with', async () => {
    const { open } = createWorld();
    await open('old key').add(of('ann', 'tea', 'e1'));
    expect(await open('new key').inRoom('tea')).toEqual([]);
    expect(await open('old key').inRoom('tea')).toEqual([]);
  });

  it('are as before, in memory too, when the disk takes no more', async () => {
    const { open, path } = createWorld();
    const database = openDatabase(path);
    const store = open('key', database);
    await store.add(of('ann', 'tea', 'e1'));
    database.exec('PRAGMA query_only = ON');
    await expect(store.add(of('bob', 'tea', 'e2'))).rejects.toThrow();
    const renewed = { endpoint: 'e1', keys: { ...keys, auth: 'b' } };
    const again = { room: 'tea', userId: 'ann', subscription: renewed };
    await expect(store.add(again)).rejects.toThrow();
    await expect(store.remove('ann', {})).rejects.toThrow();
    expect(await store.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
    database.exec('PRAGMA query_only = OFF');
    await store.add(of('bob', 'tea', 'e2'));
    expect(await store.inRoom('tea')).toHaveLength(2);
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
