/**
 * The log's storage in SQLite, synchronous: one writer, one transaction for all messages that came
 * together (group commit). Runs wherever a `Database` does; `sqliteLog.ts` puts it behind the port.
 */
import * as v from 'valibot';
import { type AboutSent, isText } from '../../protocol/about';
import { limits } from '../../protocol/limits';
import {
  closeWhole,
  type Database,
  inTransaction,
  type SqlValue,
  type Statement,
} from './database';
import type { Appended, Draft, NextPage, Page, PageLimit, RoomEnd } from './log';
import { cutPage } from './page';
import { prepareAnnotations } from './sqliteAnnotations';
import { openLog } from './sqliteSchema';
import { bodyValue, extrasValue, messageColumns, messagesOf } from './sqliteValues';
import type { StoreAnswer } from './storeMessages';

export interface SqliteStore {
  /** Appends all in one transaction, in order. On an error none is there, and the store goes on. */
  appendAll(drafts: readonly Draft[]): StoreAnswer[];
  head(room: string): RoomEnd;
  textsUpTo(room: string, seq: number): number;
  after(room: string, seq: number, limit: PageLimit): NextPage;
  before(room: string, seq: number, limit: PageLimit): Page;
  /** Reads the whole file, and throws if it is damaged. */
  verify(): void;
  /** Writes as much as the largest message would, and throws if that fails. No message is touched. */
  probe(): void;
  /**
   * Leaves nothing in the write-ahead log, so no deleted text either: whether it could. Not while somebody else
   * reads; who waits for that waits as long as the database waits for a lock.
   */
  emptyWriteAhead(who: 'waits' | 'does not wait'): boolean;
  /** Takes what is committed over into the database file itself, if that can be done, and closes it. */
  close(): void;
}

const checkRow = v.object({ quick_check: v.string() });
const checkpointRow = v.object({ busy: v.number() });
const busyTimeoutRow = v.object({ timeout: v.number() });
const midRow = v.object({ mid: v.string() });
const headRow = v.object({ seq: v.number(), mid: v.string(), non_texts: v.number() });
const answerRow = v.object({ room: v.string(), seq: v.number(), mid: v.string(), at: v.number() });

/** So many rows go in by one statement: calling one costs as much as half a row. */
const rowsAtOnce = 16;

const insertRows = (rows: number) => `
  INSERT INTO messages (room, seq, mid, author, author_name, author_tag, id, body, at, non_texts)
  VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?, ?)').join(', ')}
  ON CONFLICT (id, author) DO NOTHING
`;

/** Where a room ends, while messages are added. */
interface End {
  seq: number;
  nonTexts: number;
}

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
 * of them wait. No `mmap_size`: a file that is cut off under a mapping ends the process. What is deleted
 * is overwritten with zeros in the database, free pages too (which FAST would leave): it costs an insert
 * nothing that can be measured. The WAL has it until it is emptied, which `erasing.ts` sees to.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = ${writeAheadLimitBytes};
  PRAGMA cache_size = -16000;
  PRAGMA secure_delete = ON;
`;

/**
 * Opens the log in `database`. If it holds none yet, one is made and named `newEpoch`. Throws when the
 * file is no log, one of a later version, or holds none and `newEpoch` is undefined.
 */
export function openSqliteStore(database: Database, newEpoch: string | undefined): SqliteStore {
  database.exec(settings);
  const epoch = openLog(database, newEpoch);
  /**
   * The ends of rooms written to of late: asking for one costs as much as an insert. This is the only
   * writer; what is rolled back is forgotten.
   */
  const ends = new Map<string, End>();

  const selectFirst = database.prepare(
    'SELECT room, seq, mid, at FROM messages WHERE id = ? AND author = ?',
  );
  const selectLast = database.prepare(
    'SELECT seq, mid, non_texts FROM messages WHERE room = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
  );
  const insertOne = database.prepare(insertRows(1));
  const insertSeveral = database.prepare(insertRows(rowsAtOnce));
  const annotations = prepareAnnotations(database);
  const putExtras = database.prepare('UPDATE messages SET extras = ? WHERE room = ? AND seq = ?');
  const selectAfter = database.prepare(
    `SELECT ${messageColumns} FROM messages WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const selectBefore = database.prepare(
    `SELECT ${messageColumns} FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const quickCheck = database.prepare('PRAGMA quick_check(1)');
  const selectMid = database.prepare('SELECT mid FROM messages WHERE room = ? AND seq = ?');

  /** The last message up to `seq`, and how many texts there are up to it. */
  function endUpTo(room: string, seq: number): RoomEnd {
    const row = v.parse(v.optional(headRow), selectLast.get(room, seq));
    if (!row) return { epoch, seq: 0, mid: '', texts: 0 };
    return { epoch, seq: row.seq, mid: row.mid, texts: row.seq - row.non_texts };
  }

  const headOf = (room: string) => endUpTo(room, Number.MAX_SAFE_INTEGER);

  function endOf(room: string): End {
    const known = ends.get(room);
    if (known) return known;
    const { seq, texts } = headOf(room);
    const end = { seq, nonTexts: seq - texts };
    ends.set(room, end);
    return end;
  }

  function midAt(room: string, seq: number): string | undefined {
    return seq === 0 ? '' : v.parse(v.optional(midRow), selectMid.get(room, seq))?.mid;
  }

  /** Inserts what is new; undefined if something was there already, and nothing is as it should be. */
  function insertNew(insert: Statement, drafts: readonly Draft[]): Appended[] | undefined {
    const answers: Appended[] = [];
    const values: SqlValue[] = [];
    for (const { room, from, id, mid, body, at } of drafts) {
      const end = endOf(room);
      end.seq += 1;
      const { seq, nonTexts } = end;
      const { id: author, name, tag = null } = from;
      values.push(room, seq, mid, author, name, tag, id, bodyValue(body), at, nonTexts);
      answers.push({ epoch, room, seq, mid, at, dup: false });
    }
    const { changes } = insert.run(...values);
    return Number(changes) === drafts.length ? answers : undefined;
  }

  /** The answer to what is there already. */
  function firstAnswer({ id, from }: Draft): Appended | undefined {
    const first = v.parse(v.optional(answerRow), selectFirst.get(id, from.id));
    return first && { epoch, ...first, dup: true };
  }

  function appendOne(draft: Draft): Appended {
    const [answer] = insertNew(insertOne, [draft]) ?? [];
    const extras = extrasValue(draft);
    if (answer && extras !== null) putExtras.run(extras, draft.room, answer.seq);
    if (answer) return answer;
    ends.delete(draft.room);
    const first = firstAnswer(draft);
    if (!first) throw new Error('a message was neither stored nor there');
    return first;
  }

  function appendAbout(draft: Draft, about: AboutSent): StoreAnswer {
    const first = firstAnswer(draft);
    if (first) return first;
    const refused = annotations.whyRefused(draft, about);
    if (refused) return { refused };
    if (!isText(about)) endOf(draft.room).nonTexts += 1;
    const answer = appendOne(draft);
    annotations.apply(draft, about, answer.seq);
    return answer;
  }

  function appendSeveral(drafts: readonly Draft[]): Appended[] {
    if (drafts.length < rowsAtOnce) return drafts.map(appendOne);
    const answers = insertNew(insertSeveral, drafts);
    if (answers) return answers;
    throw new RepeatError('a message was there already');
  }

  function appendAll(drafts: readonly Draft[], append: typeof appendSeveral): StoreAnswer[] {
    try {
      return inTransaction(database, () => {
        const answers: StoreAnswer[] = [];
        for (const stretch of stretchesOf(drafts)) {
          const [draft] = stretch;
          if (draft?.about) answers.push(appendAbout(draft, draft.about));
          else if (draft && isAlone(draft)) answers.push(appendOne(draft));
          else answers.push(...append(stretch));
        }
        return answers;
      });
    } catch (error) {
      ends.clear();
      throw error;
    }
  }

  function emptyWriteAhead(): boolean {
    const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
    const { busy } = v.parse(checkpointRow, checkpoint.get());
    return busy === 0;
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
    textsUpTo: (room, seq) => endUpTo(room, seq).texts,
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
    emptyWriteAhead(who) {
      if (who === 'waits') return emptyWriteAhead();
      const { timeout } = v.parse(busyTimeoutRow, database.prepare('PRAGMA busy_timeout').get());
      database.exec('PRAGMA busy_timeout = 0');
      try {
        return emptyWriteAhead();
      } finally {
        database.exec(`PRAGMA busy_timeout = ${timeout}`);
      }
    },
    close: () => closeWhole(database),
  };
}

/** It takes statements of its own: it is about another message, or has what few have. */
const isAlone = ({ about, file, cut }: Draft) => (about ?? file ?? cut) !== undefined;

/** Drafts that can go in by one statement, in order. */
function* stretchesOf(drafts: readonly Draft[]): Iterable<readonly Draft[]> {
  let start = 0;
  while (start < drafts.length) {
    let end = start;
    const most = Math.min(drafts.length, start + rowsAtOnce);
    for (let next = drafts[end]; end < most && next && !isAlone(next); next = drafts[end]) end += 1;
    if (end === start) end += 1;
    yield drafts.slice(start, end);
    start = end;
  }
}
