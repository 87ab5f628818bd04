/**
 * The log's storage in SQLite, synchronous: one writer, one transaction for all messages that came
 * together (group commit). Runs wherever a `Database` does; `sqliteLog.ts` puts it behind the port.
 */
import type { LoggedMessage, Position } from '../../protocol/frames';
import type { Appended, Draft, Page, PageLimit } from './log';
import { cutPage } from './page';

/** What is used of `DatabaseSync`, the API of `node:sqlite` and `@photostructure/sqlite` alike. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}
export interface Statement {
  get(...values: SqlValue[]): unknown;
  run(...values: SqlValue[]): unknown;
  iterate(...values: SqlValue[]): Iterable<unknown>;
}
type SqlValue = string | number;

export interface SqliteStore {
  /** Appends all in one transaction, in order. On an error none is there, and the store goes on. */
  appendAll(drafts: readonly Draft[]): Appended[];
  head(room: string): Position;
  after(room: string, seq: number, limit: PageLimit): Page;
  before(room: string, seq: number, limit: PageLimit): Page;
  midAt(room: string, seq: number): string | undefined;
  close(): void;
}

const schemaVersion = 1;

const schema = `
  CREATE TABLE log (epoch TEXT NOT NULL);
  CREATE TABLE messages (
    room TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (room, seq),
    UNIQUE (author, id)
  );
`;

/** What a row of `messages` is read as. SQLite gave it, and only this file writes it. */
interface Row {
  seq: number;
  mid: string;
  author: string;
  author_name: string;
  id: string;
  body: string;
  at: number;
}

/**
 * Opens the log in `database`, making it if the file is new; `newEpoch` names it then. Throws when the
 * file is no log, or one of a later version.
 */
export function openSqliteStore(database: Database, newEpoch: string): SqliteStore {
  // Commits survive a power cut: WAL with FULL syncs the log file at every commit.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  const epoch = openLog(database, newEpoch);

  const selectFirst = database.prepare(
    'SELECT seq, mid, at FROM messages WHERE author = ? AND id = ?',
  );
  const selectHead = database.prepare(
    'SELECT seq, mid FROM messages WHERE room = ? ORDER BY seq DESC LIMIT 1',
  );
  const insert = database.prepare(
    'INSERT INTO messages (room, seq, mid, author, author_name, id, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const columns = 'seq, mid, author, author_name, id, body, at';
  const selectAfter = database.prepare(
    `SELECT ${columns} FROM messages WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const selectBefore = database.prepare(
    `SELECT ${columns} FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const selectMid = database.prepare('SELECT mid FROM messages WHERE room = ? AND seq = ?');

  function headOf(room: string): Position {
    const row = selectHead.get(room) as Pick<Row, 'seq' | 'mid'> | undefined;
    return { epoch, seq: row?.seq ?? 0, mid: row?.mid ?? '' };
  }

  function appendOne({ room, from, id, mid, body, at }: Draft): Appended {
    const first = selectFirst.get(from.id, id) as Pick<Row, 'seq' | 'mid' | 'at'> | undefined;
    if (first) return { epoch, seq: first.seq, mid: first.mid, at: first.at, dup: true };
    const seq = headOf(room).seq + 1;
    insert.run(room, seq, mid, from.id, from.name, id, body, at);
    return { epoch, seq, mid, at, dup: false };
  }

  function pageOf(rows: Iterable<unknown>, limit: PageLimit) {
    return cutPage(messagesOf(rows as Iterable<Row>), limit);
  }

  return {
    appendAll: (drafts) => inTransaction(database, () => drafts.map(appendOne)),
    head: headOf,
    after(room, seq, limit) {
      // One more than the page holds, to know whether there are more.
      const rows = selectAfter.iterate(room, seq, limit.messages + 1);
      return { epoch, head: headOf(room).seq, ...pageOf(rows, limit) };
    },
    before(room, seq, limit) {
      const rows = selectBefore.iterate(room, seq, limit.messages + 1);
      const { messages, more } = pageOf(rows, limit);
      return { epoch, head: headOf(room).seq, messages: messages.reverse(), more };
    },
    midAt: (room, seq) => (selectMid.get(room, seq) as Pick<Row, 'mid'> | undefined)?.mid,
    close: () => database.close(),
  };
}

function openLog(database: Database, newEpoch: string): string {
  const found = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found.user_version > schemaVersion) {
    throw new Error(`the log was written by a later version (${found.user_version})`);
  }
  if (found.user_version === 0) {
    inTransaction(database, () => {
      database.exec(schema);
      database.prepare('INSERT INTO log (epoch) VALUES (?)').run(newEpoch);
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
  }
  const { epoch } = database.prepare('SELECT epoch FROM log').get() as { epoch: string };
  return epoch;
}

function inTransaction<Result>(database: Database, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself on some errors, a full disk among them.
  }
}

function* messagesOf(rows: Iterable<Row>): Iterable<LoggedMessage> {
  for (const { seq, mid, author, author_name, id, body, at } of rows) {
    yield { seq, mid, id, from: { id: author, name: author_name }, body, at };
  }
}
