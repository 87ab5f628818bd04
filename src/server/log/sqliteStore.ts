/**
 * The log's storage in SQLite, synchronous: one writer, one transaction for all messages that came
 * together (group commit). Runs wherever a `Database` does; `sqliteLog.ts` puts it behind the port.
 */
import * as v from 'valibot';
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
type SqlValue = string | number | Uint8Array;

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
    body BLOB NOT NULL, -- UTF-8: some drivers cut a TEXT off at U+0000
    at INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (author, id)
  );
`;

const versionRow = v.object({ user_version: v.number() });
const epochRow = v.object({ epoch: v.string() });
const midRow = v.object({ mid: v.string() });
const headRow = v.object({ seq: v.number(), mid: v.string() });
const answerRow = v.object({ room: v.string(), ...headRow.entries, at: v.number() });
const messageRow = v.object({
  ...headRow.entries,
  author: v.string(),
  author_name: v.string(),
  id: v.string(),
  body: v.instance(Uint8Array),
  at: v.number(),
});

const encoder = new TextEncoder();
/** A text may begin with U+FEFF, which a decoder takes for a mark and drops unless told. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Takes the file for this process alone, until it ends: two servers on one file would not hear each
 * other's messages. Throws if another still has it after `patienceMs`.
 */
export function takeForOneself(database: Database, patienceMs: number): void {
  database.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA locking_mode = EXCLUSIVE`);
  try {
    database.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    if (!/locked|busy/i.test(String(error))) throw error;
    throw new Error('another server has it open', { cause: error });
  }
}

/**
 * Opens the log in `database`, making it if the file is new; `newEpoch` names it then. Throws when the
 * file is no log, or one of a later version.
 */
export function openSqliteStore(database: Database, newEpoch: string): SqliteStore {
  // Commits survive a power cut: WAL with FULL syncs the log file at every commit.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const epoch = openLog(database, newEpoch);

  const selectFirst = database.prepare(
    'SELECT room, seq, mid, at FROM messages WHERE author = ? AND id = ?',
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
    const row = v.parse(v.optional(headRow), selectHead.get(room));
    return { epoch, seq: row?.seq ?? 0, mid: row?.mid ?? '' };
  }

  function appendOne({ room, from, id, mid, body, at }: Draft): Appended {
    const first = v.parse(v.optional(answerRow), selectFirst.get(from.id, id));
    if (first) return { epoch, ...first, dup: true };
    const seq = headOf(room).seq + 1;
    insert.run(room, seq, mid, from.id, from.name, id, encoder.encode(body), at);
    return { epoch, room, seq, mid, at, dup: false };
  }

  return {
    appendAll: (drafts) => inTransaction(database, () => drafts.map(appendOne)),
    head: headOf,
    after(room, seq, limit) {
      // One more than the page holds, to know whether there are more.
      const rows = selectAfter.iterate(room, seq, limit.messages + 1);
      return { epoch, head: headOf(room).seq, ...cutPage(messagesOf(rows), limit) };
    },
    before(room, seq, limit) {
      const rows = selectBefore.iterate(room, seq, limit.messages + 1);
      const { messages, more } = cutPage(messagesOf(rows), limit);
      return { epoch, head: headOf(room).seq, messages: messages.reverse(), more };
    },
    midAt: (room, seq) => v.parse(v.optional(midRow), selectMid.get(room, seq))?.mid,
    close: () => database.close(),
  };
}

function openLog(database: Database, newEpoch: string): string {
  const { user_version: version } = v.parse(
    versionRow,
    database.prepare('PRAGMA user_version').get(),
  );
  if (version > schemaVersion) {
    throw new Error(`the log was written by a later version (${version})`);
  }
  if (version === 0) {
    inTransaction(database, () => {
      database.exec(schema);
      database.prepare('INSERT INTO log (epoch) VALUES (?)').run(newEpoch);
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
  }
  return v.parse(epochRow, database.prepare('SELECT epoch FROM log').get()).epoch;
}

/** Does all of `work` or, if it throws, nothing. */
export function inTransaction<Result>(database: Database, work: () => Result): Result {
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

function* messagesOf(rows: Iterable<unknown>): Iterable<LoggedMessage> {
  for (const row of rows) {
    const { seq, mid, author, author_name, id, body, at } = v.parse(messageRow, row);
    yield { seq, mid, id, from: { id: author, name: author_name }, body: decoder.decode(body), at };
  }
}
