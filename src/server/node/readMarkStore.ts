/**
 * How far users have read rooms, in the SQLite file of what is known of people. Marks move with nearly
 * every message that is read, and a mark is not worth a write of its own: they are kept here for a second
 * and written together. A crash takes that second back, and its messages are unread once more.
 */
import * as v from 'valibot';
import type { Cancel, Time } from '../../connection/ports';
import type { User } from '../../protocol/user';
import type { ReadMarks } from '../chat/ports';
import { type Database, inTransaction } from '../log/database';

export interface ReadMarkStore extends ReadMarks {
  /** Writes what is not written yet, if the disk takes it, and leaves no timer. */
  close(): void;
}

export interface ReadMarkOptions {
  /** `now()` is ms since 1970. */
  time: Time;
  /** How many marks may be kept: what moved longest ago gives way. */
  maxMarks?: number;
}

export const readMarksSchema = `
  CREATE TABLE read_marks (
    user_id TEXT NOT NULL,
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    tag TEXT,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    PRIMARY KEY (user_id, room)
  ) WITHOUT ROWID;
  CREATE INDEX read_marks_by_room ON read_marks (room, moved);
  CREATE INDEX read_marks_by_move ON read_marks (moved);
`;

/** How long a mark may stay unwritten, in ms. */
const writeDelayMs = 1_000;

/** With so many unwritten ones nobody waits any longer. */
const maxUnwritten = 1_000;

/** So many unwritten ones are kept while the disk takes nothing; then the oldest of them are lost. */
const maxUnwritable = 10_000;

const countRow = v.object({ count: v.number() });
const markRow = v.object({ seq: v.number(), epoch: v.string() });
const readerRow = v.object({
  user_id: v.string(),
  name: v.string(),
  tag: v.nullable(v.string()),
  seq: v.number(),
});

interface Mark {
  readonly user: User;
  readonly room: string;
  readonly epoch: string;
  readonly seq: number;
  readonly movedAtMs: number;
}

/** Keeps marks in `database`, which has the tables of `readMarksSchema`. */
export function openReadMarks(database: Database, options: ReadMarkOptions): ReadMarkStore {
  const { time, maxMarks = 1_000_000 } = options;
  const selectMark = database.prepare(
    'SELECT seq, epoch FROM read_marks WHERE user_id = ? AND room = ?',
  );
  const putMark = database.prepare(
    `INSERT OR REPLACE INTO read_marks (user_id, room, name, tag, epoch, seq, moved)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectInRoom = database.prepare(
    `SELECT user_id, name, tag, seq FROM read_marks WHERE room = ? AND epoch = ?
     ORDER BY moved DESC LIMIT ?`,
  );
  const forget = database.prepare(
    `DELETE FROM read_marks WHERE (user_id, room) IN
     (SELECT user_id, room FROM read_marks ORDER BY moved LIMIT ?)`,
  );
  const count = database.prepare('SELECT count(*) AS count FROM read_marks');
  const countMarks = () => v.parse(countRow, count.get()).count;
  let marks = countMarks();
  /** Not written yet, by user and room, those that moved last at the end. */
  const unwritten = new Map<string, Mark>();
  let cancelWrite: Cancel | undefined;

  // Neither has a blank in it.
  const keyOf = (userId: string, room: string) => `${userId} ${room}`;

  function markOf(userId: string, room: string): { seq: number; epoch: string } | undefined {
    const row = () => v.parse(v.optional(markRow), selectMark.get(userId, room));
    return unwritten.get(keyOf(userId, room)) ?? row();
  }

  function seqOf(userId: string, room: string, epoch: string): number {
    const mark = markOf(userId, room);
    return mark?.epoch === epoch ? mark.seq : 0;
  }

  function write() {
    cancelWrite?.();
    cancelWrite = undefined;
    if (unwritten.size === 0) return;
    inTransaction(database, () => {
      for (const mark of unwritten.values()) writeOne(mark);
      if (marks > maxMarks) marks -= Number(forget.run(marks - maxMarks).changes);
    });
    unwritten.clear();
  }

  function writeOne({ user: { id, name, tag }, room, epoch, seq, movedAtMs }: Mark) {
    if (selectMark.get(id, room) === undefined) marks += 1;
    putMark.run(id, room, name, tag ?? null, epoch, seq, movedAtMs);
  }

  /** On a full disk, say, they are kept, and tried again in a while. */
  function writeOrKeep() {
    try {
      write();
    } catch {
      marks = countMarks();
      for (const oldest of unwritten.keys()) {
        if (unwritten.size <= maxUnwritable) break;
        unwritten.delete(oldest);
      }
      writeSoon();
    }
  }

  function writeSoon() {
    cancelWrite ??= time.after(writeDelayMs, writeOrKeep);
  }

  return {
    async move(user, room, epoch, seq) {
      if (seqOf(user.id, room, epoch) >= seq) return false;
      const key = keyOf(user.id, room);
      unwritten.delete(key);
      unwritten.set(key, { user, room, epoch, seq, movedAtMs: time.now() });
      if (unwritten.size === maxUnwritten) writeOrKeep();
      else writeSoon();
      return true;
    },
    seqOf: async (userId, room, epoch) => seqOf(userId, room, epoch),
    async inRoom(room, epoch, most) {
      writeOrKeep();
      const found = [...selectInRoom.iterate(room, epoch, most)];
      return found.map((row) => {
        const { user_id: id, name, tag, seq } = v.parse(readerRow, row);
        return { user: { id, name, ...(tag !== null && { tag }) }, seq };
      });
    },
    close() {
      // What cannot be written by now is lost, as in a crash.
      writeOrKeep();
      cancelWrite?.();
    },
  };
}
