/** The SQLite store by itself, on real files: what it makes of older ones, and of damaged ones. */
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../log/database';
import { draftOf } from '../log/draftOf';
import type { Draft } from '../log/log';
import { openSqliteStore, type SqliteStore, writeAheadLimitBytes } from '../log/sqliteStore';
import type { StoreAnswer } from '../log/storeMessages';
import { openDatabase } from './sqliteDriver';
import { newPath, openStore } from './storeInThread';

const ample = { messages: 10_000, length: 10_000_000 };

describe('a log that an earlier version wrote', () => {
  /** What each version had in it beside the columns. */
  const tablesOf = {
    1: { unique: 'author, id', others: '' },
    2: { unique: 'id, author', others: 'CREATE TABLE probe (filler BLOB NOT NULL);' },
    3: {
      unique: 'id, author',
      others: `CREATE TABLE probe (filler BLOB NOT NULL);
        ALTER TABLE messages ADD COLUMN author_tag TEXT;`,
    },
  };

  /** As that version made it. */
  function writeVersion(version: 1 | 2 | 3, path: string, drafts: readonly Draft[]) {
    const database = openDatabase(path);
    const { unique, others } = tablesOf[version];
    database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE log (epoch TEXT NOT NULL);
      CREATE TABLE messages (
        room TEXT NOT NULL, seq INTEGER NOT NULL, mid TEXT NOT NULL, author TEXT NOT NULL,
        author_name TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room, seq), UNIQUE (${unique})
      );
      ${others}
      INSERT INTO log VALUES ('epoch-old');
      PRAGMA user_version = ${version};
    `);
    const insert = database.prepare(`
      INSERT INTO messages (room, seq, mid, author, author_name, id, body, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    `);
    for (const [index, { room, mid, from, id, body, at }] of drafts.entries()) {
      insert.run(room, index + 1, mid, from.id, from.name, id, new TextEncoder().encode(body), at);
    }
    database.close();
  }

  it.each([1, 2, 3] as const)(
    'of version %i goes on as it was: its epoch, its messages, its first answers',
    (version) => {
      const path = newPath();
      const drafts = ['心💓', 'a\u0000b', 'plain'].map((body) => draftOf({ body }));
      writeVersion(version, path, drafts);
      // It is made anew once.
      openStore(path).close();
      const store = openStore(path);
      expect(store.after('tea', 0, ample)).toStrictEqual({
        epoch: 'epoch-old',
        mid: '',
        head: 3,
        more: false,
        messages: drafts.map(({ from, id, mid, body, at }, index) => ({
          seq: index + 1,
          mid,
          id,
          from,
          body,
          at,
        })),
      });
      const [first = draftOf()] = drafts;
      const tagged = { id: 'eve', name: 'Ann', tag: 'k3f9' };
      const next = { ...draftOf(), from: tagged };
      const answers = store.appendAll([{ ...first, mid: 'another' }, next]);
      expect(answers).toMatchObject([
        { seq: 1, mid: first.mid, dup: true },
        { seq: 4, mid: next.mid, dup: false },
      ]);
      expect(store.after('tea', 3, ample).messages.map(({ from }) => from)).toEqual([tagged]);
      // All that it had is texts, and can be changed from now on.
      const about = { kind: 'edit', seq: 1, mid: first.mid } as const;
      store.appendAll([draftOf({ body: 'new', about })]);
      expect(store.before('tea', 2, ample).messages).toMatchObject([{ seq: 1, body: 'new' }]);
      expect(store.head('tea')).toMatchObject({ seq: 5, texts: 4 });
      expect(store.textsUpTo('tea', 2)).toBe(2);
      store.close();
    },
  );

  it('of an earlier version stays as it is where it cannot be taken on', () => {
    const path = newPath();
    writeVersion(1, path, [draftOf()]);
    const database = openDatabase(path);
    database.exec('CREATE TABLE probe (filler BLOB)');
    database.close();
    expect(() => openStore(path)).toThrow(/already exists/);
    const after = openDatabase(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    after.close();
  });
});

describe('what is deleted', () => {
  const secret = 'nobody is to read this';
  const about = (kind: 'edit' | 'delete', { seq, mid }: { seq: number; mid: string }) => ({
    about: { kind, seq, mid },
  });

  /** Everything that lies beside the database, and itself. */
  function bytesAt(path: string): string {
    const dir = dirname(path);
    return readdirSync(dir)
      .map((name) => readFileSync(join(dir, name)).toString('latin1'))
      .join('');
  }

  it.each([
    ['short', 1],
    ['as long as it may be, over several pages', 450],
  ])('is in no file once the write-ahead log is empty, be it %s', (_, times) => {
    const path = newPath();
    const store = openStore(path);
    const body = secret.repeat(times);
    // Others around it, so that pages are split and filled.
    const others = () => Array.from({ length: 40 }, () => draftOf({ body: 'x'.repeat(100) }));
    const first = draftOf({ body });
    const edited = draftOf({ body: 'short' });
    store.appendAll([...others(), first, ...others(), edited, ...others()]);
    const at = { seq: 41, mid: first.mid };
    const editedAt = { seq: 82, mid: edited.mid };
    store.appendAll([draftOf({ body: `${body} 2`, ...about('edit', at) })]);
    store.appendAll([draftOf({ body: `${body} 3`, ...about('edit', editedAt) }), ...others()]);
    store.appendAll([draftOf({ body: 'harmless', ...about('edit', editedAt) })]);
    expect(bytesAt(path).includes(secret)).toBe(true);
    store.appendAll([draftOf({ body: '', ...about('delete', at) })]);
    expect(store.emptyWriteAhead('waits')).toBe(true);
    store.close();
    expect(bytesAt(path).includes(secret)).toBe(false);
    const again = openStore(path);
    again.verify();
    const { messages } = again.after('tea', 40, ample);
    expect(messages[0]).toMatchObject({ seq: 41, body: '' });
    expect(messages[0]).toHaveProperty('deleted');
    expect(messages[41]).toMatchObject({ seq: 82, body: 'harmless' });
    again.close();
  });

  it('is not left in what an earlier version did not use any more', () => {
    const path = newPath();
    openStore(path).close();
    const old = openDatabase(path);
    old.exec(`
      PRAGMA secure_delete = OFF;
      CREATE TABLE dropped (body TEXT);
      INSERT INTO dropped VALUES ('${secret.repeat(400)}');
      DROP TABLE dropped;
      ALTER TABLE messages DROP COLUMN non_texts;
      ALTER TABLE messages DROP COLUMN about_kind;
      ALTER TABLE messages DROP COLUMN about_seq;
      ALTER TABLE messages DROP COLUMN edited;
      ALTER TABLE messages DROP COLUMN edit_seq;
      ALTER TABLE messages DROP COLUMN deleted;
      ALTER TABLE messages DROP COLUMN extras;
      PRAGMA user_version = 3;
    `);
    old.close();
    expect(bytesAt(path).includes(secret)).toBe(true);
    const store = openStore(path);
    expect(store.emptyWriteAhead('waits')).toBe(true);
    store.close();
    expect(bytesAt(path).includes(secret)).toBe(false);
  });
});

describe('a transaction that fails', () => {
  /** A database on which the insert, or the commit, of a transaction can be made to fail. */
  function failingDatabase(database: Database) {
    let failAt: 'insert' | 'commit' | undefined;
    const fail = (where: typeof failAt) => {
      if (failAt === where) throw new Error(`the ${where} fails`);
    };
    const failing: Database = {
      exec(sql) {
        if (sql === 'COMMIT') fail('commit');
        database.exec(sql);
      },
      prepare(sql) {
        const statement = database.prepare(sql);
        if (!sql.includes('INSERT INTO messages')) return statement;
        let inserts = 0;
        return {
          get: (...values) => statement.get(...values),
          iterate: (...values) => statement.iterate(...values),
          run(...values) {
            inserts += 1;
            // Not the first one: something has been done that is to be undone.
            if (inserts % 2 === 0) fail('insert');
            return statement.run(...values);
          },
        };
      },
      close: () => database.close(),
    };
    return {
      database: failing,
      failAt(where: typeof failAt) {
        failAt = where;
      },
    };
  }

  it('leaves no trace, whenever and however often it does: neither a message nor a number', () => {
    const oneBatch = fc.record({
      failAt: fc.constantFrom(undefined, undefined, 'insert' as const, 'commit' as const),
      drafts: fc.array(
        fc.record({
          room: fc.constantFrom('a', 'b', 'c'),
          id: fc.integer({ min: 0, max: 500 }).map(String),
        }),
        { minLength: 1, maxLength: 50, size: 'max' },
      ),
    });
    fc.assert(
      fc.property(fc.array(oneBatch, { maxLength: 12 }), (batches) => {
        const { database, failAt } = failingDatabase(openDatabase(':memory:'));
        const store = openSqliteStore(database, 'epoch-1');
        const rooms = new Map<string, string[]>();
        const first = new Map<string, StoreAnswer>();
        for (const batch of batches) {
          failAt(batch.failAt);
          const drafts = batch.drafts.map((fields) => draftOf(fields));
          const answers = attempt(store, drafts);
          for (const [index, answer] of answers.entries()) {
            const { id = '', room = '', mid = '' } = drafts[index] ?? {};
            const known = first.get(id);
            const messages = rooms.get(room) ?? [];
            const fresh = { epoch: 'epoch-1', room, seq: messages.length + 1, mid };
            expect(answer).toMatchObject(
              known ? { ...known, dup: true } : { ...fresh, dup: false },
            );
            if (known) continue;
            first.set(id, answer);
            rooms.set(room, [...messages, mid]);
          }
        }
        for (const [room, mids] of rooms) {
          const { messages } = store.after(room, 0, ample);
          expect(messages.map(({ seq, mid }) => [seq, mid])).toEqual(
            mids.map((mid, index) => [index + 1, mid]),
          );
        }
        store.close();
      }),
      { numRuns: 100 },
    );
  });

  function attempt(store: SqliteStore, drafts: readonly Draft[]): StoreAnswer[] {
    try {
      return store.appendAll(drafts);
    } catch (error) {
      expect(String(error)).toMatch(/the (insert|commit) fails/);
      return [];
    }
  }
});

describe('a write-ahead log that had to grow while somebody read', () => {
  it('is small again afterwards', () => {
    const path = newPath();
    const store = openStore(path);
    const append = () => store.appendAll([draftOf({ body: 'x'.repeat(1_000_000) })]);
    append();
    const reader = openDatabase(path);
    reader.exec('BEGIN; SELECT count(*) FROM messages');
    for (let n = 0; n < 40; n += 1) append();
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(40_000_000);
    reader.exec('COMMIT');
    reader.close();
    // One takes all over into the database, the next begins the write-ahead log anew.
    append();
    append();
    expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(writeAheadLimitBytes);
    store.close();
  });
});

describe('a write-ahead log that is torn', () => {
  const walHeaderBytes = 32;
  const frameBytes = 24 + 4_096;

  /** A log of several transactions, as it lies on the disk while a server runs: none checkpointed. */
  function runningLog() {
    const path = newPath();
    const store = openStore(path);
    const transactions: string[][] = [];
    // Some fill a page, some a part of one, some several.
    for (const size of [1, 3, 1, 40, 2, 12, 1]) {
      const drafts = Array.from({ length: size }, () =>
        draftOf({ body: 'text '.repeat(size * 8) }),
      );
      store.appendAll(drafts);
      transactions.push(drafts.map(({ mid }) => mid));
    }
    const files = { database: readFileSync(path), wal: readFileSync(`${path}-wal`) };
    store.close();
    /** The first messages, up to the end of one transaction. */
    const wholePrefixes = transactions.map((_, count) => transactions.slice(0, count).flat());
    const all = transactions.flat();
    return { ...files, all, wholePrefixes: [...wholePrefixes, all] };
  }

  /** The mids that are found when a crash has left `wal`. Whatever is found can be built upon. */
  function midsAfterCrash(database: Uint8Array, wal: Uint8Array): string[] {
    const path = newPath();
    writeFileSync(path, database);
    writeFileSync(`${path}-wal`, wal);
    const store = openStore(path);
    const { messages, head } = store.after('tea', 0, ample);
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
    expect(store.appendAll([draftOf()])).toMatchObject([{ seq: head + 1, dup: false }]);
    store.close();
    return messages.map(({ mid }) => mid);
  }

  it('begins, in this test, as one that holds everything', () => {
    const { database, wal, all } = runningLog();
    expect(wal.length).toBeGreaterThan(walHeaderBytes + 20 * frameBytes);
    expect(midsAfterCrash(database, wal)).toEqual(all);
  });

  it('cut off anywhere, opens with the first transactions, each whole', () => {
    const { database, wal, wholePrefixes } = runningLog();
    const frames = (wal.length - walHeaderBytes) / frameBytes;
    const edges = fc
      .tuple(fc.integer({ min: 0, max: frames }), fc.constantFrom(-1, 0, 1, 23, 24, 25))
      .map(([frame, beside]) => walHeaderBytes + frame * frameBytes + beside);
    const anywhere = fc.integer({ min: 0, max: wal.length });
    fc.assert(
      fc.property(fc.oneof(edges, anywhere), (length) => {
        const mids = midsAfterCrash(database, wal.subarray(0, Math.max(0, length)));
        expect(wholePrefixes).toContainEqual(mids);
      }),
      { numRuns: 60 },
    );
  });

  it('with its tail garbled, opens with the first transactions, each whole', () => {
    const { database, wal, all, wholePrefixes } = runningLog();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 * frameBytes }),
        fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 }),
        (fromEnd, noise) => {
          const garbled = Uint8Array.from(wal);
          const start = garbled.length - fromEnd;
          for (const [index, bits] of noise.entries()) {
            const at = start + index * 97;
            if (at < garbled.length) garbled[at] = (garbled[at] ?? 0) ^ bits;
          }
          const mids = midsAfterCrash(database, garbled);
          expect(wholePrefixes).toContainEqual(mids);
          expect(mids.length).toBeLessThan(all.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('loses nothing that was taken over into the database before', () => {
    const path = newPath();
    const store = openStore(path);
    const drafts = [draftOf(), draftOf()];
    store.appendAll(drafts);
    store.close();
    const copy = newPath();
    copyFileSync(path, copy);
    writeFileSync(`${copy}-wal`, 'no write-ahead log at all');
    const again = openStore(copy);
    expect(again.head('tea')).toMatchObject({ seq: 2, mid: drafts[1]?.mid });
    again.close();
  });
});
