/**
 * The search's index in SQLite, synchronous: a full-text table (FTS5, sqlite.org/fts5.html) of the terms of
 * each message, and how far in the log it has come. It is derived from the log and can be made again at
 * any time, so it waits for no disk. Of a deleted text nothing stays in it but, perhaps, the beginning of
 * one word, where it parts two pages of the table.
 */
import * as v from 'valibot';
import { phrasesOf, termsOf } from '../../protocol/searchTerms';
import { type Database, inTransaction } from './database';
import type { LogPosition, TextNow } from './searchFeed';
import type { Found } from './searchIndex';

export interface SearchStore {
  readonly epoch: string;
  /** How far in the log the index has come. */
  readonly position: LogPosition;
  /** Takes these texts, and that the index has come to `position`: all of it or, if it throws, nothing. */
  apply(texts: readonly TextNow[], position: LogPosition): void;
  search(room: string, text: string, before: number, limit: number): Found;
  /** Closes it, so that the next one can go on from here. */
  close(): void;
}

export interface SearchStoreOptions {
  /** What the terms depend on besides this code, as the version of Unicode: another makes a new index. */
  edition: string;
  /** When this machine was started, in ms since 1970: what was written before may not be on the disk. */
  bootedAtMs: number;
}

/** The index cannot be used, and has to be made anew. */
export class UnusableIndexError extends Error {
  override name = 'UnusableIndexError';
}

/** This SQLite has no full-text search. */
export class NoFullTextSearchError extends Error {
  override name = 'NoFullTextSearchError';
}

/** Any change to the tables, or to what terms a text has, is a new version. */
const version = 1;

/**
 * Terms are told apart by room, as in `7_hello`: a search costs what its own room holds, whatever is in
 * others. `texts` is what the terms came from: to take them out again they have to be known.
 */
const schema = `
  CREATE TABLE state (
    edition TEXT NOT NULL,
    epoch TEXT NOT NULL,
    log_row INTEGER NOT NULL,
    mid TEXT NOT NULL,
    booted_at INTEGER NOT NULL,
    is_closed INTEGER NOT NULL
  );
  CREATE TABLE rooms (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE texts (place INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE VIRTUAL TABLE terms USING fts5(
    body, content = '', columnsize = 0, tokenize = "ascii tokenchars '_+#'"
  );
  INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1);
`;

/**
 * A crash of the process is undone by the journal; after one of the machine the index is made anew.
 * What is deleted is written over.
 */
const settings = `
  PRAGMA journal_mode = TRUNCATE;
  PRAGMA synchronous = OFF;
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -16000;
`;

const checkRow = v.object({ quick_check: v.string() });
const countRow = v.object({ count: v.number() });
const stateRow = v.object({
  edition: v.string(),
  epoch: v.string(),
  log_row: v.number(),
  mid: v.string(),
  booted_at: v.number(),
  is_closed: v.number(),
});
const numberRow = v.object({ number: v.number() });
const bodyRow = v.object({ body: v.instance(Uint8Array) });
const placeRow = v.object({ place: v.number() });

/** A place is a room's number and a sequence number in one: in a room it ascends with the messages. */
const seqsPerRoom = 2 ** 32;
const placeOf = (roomNumber: number, seq: number) => roomNumber * seqsPerRoom + seq;

/** Rooms whose numbers are remembered. */
const maxRememberedRooms = 10_000;

/** Clocks are set now and then: so much later, in ms, is still the same start of the machine. */
const sameBootMs = 10_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Opens the index of log `epoch` in `database`, making it if the file is new. Throws an
 * `UnusableIndexError` if what is there cannot be gone on from.
 */
export function openSearchStore(
  database: Database,
  epoch: string,
  options: SearchStoreOptions,
): SearchStore {
  database.exec(settings);
  const edition = `${version} ${options.edition}`;
  if (isEmpty(database)) make(database, edition, epoch);
  let position = readPosition(database, edition, epoch, options.bootedAtMs);

  const insertRoom = database.prepare('INSERT INTO rooms (name) VALUES (?)');
  const selectRoom = database.prepare('SELECT number FROM rooms WHERE name = ?');
  const selectText = database.prepare('SELECT body FROM texts WHERE place = ?');
  const insertText = database.prepare('INSERT INTO texts (place, body) VALUES (?, ?)');
  const removeText = database.prepare('DELETE FROM texts WHERE place = ?');
  // A number beyond 32 bits comes in as a fraction, which a row of the table cannot have.
  const insertTerms = database.prepare(
    'INSERT INTO terms (rowid, body) VALUES (CAST(? AS INTEGER), ?)',
  );
  const removeTerms = database.prepare(
    "INSERT INTO terms (terms, rowid, body) VALUES ('delete', CAST(? AS INTEGER), ?)",
  );
  const selectPlaces = database.prepare(
    `SELECT rowid AS place FROM terms WHERE terms MATCH ? AND rowid < CAST(? AS INTEGER)
     ORDER BY rowid DESC LIMIT ?`,
  );
  const updatePosition = database.prepare('UPDATE state SET log_row = ?, mid = ?');
  const numbers = new Map<string, number>();

  function numberOf(room: string): number | undefined {
    const known = numbers.get(room);
    if (known !== undefined) return known;
    const number = v.parse(v.optional(numberRow), selectRoom.get(room))?.number;
    if (number === undefined) return undefined;
    if (numbers.size >= maxRememberedRooms) numbers.clear();
    numbers.set(room, number);
    return number;
  }

  function numberFor(room: string): number {
    const known = numberOf(room);
    if (known !== undefined) return known;
    insertRoom.run(room);
    return v.parse(v.number(), numberOf(room));
  }

  function put(place: number, body: string): void {
    const prefix = prefixOf(Math.floor(place / seqsPerRoom));
    const row = v.parse(v.optional(bodyRow), selectText.get(place));
    const before = row === undefined ? '' : decoder.decode(row.body);
    // As it comes back: what is no text of Unicode would never be equal.
    const now = body.toWellFormed();
    if (now === before) return;
    if (row !== undefined) {
      removeTerms.run(place, inRoom(prefix, termsOf(before)));
      removeText.run(place);
    }
    const terms = termsOf(now);
    if (terms.length === 0) return;
    insertTerms.run(place, inRoom(prefix, terms));
    insertText.run(place, encoder.encode(now));
  }

  return {
    epoch,
    get position() {
      return position;
    },
    apply(texts, newPosition) {
      try {
        inTransaction(database, () => {
          const latest = new Map<number, string>();
          for (const { room, seq, body } of texts) latest.set(placeOf(numberFor(room), seq), body);
          // Ascending: each step back would begin a new part of the table.
          const places = [...latest].sort(([a], [b]) => a - b);
          for (const [place, body] of places) put(place, body);
          updatePosition.run(newPosition.row, newPosition.mid);
        });
        position = newPosition;
      } catch (error) {
        numbers.clear();
        throw error;
      }
    },
    search(room, text, before, limit) {
      const number = numberOf(room);
      const query = number === undefined ? '' : queryOf(prefixOf(number), text);
      if (number === undefined || query === '') return { seqs: [], more: false };
      const beforePlace = placeOf(number, Math.min(before, seqsPerRoom - 1));
      const rows = [...selectPlaces.iterate(query, beforePlace, limit + 1)];
      const seqs = rows.map((row) => v.parse(placeRow, row).place % seqsPerRoom);
      return { seqs: seqs.slice(0, limit), more: seqs.length > limit };
    },
    close() {
      try {
        syncedly(database, () => database.exec('UPDATE state SET is_closed = 1'));
      } finally {
        database.close();
      }
    },
  };
}

const prefixOf = (roomNumber: number) => `${roomNumber.toString(36)}_`;

const inRoom = (prefix: string, terms: readonly string[]) =>
  terms.map((term) => prefix + term).join(' ');

/** Terms have no quotes: see `searchTerms.test.ts`. */
function queryOf(prefix: string, text: string): string {
  return phrasesOf(text)
    .map(({ terms, isOpen }) => `"${inRoom(prefix, terms)}"${isOpen ? ' *' : ''}`)
    .join(' AND ');
}

function isEmpty(database: Database): boolean {
  const row = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get();
  return v.parse(countRow, row).count === 0;
}

function make(database: Database, edition: string, epoch: string): void {
  try {
    inTransaction(database, () => {
      database.exec(schema);
      // As if it had been closed: there is nothing in it that could be lost.
      database.prepare("INSERT INTO state VALUES (?, ?, 0, '', 0, 1)").run(edition, epoch);
    });
  } catch (error) {
    if (!/no such module/i.test(String(error))) throw error;
    throw new NoFullTextSearchError('the SQLite of this Node has no full-text search (FTS5)');
  }
}

/** Where the index can go on from; notes that it is in use. */
function readPosition(
  database: Database,
  edition: string,
  epoch: string,
  bootedAtMs: number,
): LogPosition {
  const found = v.safeParse(stateRow, tryGet(database, 'SELECT * FROM state'));
  if (!found.success) throw new UnusableIndexError('the file holds no index');
  const state = found.output;
  if (state.edition !== edition) throw new UnusableIndexError('the index is of another edition');
  if (state.epoch !== epoch) throw new UnusableIndexError('the index is of another log');
  const isWhole = state.is_closed === 1 || Math.abs(state.booted_at - bootedAtMs) < sameBootMs;
  if (!isWhole) throw new UnusableIndexError('the machine went down while the index was in use');
  const { quick_check: verdict } = v.parse(checkRow, tryGet(database, 'PRAGMA quick_check(1)'));
  if (verdict !== 'ok') throw new UnusableIndexError(`the index is damaged: ${verdict}`);
  syncedly(database, () =>
    database.prepare('UPDATE state SET is_closed = 0, booted_at = ?').run(bootedAtMs),
  );
  return { row: state.log_row, mid: state.mid };
}

function tryGet(database: Database, sql: string): unknown {
  try {
    return database.prepare(sql).get();
  } catch (error) {
    throw new UnusableIndexError(String(error));
  }
}

/** What is written lies on the disk when this returns, and so does all that was written before. */
function syncedly(database: Database, work: () => void): void {
  database.exec('PRAGMA synchronous = FULL');
  try {
    work();
  } finally {
    database.exec('PRAGMA synchronous = OFF');
  }
}
