/**
 * The SQLite engine: its store in a real file, served over a real message channel. The thread that
 * it has in a running server is left out, since what it runs is this.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogUnavailableError, type MessageLog } from '../log/log';
import { describeDurability, describeLogContract, draftOf } from '../log/logContract';
import { type Channel, createSqliteLog } from '../log/sqliteLog';
import { openSqliteStore, type SqliteStore, takeForOneself } from '../log/sqliteStore';
import { serveSqliteStore } from '../log/storeService';
import { openDatabase } from './sqliteDriver';

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'heartline-log-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const channelOf = (port: MessagePort): Channel => ({
  post: (message) => port.postMessage(message),
  onMessage: (receive) => void port.on('message', receive),
});

let epochs = 0;

function openStore(path: string): SqliteStore {
  epochs += 1;
  return openSqliteStore(openDatabase(path), `epoch-${epochs}`);
}

/** The log of a store, as if that ran in a thread of its own. `die` ends the thread. */
function logOver(store: SqliteStore): { log: MessageLog; die(reason: string): void } {
  const { port1, port2 } = new MessageChannel();
  serveSqliteStore(store, channelOf(port2), setImmediate);
  let died: (reason: string) => void = () => {};
  const log = createSqliteLog({
    ...channelOf(port1),
    onDeath: (callback) => {
      died = callback;
    },
    terminate: async () => port1.close(),
  });
  onTestFinished(() => port1.close());
  return { log, die: (reason) => died(reason) };
}

const newPath = () => join(tempDir(), 'log.sqlite');

describeLogContract('the log in SQLite', async () => logOver(openStore(newPath())).log);

describeDurability('the log in SQLite', async () => {
  const path = newPath();
  return {
    log: logOver(openStore(path)).log,
    reopen: async () => logOver(openStore(path)).log,
  };
});

describe('the log in SQLite: appends that come together', () => {
  it('become few transactions, so that one sync to disk serves many', async () => {
    const store = openStore(join(tempDir(), 'log.sqlite'));
    const sizes: number[] = [];
    const { log } = logOver({
      ...store,
      appendAll(drafts) {
        sizes.push(drafts.length);
        return store.appendAll(drafts);
      },
    });
    const callers = Array.from({ length: 50 }, async () => {
      await Promise.resolve();
      return log.append(draftOf());
    });
    await Promise.all(callers);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(50);
    expect(sizes.length).toBeLessThan(5);
    await log.close();
  });
});

describe('the log in SQLite: a full disk', () => {
  it('leaves nothing of the transaction, tells each caller why, and is got over', async () => {
    const database = openDatabase(join(tempDir(), 'log.sqlite'));
    const { log } = logOver(openSqliteStore(database, 'epoch-full'));
    database.exec('PRAGMA max_page_count = 20');
    const appends = [log.append(draftOf()), log.append(draftOf({ body: 'x'.repeat(200_000) }))];
    for (const append of appends) {
      const error: unknown = await append.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LogUnavailableError);
      expect(String(error)).toContain('full');
    }
    expect(await log.head('tea')).toMatchObject({ seq: 0 });
    database.exec('PRAGMA max_page_count = 2000');
    expect(await log.append(draftOf())).toMatchObject({ seq: 1 });
    await log.close();
  });
});

describe('the log in SQLite: a thread that dies', () => {
  it('fails what waits for it and what comes later, saying why', async () => {
    const { log, die } = logOver(openStore(join(tempDir(), 'log.sqlite')));
    const append = log.append(draftOf());
    const head = log.head('tea');
    die('the thread is gone');
    for (const call of [append, head, log.midAt('tea', 1)]) {
      await expect(call).rejects.toThrow('the thread is gone');
    }
  });
});

/** The schema of version 1, as it was written then. */
const firstSchema = `
  CREATE TABLE log (epoch TEXT NOT NULL);
  CREATE TABLE messages (
    room TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL, -- UTF-8: some drivers cut a TEXT off at U+0000
    at INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (author, id)
  );
  INSERT INTO log (epoch) VALUES ('epoch-old');
  INSERT INTO messages (room, seq, mid, author, author_name, id, body, at) VALUES
    ('tea', 1, 'm1', 'u1', 'Ann', 'a', CAST('first' AS BLOB), 1),
    ('tea', 2, 'm2', 'u2', '小明', 'a', CAST('第二条' AS BLOB), 2),
    ('attic', 1, 'm3', 'u1', 'Ann', 'b', CAST('above' AS BLOB), 3);
  PRAGMA user_version = 1;
`;

describe('the log in SQLite: a file of version 1', () => {
  const all = { messages: 1_000, length: 1_000_000 };

  function oldFile(): string {
    const path = newPath();
    const database = openDatabase(path);
    database.exec(firstSchema);
    database.close();
    return path;
  }

  it('is taken on with all that is in it, and goes on under the same epoch', () => {
    const path = oldFile();
    // Opened twice: it is made anew once.
    openStore(path).close();
    const store = openStore(path);
    onTestFinished(() => store.close());
    expect(store.after('tea', 0, all)).toStrictEqual({
      epoch: 'epoch-old',
      head: 2,
      messages: [
        { seq: 1, mid: 'm1', id: 'a', from: { id: 'u1', name: 'Ann' }, body: 'first', at: 1 },
        { seq: 2, mid: 'm2', id: 'a', from: { id: 'u2', name: '小明' }, body: '第二条', at: 2 },
      ],
      more: false,
    });
    expect(store.head('attic')).toEqual({ epoch: 'epoch-old', seq: 1, mid: 'm3' });
    const tagged = { id: 'u3', name: 'Ann', tag: 'k3f9' };
    const [again, next] = store.appendAll([
      draftOf({ author: 'u1', id: 'a' }),
      { ...draftOf(), from: tagged },
    ]);
    expect(again).toMatchObject({ seq: 1, mid: 'm1', dup: true });
    expect(next).toMatchObject({ seq: 3, dup: false });
    expect(store.after('tea', 2, all).messages).toMatchObject([{ from: tagged }]);
  });

  it('stays as it is where it cannot be taken on', () => {
    const path = oldFile();
    const database = openDatabase(path);
    database.exec('ALTER TABLE messages ADD COLUMN author_tag TEXT');
    database.close();
    expect(() => openStore(path)).toThrow(/duplicate column/);
    const after = openDatabase(path);
    onTestFinished(() => after.close());
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  });
});

describe('the log in SQLite: a file that is no log of ours', () => {
  it('is refused when it is no database', () => {
    const path = join(tempDir(), 'log.sqlite');
    writeFileSync(path, 'this is not a database, and long enough to be read as one '.repeat(40));
    expect(() => openStore(path)).toThrow(/not a database/);
  });

  it('is refused when a later version wrote it', () => {
    const path = join(tempDir(), 'log.sqlite');
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openStore(path)).toThrow(/later version/);
  });

  it('is refused while another server has it open', () => {
    const path = join(tempDir(), 'log.sqlite');
    const other = openDatabase(path);
    onTestFinished(() => other.close());
    takeForOneself(other, 0);
    expect(() => takeForOneself(openDatabase(path), 0)).toThrow(/another server/);
  });
});
