/**
 * The tables of the SQLite log, as the steps by which they came about: a new file takes all of them, an
 * older one those that it lacks.
 */
import * as v from 'valibot';
import { type Database, inTransaction } from './database';

/** Step n makes version n + 1 (`user_version`) of the one before. A step that was released never changes. */
const steps: readonly string[] = [
  `
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
  `,
  // Ids begin with the time: led by them, what many authors write at once falls on few pages of the
  // index, and every page that a transaction touches is written whole.
  `
  CREATE TABLE messages_by_id (
    room TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (id, author)
  );
  INSERT INTO messages_by_id SELECT room, seq, mid, author, author_name, id, body, at FROM messages;
  DROP TABLE messages;
  ALTER TABLE messages_by_id RENAME TO messages;
  CREATE TABLE probe (filler BLOB NOT NULL);
  `,
  // What tells the author from others of the same name; most have none.
  'ALTER TABLE messages ADD COLUMN author_tag TEXT',
  // What came about before is all texts, and is not touched: so what is counted is the others. Where a
  // message's text is besides, in its latest edit, stands with it: to find it needs no index.
  `
  ALTER TABLE messages ADD COLUMN non_texts INTEGER NOT NULL DEFAULT 0; -- in the room, up to here
  ALTER TABLE messages ADD COLUMN about_kind TEXT;
  ALTER TABLE messages ADD COLUMN about_seq INTEGER;
  ALTER TABLE messages ADD COLUMN edited INTEGER;
  ALTER TABLE messages ADD COLUMN edit_seq INTEGER;
  ALTER TABLE messages ADD COLUMN deleted INTEGER;
  `,
  // What few messages have, as JSON: {file?, cut?}.
  'ALTER TABLE messages ADD COLUMN extras TEXT',
];

/** From this version on, what is deleted is overwritten in the file. */
const erasingVersion = 4;

const freePagesRow = v.object({ freelist_count: v.number() });
const versionRow = v.object({ user_version: v.number() });
const epochRow = v.object({ epoch: v.string() });

/**
 * Brings the log in `database` up to date and tells its epoch. A file without a log gets one that is
 * named `newEpoch`. Throws if that is undefined, and when a later version wrote the file.
 */
export function openLog(database: Database, newEpoch: string | undefined): string {
  const version = readVersion(database);
  if (version > steps.length) {
    throw new Error(`the log was written by a later version (${version})`);
  }
  if (version === 0 && newEpoch === undefined) throw new Error('the file holds no message log');
  if (version > 0 && version < erasingVersion) dropFreePages(database);
  if (version < steps.length) {
    inTransaction(database, () => {
      for (const step of steps.slice(version)) database.exec(step);
      if (version === 0 && newEpoch !== undefined) {
        database.prepare('INSERT INTO log (epoch) VALUES (?)').run(newEpoch);
      }
      database.exec(`PRAGMA user_version = ${steps.length}`);
    });
  }
  return readEpoch(database);
}

/** The epoch of the log in `database`. Throws if it holds none. */
export function readEpoch(database: Database): string {
  return v.parse(epochRow, database.prepare('SELECT epoch FROM log').get()).epoch;
}

/** What an earlier version left in pages that nothing uses is in the file until they are. */
function dropFreePages(database: Database): void {
  const { freelist_count: pages } = v.parse(
    freePagesRow,
    database.prepare('PRAGMA freelist_count').get(),
  );
  if (pages > 0) database.exec('VACUUM');
}

function readVersion(database: Database): number {
  return v.parse(versionRow, database.prepare('PRAGMA user_version').get()).user_version;
}
