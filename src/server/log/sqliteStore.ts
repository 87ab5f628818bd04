/**
 * The log's storage in SQLite, synchronous: one writer, one transaction for all messages that came
 * together (group commit). Runs wherever a `Database` does; `sqliteLog.ts` puts it behind the port.
 */
import * as v from 'valibot';
import type { LoggedMessage, Position } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { type Database, inTransaction, type SqlValue, type Statement } from './database';
import type { Appended, Draft, NextPage, Page, PageLimit } from './log';
import { cutPage } from './page';
import { openLog } from './sqliteSchema';

export interface SqliteStore {
  /** Appends all in one transaction, in order. On an error none is there, and the store goes on. */
  appendAll(drafts: readonly Draft[]): Appended[];
  head(room: string): Position;
  after(room: string, seq: number, limit: PageLimit): NextPage;
  before(room: string, seq: number, limit: PageLimit): Page;
  /** Reads the whole file, and throws if it is damaged. */
  verify(): void;
  /** Writes as much as the largest message would, and throws if that fails. No message is touched. */
  probe(): void;
  /** Takes what is committed over into the database file itself, if that can be done, and closes it. */
  close(): void;
}

const checkRow = v.object({ quick_check: v.string() });
const midRow = v.object({ mid: v.string() });
const headRow = v.object({ seq: v.number(), mid: v.string() });
const answerRow = v.object({ room: v.string(), ...headRow.entries, at: v.number() });
const messageRow = v.object({
  ...headRow.entries,
  author: v.string(),
  author_name: v.string(),
  author_tag: v.nullable(v.string()),
  id: v.string(),
  body: v.instance(Uint8Array),
  at: v.number(),
});

const encoder = new TextEncoder();
/** A text may begin with U+FEFF, which a decoder takes for a mark and drops unless told. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** So many rows go in by one statement: calling one costs as much as half a row. */
const rowsAtOnce = 16;

const insertRows = (rows: number) => `
  INSERT INTO messages (room, seq, mid, author, author_name, author_tag, id, body, at)
  VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?)').join(', ')}
  ON CONFLICT (id, author) DO NOTHING
`;

/** Among several rows there is one that the log has: they have to go in one by one. */
class RepeatError extends Error {
  override name = 'RepeatError';
}

/** Rooms whose ends are remembered between transactions. */
const maxRememberedRooms = 10_000;

/** What the write-ahead log shrinks to, in bytes, once a long read let it grow beyond. */
export const writeAheadLimitBytes = 32 * 1024 * 1024;

/**
 * Commits survive a power cut: WAL with FULL syncs the log file at every commit. A checkpoint takes the
 * WAL over into the database each 16 MB: rarer makes single commits wait longer, more often makes more
 * of them wait. No `mmap_size`: a file that is cut off under a mapping ends the process.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = ${writeAheadLimitBytes};
  PRAGMA cache_size = -16000;
`;

/**
 * Opens the log in `database`. If it holds none yet, one is made and named `newEpoch`. Throws when the
 * file is no log, one of a later version, or holds none and `newEpoch` is undefined.
 */
export function openSqliteStore(database: Database, newEpoch: string | undefined): SqliteStore {
  database.exec(settings);
  const epoch = openLog(database, newEpoch);
  /**
   * The last sequence number of rooms written to of late: asking for it costs as much as an insert.
   * This is the only writer; what is rolled back is forgotten.
   */
  const ends = new Map<string, number>();

  const selectFirst = database.prepare(
    'SELECT room, seq, mid, at FROM messages WHERE id = ? AND author = ?',
  );
  const selectHead = database.prepare(
    'SELECT seq, mid FROM messages WHERE room = ? ORDER BY seq DESC LIMIT 1',
  );
  const insertOne = database.prepare(insertRows(1));
  const insertSeveral = database.prepare(insertRows(rowsAtOnce));
  const columns = 'seq, mid, author, author_name, author_tag, id, body, at';
  const selectAfter = database.prepare(
    `SELECT ${columns} FROM messages WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const selectBefore = database.prepare(
    `SELECT ${columns} FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const quickCheck = database.prepare('PRAGMA quick_check(1)');
  const selectMid = database.prepare('SELECT mid FROM messages WHERE room = ? AND seq = ?');

  function headOf(room: string): Position {
    const row = v.parse(v.optional(headRow), selectHead.get(room));
    return { epoch, seq: row?.seq ?? 0, mid: row?.mid ?? '' };
  }

  function midAt(room: string, seq: number): string | undefined {
    return seq === 0 ? '' : v.parse(v.optional(midRow), selectMid.get(room, seq))?.mid;
  }

  /** Inserts what is new; undefined if something was there already, and nothing is as it should be. */
  function insertNew(insert: Statement, drafts: readonly Draft[]): Appended[] | undefined {
    const answers: Appended[] = [];
    const values: SqlValue[] = [];
    for (const { room, from, id, mid, body, at } of drafts) {
      const seq = (ends.get(room) ?? headOf(room).seq) + 1;
      ends.set(room, seq);
      // A text goes in as it is, which costs half of what encoding it first does.
      const bytes = body.includes('\0') ? encoder.encode(body) : body;
      const { id: author, name, tag = null } = from;
      values.push(room, seq, mid, author, name, tag, id, bytes, at);
      answers.push({ epoch, room, seq, mid, at, dup: false });
    }
    const { changes } = insert.run(...values);
    return Number(changes) === drafts.length ? answers : undefined;
  }

  function appendOne(draft: Draft): Appended {
    const [answer] = insertNew(insertOne, [draft]) ?? [];
    if (answer) return answer;
    ends.delete(draft.room);
    const first = v.parse(answerRow, selectFirst.get(draft.id, draft.from.id));
    return { epoch, ...first, dup: true };
  }

  function appendSeveral(drafts: readonly Draft[]): Appended[] {
    if (drafts.length < rowsAtOnce) return drafts.map(appendOne);
    const answers = insertNew(insertSeveral, drafts);
    if (answers) return answers;
    throw new RepeatError('a message was there already');
  }

  function appendAll(drafts: readonly Draft[], append: typeof appendSeveral): Appended[] {
    try {
      return inTransaction(database, () => {
        const answers: Appended[] = [];
        for (let start = 0; start < drafts.length; start += rowsAtOnce) {
          answers.push(...append(drafts.slice(start, start + rowsAtOnce)));
        }
        return answers;
      });
    } catch (error) {
      ends.clear();
      throw error;
    }
  }

  return {
    appendAll(drafts) {
      if (ends.size > maxRememberedRooms) ends.clear();
      try {
        return appendAll(drafts, appendSeveral);
      } catch (error) {
        if (!(error instanceof RepeatError)) throw error;
        // Rare: who reconnects sends again what had no ack.
        return appendAll(drafts, (several) => several.map(appendOne));
      }
    },
    head: headOf,
    after(room, seq, limit) {
      // One more than the page holds, to know whether there are more.
      const rows = selectAfter.iterate(room, seq, limit.messages + 1);
      const mid = midAt(room, seq);
      return { epoch, head: headOf(room).seq, mid, ...cutPage(messagesOf(rows), limit) };
    },
    before(room, seq, limit) {
      const rows = selectBefore.iterate(room, seq, limit.messages + 1);
      const { messages, more } = cutPage(messagesOf(rows), limit);
      return { epoch, head: headOf(room).seq, messages: messages.reverse(), more };
    },
    verify() {
      const { quick_check: verdict } = v.parse(checkRow, quickCheck.get());
      if (verdict !== 'ok') throw new Error(`the message log is damaged: ${verdict}`);
    },
    probe() {
      inTransaction(database, () => {
        database.exec('DELETE FROM probe');
        database.prepare('INSERT INTO probe VALUES (zeroblob(?))').run(limits.frameBytes);
      });
    },
    close() {
      try {
        // Closing does it too, but not while somebody else reads.
        database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      } catch {
        // A full disk, say: what stays in the write-ahead log is found there at the next start.
      }
      database.close();
    },
  };
}

function* messagesOf(rows: Iterable<unknown>): Iterable<LoggedMessage> {
  for (const row of rows) {
    const { seq, mid, author, author_name, author_tag, id, body, at } = v.parse(messageRow, row);
    const from = { id: author, name: author_name, ...(author_tag !== null && { tag: author_tag }) };
    yield { seq, mid, id, from, body: decoder.decode(body), at };
  }
}
