import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManualTime, type ManualTime } from '../../testing/manualTime';
import { describePeopleContract } from '../chat/people/peopleContract';
import { openPeopleFile, openPeopleStore, type PeopleStoreOptions } from './peopleStore';
import { openDatabase } from './sqliteDriver';

const day = 86_400_000;

function newPath(): string {
  const dir = mkdtempSync(join(tmpdir(), 'heartline-people-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'people.sqlite');
}

function open(path: string, time: ManualTime, options: Partial<PeopleStoreOptions> = {}) {
  const database = openDatabase(path);
  const store = openPeopleStore(database, { time, tokenLifetimeMs: 0, ...options });
  let isOpen = true;
  const close = () => {
    if (isOpen) store.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...store, database, close };
}

describePeopleContract('people in SQLite', ({ time, ...options }) =>
  open(newPath(), time, options),
);

describe('people in SQLite', () => {
  it('are the same for who opens the file again', async () => {
    const path = newPath();
    const time = createManualTime();
    const first = open(path, time);
    await first.names.claim({ id: 'u1', name: 'Ann' }, time.now() + day);
    await first.revocations.revoke('u2', time.now() + day);
    first.close();
    const again = open(path, time);
    expect(await again.names.claim({ id: 'u2', name: 'ann' }, time.now() + day)).toBe(false);
    expect(await again.names.claim({ id: 'u1', name: 'Ann' }, time.now() + day)).toBe(true);
    expect(await again.revocations.isRevoked('u2')).toBe(true);
  });

  it('are whole in the one file once it is closed', async () => {
    const [path, copy] = [newPath(), newPath()];
    const time = createManualTime();
    const first = open(path, time);
    await first.names.claim({ id: 'u1', name: 'Ann' }, time.now() + day);
    first.close();
    copyFileSync(path, copy);
    const { names } = open(copy, time);
    expect(await names.claim({ id: 'u2', name: 'Ann' }, time.now() + day)).toBe(false);
  });

  it('stay signed out for as long as any token could hold, though new ones hold for less', async () => {
    const path = newPath();
    const time = createManualTime();
    open(path, time, { tokenLifetimeMs: 365 * day }).close();
    const { revocations } = open(path, time, { tokenLifetimeMs: day });
    await revocations.revoke('u1', time.now() + day);
    time.advance(364 * day);
    expect(await revocations.isRevoked('u1')).toBe(true);
    time.advance(2 * day);
    expect(await revocations.isRevoked('u1')).toBe(false);
  });

  it('who come back often write seldom', async () => {
    const time = createManualTime();
    const { names, database } = open(newPath(), time);
    const changes = () => database.prepare('SELECT total_changes() AS n').get();
    const ann = { id: 'u1', name: 'Ann' };
    await names.claim(ann, time.now() + 80 * day);
    const before = changes();
    for (let visit = 0; visit < 9; visit += 1) {
      time.advance(day);
      expect(await names.claim(ann, time.now() + 80 * day)).toBe(true);
    }
    expect(changes()).toEqual(before);
    time.advance(2 * day);
    await names.claim(ann, time.now() + 80 * day);
    expect(changes()).not.toEqual(before);
  });

  it('that have ended are forgotten: a file grows with who is known, not with who ever was', async () => {
    const path = newPath();
    const time = createManualTime();
    const { names, revocations, close } = open(path, time);
    for (let guest = 0; guest < 500; guest += 1) {
      await names.claim({ id: `g${guest}`, name: `guest ${guest}` }, time.now() + 100);
      if (guest % 5 === 0) await revocations.revoke(`g${guest}`, time.now() + 100);
      time.advance(10);
    }
    close();
    expect(statSync(path).size).toBeLessThan(60_000);
    time.advance(day);
    const { database } = open(path, time);
    for (const table of ['names', 'revocations']) {
      expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });

  it('reject on a full disk what has to be written, answer what is known, and get over it', async () => {
    const time = createManualTime();
    const { names, revocations, database } = open(newPath(), time);
    await revocations.revoke('u1', time.now() + day);
    await names.claim({ id: 'u1', name: 'Ann' }, time.now() + day);
    const { page_count: pages } = Object(database.prepare('PRAGMA page_count').get());
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const fill = async () => {
      for (let guest = 0; guest < 50; guest += 1) {
        await revocations.revoke(`guest-${guest}-${'x'.repeat(2_000)}`, time.now() + day);
      }
    };
    await expect(fill()).rejects.toThrow(/full/);
    expect(await revocations.isRevoked('u1')).toBe(true);
    expect(await names.claim({ id: 'u2', name: 'Ann' }, time.now() + day)).toBe(false);
    database.exec('PRAGMA max_page_count = 10000');
    await fill();
    expect(await names.claim({ id: 'u2', name: 'Bob' }, time.now() + day)).toBe(true);
  });

  it('reject a sign-out once their file was taken away, as it would be lost, and go on with the rest', async () => {
    const path = newPath();
    const time = createManualTime();
    const store = openPeopleFile(path, { time, tokenLifetimeMs: day });
    onTestFinished(store.close);
    await store.revocations.revoke('u1', time.now() + day);
    renameSync(path, `${path}.away`);
    await expect(store.revocations.revoke('u2', time.now() + day)).rejects.toThrow('taken away');
    expect(await store.revocations.isRevoked('u1')).toBe(true);
    renameSync(`${path}.away`, path);
    await store.revocations.revoke('u2', time.now() + day);
  });

  it('who were known before it was kept what they have read are known still', async () => {
    const path = newPath();
    const time = createManualTime();
    const first = open(path, time);
    await first.names.claim({ id: 'u1', name: 'Ann' }, time.now() + day);
    first.database.exec('DROP TABLE read_marks; PRAGMA user_version = 1');
    first.close();
    const { names, marks } = open(path, time);
    expect(await names.claim({ id: 'u2', name: 'Ann' }, time.now() + day)).toBe(false);
    expect(await marks.move({ id: 'u1', name: 'Ann' }, 'lobby', 'e1', 1)).toBe(true);
  });

  it('of a later version are refused', () => {
    const path = newPath();
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => open(path, createManualTime())).toThrow(/later version/);
  });
});

describe('how far people have read, in SQLite', () => {
  const ann = { id: 'u1', name: 'Ann', tag: 'abcd' };
  const rowsIn = (database: ReturnType<typeof openDatabase>) =>
    Object(database.prepare('SELECT count(*) AS n, max(seq) AS seq FROM read_marks').get());

  it('is written within a second, many marks at once, each once', async () => {
    const time = createManualTime();
    const { marks, database } = open(newPath(), time);
    const changes = () => Object(database.prepare('SELECT total_changes() AS n').get()).n;
    const before = changes();
    for (let seq = 1; seq <= 100; seq += 1) {
      await marks.move(ann, 'lobby', 'e1', seq);
      await marks.move(ann, 'garden', 'e1', seq);
    }
    expect(rowsIn(database).n).toBe(0);
    time.advance(1_000);
    expect(rowsIn(database)).toMatchObject({ n: 2, seq: 100 });
    expect(changes() - before).toBe(2);
    expect(time.armed).toBe(0);
  });

  it('is written at once when too much waits', async () => {
    const { marks, database } = open(newPath(), createManualTime());
    for (let n = 0; n < 1_000; n += 1) await marks.move({ ...ann, id: `u${n}` }, 'lobby', 'e1', 1);
    expect(rowsIn(database).n).toBe(1_000);
  });

  it('is there for who opens the file again, and no timer is left', async () => {
    const path = newPath();
    const time = createManualTime();
    const first = open(path, time);
    await first.marks.move(ann, 'lobby', 'e1', 7);
    first.close();
    expect(time.armed).toBe(0);
    const { marks } = open(path, time);
    expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(7);
    expect(await marks.inRoom('lobby', 'e1', 50)).toEqual([{ user: ann, seq: 7 }]);
  });

  it('is kept while the disk is full, and written once it is not', async () => {
    const time = createManualTime();
    const { marks, database } = open(newPath(), time);
    const { page_count: pages } = Object(database.prepare('PRAGMA page_count').get());
    database.exec(`PRAGMA max_page_count = ${pages}`);
    for (let n = 0; n < 1_500; n += 1) await marks.move({ ...ann, id: `u${n}` }, 'lobby', 'e1', 3);
    time.advance(10_000);
    expect(rowsIn(database).n).toBe(0);
    expect(await marks.seqOf('u0', 'lobby', 'e1')).toBe(3);
    expect(await marks.inRoom('lobby', 'e1', 50)).toEqual([]);
    database.exec('PRAGMA max_page_count = 10000');
    time.advance(1_000);
    expect(rowsIn(database).n).toBe(1_500);
    expect(await marks.inRoom('lobby', 'e1', 50)).toHaveLength(50);
  });

  it('holds up no end while the disk is full, and what was written before is there', async () => {
    const path = newPath();
    const time = createManualTime();
    const { marks, database, close } = open(path, time);
    await marks.move(ann, 'lobby', 'e1', 1);
    time.advance(1_000);
    const { page_count: pages } = Object(database.prepare('PRAGMA page_count').get());
    database.exec(`PRAGMA max_page_count = ${pages}`);
    for (let n = 0; n < 900; n += 1) await marks.move({ ...ann, id: `v${n}` }, 'lobby', 'e1', 3);
    expect(close).not.toThrow();
    expect(time.armed).toBe(0);
    expect(await open(path, time).marks.seqOf('u1', 'lobby', 'e1')).toBe(1);
  });
});
