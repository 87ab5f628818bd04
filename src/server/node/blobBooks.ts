/**
 * The books of the files in a folder, in a small SQLite file beside them: uploads, which bytes are there, and
 * which messages hold them. Written a few times for each file. What is done to the folder with an entry is done
 * within its transaction, so that several servers can share both.
 */
import * as v from 'valibot';
import { fileSchema } from '../../protocol/file';
import type { EngineUsage, Unfinished, UploadRecord } from '../blobs/blobEngine';
import type { DoubtedHolder, FileFacts, Holder, UploadKey } from '../blobs/blobs';
import { closeWhole, type Database, inTransaction, type SqlValue } from '../log/database';

/** Step n makes version n + 1 (`user_version`) of the one before. A step that was released never changes. */
const steps: readonly string[] = [
  `
  CREATE TABLE uploads (
    user TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    facts TEXT NOT NULL, is_whole INTEGER NOT NULL, is_spent INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (user, id)
  ) WITHOUT ROWID;
  CREATE INDEX uploads_by_content ON uploads (sha256);
  CREATE INDEX uploads_by_touch ON uploads (touched_at);
  CREATE TABLE contents (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE kept (bytes INTEGER NOT NULL);
  INSERT INTO kept VALUES (0);
  CREATE TRIGGER content_comes AFTER INSERT ON contents
    BEGIN UPDATE kept SET bytes = bytes + new.size; END;
  CREATE TRIGGER content_goes AFTER DELETE ON contents
    BEGIN UPDATE kept SET bytes = bytes - old.size; END;
  CREATE TABLE holds (
    mid TEXT NOT NULL, sha256 TEXT NOT NULL, room TEXT NOT NULL, user TEXT NOT NULL,
    at INTEGER NOT NULL, seq INTEGER, doubted_at INTEGER,
    PRIMARY KEY (mid, sha256)
  ) WITHOUT ROWID;
  CREATE INDEX holds_by_content ON holds (sha256);
  CREATE INDEX holds_by_user ON holds (user, sha256);
  CREATE INDEX holds_in_doubt ON holds (doubted_at) WHERE doubted_at IS NOT NULL;
  `,
  'CREATE INDEX uploads_on_their_way ON uploads (is_whole) WHERE is_whole = 0;',
];

const versionRow = v.object({ user_version: v.number() });
const uploadRow = v.object({
  user: v.string(),
  id: v.string(),
  facts: v.pipe(v.string(), v.parseJson(), v.omit(fileSchema, ['preview'])),
  is_whole: v.number(),
  touched_at: v.number(),
});
const keyRow = v.object({ user: v.string(), id: v.string() });
const touchedRow = v.object({ ...keyRow.entries, touched_at: v.number() });
const holdRow = v.object({
  mid: v.string(),
  room: v.string(),
  user: v.string(),
  at: v.number(),
  seq: v.nullable(v.number()),
});
const contentRow = v.object({ sha256: v.string() });
const countRow = v.object({ uploads: v.number() });
const bytesRow = v.object({ bytes: v.number() });
const countedRow = v.object({ bytes: v.number(), uploads: v.number() });

export interface BlobBooks {
  find(key: UploadKey): UploadRecord | undefined;
  begin(record: UploadRecord): void;
  touch(key: UploadKey, at: number): void;
  /** `put` puts the bytes in their place if `isThere` is false; nothing is written if it throws. */
  settle(key: UploadKey, facts: FileFacts, put: (isThere: boolean) => void): void;
  /** `remove` is called with what nothing needs any more. */
  drop(key: UploadKey, remove: (sha256: string) => void): void;
  hold(sha256s: readonly string[], holder: Holder, doubtedAt: number): boolean;
  keep(mid: string, seq: number): void;
  doubt(mid: string, doubtedAt: number): void;
  release(mid: string, remove: (sha256: string) => void): void;
  doubted(beforeMs: number): DoubtedHolder[];
  usage(userId?: string): EngineUsage;
  countUnfinished(): number;
  unfinished(): Omit<Unfinished, 'have'>[];
  untouchedSince(beforeMs: number): UploadKey[];
  /** Calls `work` if the upload is on its way; false if it is not. */
  ifUnfinished(key: UploadKey, work: () => void): boolean;
  /** Calls `remove` if the books know nothing of these bytes. */
  removeUnknown(sha256: string, remove: () => void): void;
  close(): void;
}

/** Throws if a later version wrote it. `isShared`: other servers use it, perhaps over a network. */
export function openBlobBooks(database: Database, isShared: boolean): BlobBooks {
  // A write-ahead log needs memory that all who use it share. What a power cut takes back were bytes that a
  // message holds: so each entry is on the disk.
  const journal = isShared ? 'DELETE' : 'WAL';
  database.exec(`PRAGMA busy_timeout = 5000; PRAGMA journal_mode = ${journal}`);
  database.exec('PRAGMA synchronous = FULL');
  inTransaction(database, () => prepareTables(database));

  const one = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: SqlValue[]): unknown => statement.get(...values);
  };
  const all = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: SqlValue[]): unknown[] => [...statement.iterate(...values)];
  };
  const run = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: SqlValue[]) => void statement.run(...values);
  };

  const selectUpload = one(
    'SELECT user, id, facts, is_whole, touched_at FROM uploads WHERE user = ? AND id = ?',
  );
  const putUpload = run(
    `INSERT INTO uploads (user, id, sha256, size, facts, is_whole, is_spent, touched_at)
     VALUES (?, ?, ?, ?, ?, 0, 0, ?)`,
  );
  const touchUpload = run('UPDATE uploads SET touched_at = ? WHERE user = ? AND id = ?');
  const settleUpload = run('UPDATE uploads SET facts = ?, is_whole = 1 WHERE user = ? AND id = ?');
  const deleteUpload = run('DELETE FROM uploads WHERE user = ? AND id = ?');
  const spendUploads = run(
    `UPDATE uploads SET is_spent = 1 WHERE is_whole = 1
     AND user = (SELECT user FROM holds WHERE mid = ?1 LIMIT 1)
     AND sha256 IN (SELECT sha256 FROM holds WHERE mid = ?1)`,
  );
  const forgetSpent = run('DELETE FROM uploads WHERE sha256 = ? AND is_whole = 1');
  const countUnfinished = one('SELECT count(*) AS uploads FROM uploads WHERE is_whole = 0');
  const selectUnfinished = all('SELECT user, id, touched_at FROM uploads WHERE is_whole = 0');
  const selectUntouched = all('SELECT user, id FROM uploads WHERE touched_at < ?');
  const selectContent = one('SELECT sha256 FROM contents WHERE sha256 = ?');
  const putContent = run('INSERT OR IGNORE INTO contents (sha256, size) VALUES (?, ?)');
  const deleteContent = run('DELETE FROM contents WHERE sha256 = ?');
  const selectNeed = one(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM holds WHERE sha256 = ?1) OR EXISTS
     (SELECT 1 FROM uploads WHERE sha256 = ?1 AND is_whole = 1 AND is_spent = 0)`,
  );
  const putHold = run(
    `INSERT INTO holds (mid, sha256, room, user, at, doubted_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (mid, sha256) DO UPDATE SET doubted_at = excluded.doubted_at`,
  );
  const keepHold = run('UPDATE holds SET seq = ?, doubted_at = NULL WHERE mid = ?');
  const doubtHold = run('UPDATE holds SET doubted_at = ? WHERE mid = ?');
  const selectHeld = all('SELECT sha256 FROM holds WHERE mid = ?');
  const deleteHold = run('DELETE FROM holds WHERE mid = ?');
  const selectDoubted = all(
    'SELECT DISTINCT mid, room, user, at, seq FROM holds WHERE doubted_at < ?',
  );
  const selectKept = one('SELECT bytes FROM kept');
  const selectKeptByUser = one(
    `SELECT coalesce(sum(size), 0) AS bytes FROM contents WHERE sha256 IN (
       SELECT sha256 FROM holds WHERE user = ?1 UNION
       SELECT sha256 FROM uploads WHERE user = ?1 AND is_whole = 1 AND is_spent = 0)`,
  );
  const counted = (where: string) =>
    one(`SELECT coalesce(sum(size), 0) AS bytes, count(*) AS uploads FROM uploads WHERE ${where}`);
  const countOnTheirWay = counted('is_whole = 0');
  const countOnTheirWayOfUser = counted('user = ? AND is_whole = 0');
  const countUnsent = counted('is_whole = 1 AND is_spent = 0');
  const countUnsentOfUser = counted('user = ? AND is_whole = 1 AND is_spent = 0');

  const isThere = (sha256: string) => selectContent(sha256) !== undefined;

  function giveBack(sha256: string, remove: (sha256: string) => void) {
    if (selectNeed(sha256) !== undefined || !isThere(sha256)) return;
    deleteContent(sha256);
    forgetSpent(sha256);
    remove(sha256);
  }

  function find({ userId, id }: UploadKey): UploadRecord | undefined {
    const row = selectUpload(userId, id);
    if (row === undefined) return undefined;
    const { facts, is_whole, touched_at } = v.parse(uploadRow, row);
    return { userId, id, facts, isWhole: is_whole === 1, touchedAt: touched_at };
  }

  return {
    find,
    begin({ userId, id, facts, touchedAt }) {
      putUpload(userId, id, facts.sha256, facts.size, JSON.stringify(facts), touchedAt);
    },
    touch: ({ userId, id }, at) => touchUpload(at, userId, id),
    settle: ({ userId, id }, facts, put) =>
      inTransaction(database, () => {
        put(isThere(facts.sha256));
        putContent(facts.sha256, facts.size);
        settleUpload(JSON.stringify(facts), userId, id);
      }),
    drop: (key, remove) =>
      inTransaction(database, () => {
        const upload = find(key);
        deleteUpload(key.userId, key.id);
        if (upload?.isWhole) giveBack(upload.facts.sha256, remove);
      }),
    hold: (sha256s, { mid, room, userId, at }, doubtedAt) =>
      inTransaction(database, () => {
        if (!sha256s.every(isThere)) return false;
        for (const sha256 of sha256s) putHold(mid, sha256, room, userId, at, doubtedAt);
        return true;
      }),
    keep: (mid, seq) =>
      inTransaction(database, () => {
        keepHold(seq, mid);
        spendUploads(mid);
      }),
    // Most messages that are deleted hold nothing: that is read, and nothing written.
    doubt(mid, doubtedAt) {
      if (selectHeld(mid).length > 0) doubtHold(doubtedAt, mid);
    },
    release(mid, remove) {
      if (selectHeld(mid).length === 0) return;
      inTransaction(database, () => {
        const held = selectHeld(mid).map((row) => v.parse(contentRow, row).sha256);
        deleteHold(mid);
        for (const sha256 of held) giveBack(sha256, remove);
      });
    },
    doubted: (beforeMs) =>
      selectDoubted(beforeMs).map((row) => {
        const { mid, room, user, at, seq } = v.parse(holdRow, row);
        return { mid, room, userId: user, at, seq: seq ?? undefined };
      }),
    usage(userId) {
      const isOfAll = userId === undefined;
      const kept = isOfAll ? selectKept() : selectKeptByUser(userId);
      const onTheirWay = isOfAll ? countOnTheirWay() : countOnTheirWayOfUser(userId);
      const unsent = isOfAll ? countUnsent() : countUnsentOfUser(userId);
      const announced = v.parse(countedRow, onTheirWay);
      return {
        kept: v.parse(bytesRow, kept).bytes,
        announced: announced.bytes,
        onTheirWay: announced.uploads,
        unsent: v.parse(countedRow, unsent).uploads,
      };
    },
    countUnfinished: () => v.parse(countRow, countUnfinished()).uploads,
    unfinished: () =>
      selectUnfinished().map((row) => {
        const { user, id, touched_at: touchedAt } = v.parse(touchedRow, row);
        return { userId: user, id, touchedAt };
      }),
    untouchedSince: (beforeMs) =>
      selectUntouched(beforeMs).map((row) => {
        const { user, id } = v.parse(keyRow, row);
        return { userId: user, id };
      }),
    ifUnfinished: (key, work) =>
      inTransaction(database, () => {
        if (find(key)?.isWhole !== false) return false;
        work();
        return true;
      }),
    removeUnknown(sha256, remove) {
      // Mostly it is known, which is cheap to see.
      if (isThere(sha256)) return;
      inTransaction(database, () => {
        if (!isThere(sha256)) remove();
      });
    },
    close: () => closeWhole(database),
  };
}

function prepareTables(database: Database): void {
  const row = database.prepare('PRAGMA user_version').get();
  const { user_version: version } = v.parse(versionRow, row);
  if (version > steps.length) {
    throw new Error(`the books of the files have version ${version}, of a later Heartline`);
  }
  for (const step of steps.slice(version)) database.exec(step);
  if (version < steps.length) database.exec(`PRAGMA user_version = ${steps.length}`);
}
