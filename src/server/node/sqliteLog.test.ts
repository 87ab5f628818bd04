/**
 * The SQLite engine: its store in a real file, served over a real message channel. The thread that
 * it has in a running server is left out, since what it runs is this.
 */
import {
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { draftOf } from '../log/draftOf';
import { type Draft, LogUnavailableError } from '../log/log';
import { describeDurability, describeLogContract } from '../log/logContract';
import { openSqliteStore, type SqliteStore } from '../log/sqliteStore';
import { rememberPlace } from './filePlace';
import { openDatabase } from './sqliteDriver';
import { logOver, newPath, openStore } from './storeInThread';

describeLogContract('the log in SQLite', async () => logOver(openStore(newPath())).log);

describeDurability('the log in SQLite', async () => {
  const path = newPath();
  return {
    log: logOver(openStore(path)).log,
    reopen: async () => logOver(openStore(path)).log,
  };
});

/** A log that tells which drafts each transaction had. */
function logWithBatches() {
  const store = openStore(newPath());
  const batches: (readonly Draft[])[] = [];
  const { log } = logOver({
    ...store,
    appendAll(drafts) {
      batches.push(drafts);
      return store.appendAll(drafts);
    },
  });
  return { log, batches, sizes: () => batches.map(({ length }) => length) };
}

describe('the log in SQLite: appends that come together', () => {
  it('become one transaction, so that one sync to disk serves all', async () => {
    const { log, sizes } = logWithBatches();
    await Promise.all(Array.from({ length: 50 }, () => log.append(draftOf())));
    expect(sizes()).toEqual([50]);
  });

  it('gather while others are being stored, and are the next transaction', async () => {
    const { log, sizes } = logWithBatches();
    const first = log.append(draftOf());
    // The first one has left before these come.
    await new Promise((resolve) => setImmediate(resolve));
    const others = Array.from({ length: 30 }, async (_, index) => {
      for (let turn = 0; turn < index; turn += 1) await Promise.resolve();
      return log.append(draftOf());
    });
    const answers = await Promise.all([first, ...others]);
    expect(sizes()).toEqual([1, 30]);
    expect(answers.map(({ seq }) => seq)).toEqual(answers.map((_, index) => index + 1));
  });

  it('become several transactions where one would be long', async () => {
    const { log, sizes } = logWithBatches();
    await Promise.all(Array.from({ length: 2_500 }, () => log.append(draftOf())));
    expect(sizes()).toEqual([1_024, 1_024, 452]);
    const long = { body: 'x'.repeat(400_000) };
    await Promise.all(Array.from({ length: 4 }, () => log.append(draftOf(long))));
    expect(sizes().slice(3)).toEqual([3, 1]);
  });

  it('fail together, each told why, and the next ones do not', async () => {
    const database = openDatabase(newPath());
    const failures: (string | undefined)[] = [];
    const { log } = logOver(openSqliteStore(database, 'epoch-full'), {
      onStored: (failure) => failures.push(failure),
    });
    database.exec('PRAGMA max_page_count = 20');
    const appends = [log.append(draftOf()), log.append(draftOf({ body: 'x'.repeat(200_000) }))];
    for (const append of appends) {
      const error: unknown = await append.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LogUnavailableError);
      expect(String(error)).toContain('full');
    }
    expect(await log.append(draftOf())).toMatchObject({ seq: 1 });
    expect(failures).toEqual([expect.stringContaining('full'), undefined]);
  });
});

describe('the log in SQLite: reads', () => {
  it('hold up no message, however many there are', async () => {
    const store = openStore(newPath());
    const served: string[] = [];
    const { log } = logOver({
      ...store,
      head(room) {
        served.push('head');
        return store.head(room);
      },
      appendAll(drafts) {
        served.push('append');
        return store.appendAll(drafts);
      },
    });
    const heads = Array.from({ length: 200 }, () => log.head('tea'));
    await log.append(draftOf());
    expect(served.indexOf('append')).toBeLessThanOrEqual(16);
    await Promise.all(heads);
    expect(served).toHaveLength(201);
  });

  it('of a part of what is there let the write-ahead log begin anew', async () => {
    const database = openDatabase(newPath());
    const store = openSqliteStore(database, 'epoch-1');
    store.appendAll(Array.from({ length: 20 }, () => draftOf()));
    store.after('tea', 0, { messages: 3, length: 1_000 });
    store.before('tea', 20, { messages: 3, length: 1_000 });
    const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    expect(result).toMatchObject({ busy: 0, log: 0, checkpointed: 0 });
    store.close();
  });
});

describe('the log in SQLite: a full disk', () => {
  /** A log whose disk takes no more, until it does. */
  function fullLog() {
    const database = openDatabase(newPath());
    const clock = { now: 0 };
    const told: (string | undefined)[] = [];
    let isFull = false;
    const store = openSqliteStore(
      {
        exec(sql) {
          if (isFull && sql === 'COMMIT') {
            throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
          }
          database.exec(sql);
        },
        prepare: (sql) => database.prepare(sql),
        close: () => database.close(),
      },
      'epoch-full',
    );
    const thread = logOver(store, {
      now: () => clock.now,
      onStored: (failure) => told.push(failure),
    });
    return {
      ...thread,
      thread,
      clock,
      told,
      fill() {
        isFull = true;
      },
      free() {
        isFull = false;
      },
    };
  }
  const long = () => draftOf({ body: 'x'.repeat(200_000) });

  it('leaves everything to be read, and is got over by the next message', async () => {
    const { log, thread, fill, free } = fullLog();
    await log.append(draftOf());
    fill();
    await expect(log.append(long())).rejects.toThrow('full');
    expect(await log.head('tea')).toMatchObject({ seq: 1 });
    expect((await log.after('tea', 0, { messages: 9, length: 9 })).messages).toHaveLength(1);
    free();
    expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
    expect(thread.endedBecause).toBeUndefined();
  });

  it('does not keep the log from being closed, and what it had is there afterwards', async () => {
    const path = newPath();
    const database = openDatabase(path);
    const { log } = logOver(
      openSqliteStore(
        {
          exec: (sql) => database.exec(sql),
          prepare(sql) {
            if (sql.includes('wal_checkpoint')) throw new Error('database or disk is full');
            return database.prepare(sql);
          },
          close: () => database.close(),
        },
        'epoch-full',
      ),
    );
    await log.append(draftOf());
    await log.close();
    const again = openStore(path);
    expect(again.head('tea').seq).toBe(1);
    again.close();
  });

  it('is seen by asking, though nobody has written yet, or not for a while', async () => {
    const { log, clock, fill, free } = fullLog();
    fill();
    await expect(log.check()).rejects.toThrow('full');
    free();
    clock.now += 1_000;
    await log.check();
    fill();
    clock.now += 29_999;
    // A message or a look has been kept a moment ago: it is not tried each time.
    await log.check();
    clock.now += 1;
    await expect(log.check()).rejects.toThrow('full');
  });

  it('is told of by asking, and that it is over', async () => {
    const { log, clock, told, fill, free } = fullLog();
    fill();
    await expect(log.check()).rejects.toThrow('full');
    free();
    clock.now += 1_000;
    await log.check();
    expect(told).toEqual([expect.stringContaining('full'), undefined]);
  });

  it('is got over by asking, too, but tried once a second at most', async () => {
    const { log, clock, fill, free } = fullLog();
    await log.check();
    fill();
    await expect(log.append(long())).rejects.toThrow('full');
    await expect(log.check()).rejects.toThrow('full');
    clock.now += 1_000;
    await expect(log.check()).rejects.toThrow('full');
    free();
    await expect(log.check()).rejects.toThrow('full');
    clock.now += 1_000;
    await log.check();
    expect(await log.append(draftOf())).toMatchObject({ seq: 1 });
  });
});

describe('the log in SQLite: a file that is taken away', () => {
  function logAt(path: string) {
    const store = openStore(path);
    return logOver(store, { files: rememberPlace(path) });
  }

  it('takes no message, but can be read, until it is back', async () => {
    const path = newPath();
    const { log } = logAt(path);
    await log.append(draftOf({ id: 'before' }));
    renameSync(path, `${path}.away`);
    await expect(log.append(draftOf({ id: 'away' }))).rejects.toThrow('taken away');
    await expect(log.check()).rejects.toThrow('taken away');
    expect(await log.head('tea')).toMatchObject({ seq: 1 });
    renameSync(`${path}.away`, path);
    await log.check();
    expect(await log.append(draftOf({ id: 'after' }))).toMatchObject({ seq: 2, dup: false });
  });

  it('while a message is being stored does not have it acknowledged', async () => {
    const path = newPath();
    const store = openStore(path);
    let takeAway = () => renameSync(path, `${path}.away`);
    const { log } = logOver(
      {
        ...store,
        appendAll(drafts) {
          const answers = store.appendAll(drafts);
          takeAway();
          return answers;
        },
      },
      { files: rememberPlace(path) },
    );
    const draft = draftOf();
    await expect(log.append(draft)).rejects.toThrow('taken away');
    // It was in the file, and is known when it is sent again.
    takeAway = () => {};
    renameSync(`${path}.away`, path);
    expect(await log.append(draft)).toMatchObject({ seq: 1, mid: draft.mid, dup: true });
  });

  it('and has another in its place is let go of, and the other one is left as it is', async () => {
    const path = newPath();
    const thread = logAt(path);
    const { epoch } = await thread.log.append(draftOf());
    renameSync(path, `${path}.away`);
    renameSync(`${path}-wal`, `${path}.away-wal`);
    const other = openStore(path);
    other.appendAll([draftOf()]);
    await expect(thread.log.append(draftOf())).rejects.toThrow('another file');
    expect(thread.endedBecause).toContain('another file');
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(other.head('tea').seq).toBe(1);
    expect(other.head('tea').epoch).not.toBe(epoch);
    other.close();
    const old = openStore(`${path}.away`);
    expect(old.head('tea')).toMatchObject({ epoch, seq: 1 });
    old.close();
  });

  it.each(['log.sqlite', 'log.sqlite-wal'])(
    'or cut off, be it %s, takes no message',
    async (file) => {
      const path = newPath();
      const thread = logAt(path);
      await thread.log.append(draftOf());
      truncateSync(join(dirname(path), file), 10);
      await expect(thread.log.append(draftOf())).rejects.toThrow('cut off');
      expect(thread.endedBecause).toContain('cut off');
    },
  );

  it('loses nothing if only its write-ahead log was deleted', async () => {
    const path = newPath();
    const thread = logAt(path);
    await thread.log.append(draftOf());
    renameSync(`${path}-wal`, `${path}.deleted`);
    await expect(thread.log.append(draftOf())).rejects.toBeInstanceOf(LogUnavailableError);
    const again = openStore(path);
    expect(again.head('tea').seq).toBe(1);
    again.close();
  });
});

describe('the log in SQLite: what is deleted', () => {
  const secret = 'nobody is to read this';

  /** A log with a deleted text; `pass` lets so much time pass for its thread. */
  async function logWithDeleted() {
    const path = newPath();
    const timers: { atMs: number; callback(): void }[] = [];
    let nowMs = 0;
    const store = openStore(path);
    let emptied = 0;
    const { log } = logOver(
      {
        ...store,
        emptyWriteAhead(who) {
          emptied += 1;
          return store.emptyWriteAhead(who);
        },
      },
      {
        files: rememberPlace(path),
        after: (delayMs, callback) => void timers.push({ atMs: nowMs + delayMs, callback }),
      },
    );
    const draft = draftOf({ body: secret });
    const { seq, mid } = await log.append(draft);
    const erase = () => log.append(draftOf({ body: '', about: { kind: 'delete', seq, mid } }));
    return {
      path,
      log,
      erase,
      edit: () => log.append(draftOf({ body: 'new', about: { kind: 'edit', seq, mid } })),
      emptied: () => emptied,
      isThere: () =>
        ['', '-wal'].some((end) =>
          readFileSync(path + end)
            .toString('latin1')
            .includes(secret),
        ),
      pass(ms: number) {
        nowMs += ms;
        for (const timer of timers.splice(0)) {
          if (timer.atMs <= nowMs) timer.callback();
          else timers.push(timer);
        }
      },
    };
  }

  it('is in no file a few seconds later, and the log goes on', async () => {
    const { log, erase, isThere, pass } = await logWithDeleted();
    // What an earlier process may have left is looked after first.
    pass(3_000);
    await erase();
    expect(isThere()).toBe(true);
    pass(3_000);
    expect(isThere()).toBe(false);
    expect(await log.append(draftOf())).toMatchObject({ seq: 3 });
    await log.check();
  });

  it('is taken out once for all that is deleted meanwhile, and not for what is only said', async () => {
    const { log, edit, emptied, pass } = await logWithDeleted();
    pass(3_000);
    const atStart = emptied();
    for (let n = 0; n < 20; n += 1) await edit();
    pass(3_000);
    expect(emptied()).toBe(atStart + 1);
    await log.append(draftOf());
    pass(60_000);
    expect(emptied()).toBe(atStart + 1);
  });

  it('is taken out as soon as whoever still reads it has read', async () => {
    const { path, erase, isThere, pass } = await logWithDeleted();
    pass(3_000);
    const reader = openDatabase(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM messages').get();
    await erase();
    pass(3_000);
    pass(1_000);
    expect(isThere()).toBe(true);
    reader.exec('COMMIT');
    reader.close();
    pass(1_000);
    expect(isThere()).toBe(false);
  });

  it('is taken out once the disk takes it', async () => {
    const path = newPath();
    const store = openStore(path);
    let isFull = true;
    const timers: (() => void)[] = [];
    logOver(
      {
        ...store,
        emptyWriteAhead(who) {
          if (isFull) throw new Error('database or disk is full');
          return store.emptyWriteAhead(who);
        },
      },
      { after: (_, callback) => void timers.push(callback) },
    );
    store.appendAll([draftOf()]);
    timers.shift()?.();
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    isFull = false;
    timers.shift()?.();
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(timers).toEqual([]);
  });
});

describe('the log in SQLite: a thread that dies', () => {
  it('fails what waits for it and what comes later, saying why', async () => {
    const { log, die } = logOver(openStore(newPath()));
    const appends = [log.append(draftOf()), log.append(draftOf())];
    const heads = Array.from({ length: 20 }, () => log.head('tea'));
    die('the thread is gone');
    for (const call of [
      ...appends,
      ...heads,
      log.after('tea', 1, { messages: 1, length: 1 }),
      log.append(draftOf()),
    ]) {
      await expect(call).rejects.toThrow('the thread is gone');
    }
  });

  it.each([
    ['writing', (log: SqliteStore) => ({ ...log, appendAll: fail })],
    ['reading', (log: SqliteStore) => ({ ...log, head: fail })],
  ])('is one whose store is past mending, as %s shows', async (_, broken) => {
    const thread = logOver(broken(openStore(newPath())));
    const calls = [thread.log.append(draftOf()), thread.log.head('tea')];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toContain('rejected');
    expect(thread.endedBecause).toBe('database disk image is malformed');
  });

  /** As SQLite does on damage that it finds. */
  function fail(): never {
    throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
  }
});

describe('the log in SQLite: a file that is no log of ours', () => {
  it('is refused when it is no database', () => {
    const path = newPath();
    writeFileSync(path, 'this is not a database, and long enough to be read as one '.repeat(40));
    expect(() => openStore(path)).toThrow(/not a database/);
  });

  it('is refused when a later version wrote it', () => {
    const path = newPath();
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openStore(path)).toThrow(/later version/);
  });

  it('is found when it is damaged inside', () => {
    const path = newPath();
    const store = openStore(path);
    store.appendAll(Array.from({ length: 200 }, () => draftOf()));
    store.verify();
    store.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 8_000, bytes.length - 4_096));
    expect(() => openStore(path).verify()).toThrow(/damaged|malformed/);
  });

  it('is refused where there has to be one, and is not', () => {
    const path = newPath();
    expect(() => openSqliteStore(openDatabase(path), undefined)).toThrow(/no message log/);
  });
});
